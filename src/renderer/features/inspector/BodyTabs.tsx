import { type JSX, type ReactNode, type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { decodeVisibly } from '../../../shared/bytes'
import type { MessageDetail } from '../../../shared/model/views'
import { hexColumnWidth, hexLine, offsetDigits } from '../../ui/hex-lines'
import type { JsonLine } from '../../ui/json-source'
import { texts } from '../../ui/texts'
import { VirtualLines } from '../../ui/VirtualLines'
import { revealControls, wrapRows } from '../../ui/visible-text'
import { MAX_LAID_OUT_BYTES, readBodyJson } from './body-look'
import { useBodySource, useWholeBody, type WholeBody } from './use-body'

const LINE_PX = 18
/** Width of one character of the monospaced face at 12 px; measured faces lie between 7.0 and 7.3. */
const CHAR_PX = 7.25
const WIDE_HEX_PX = 540

/** Why there is nothing to show, or undefined when there is something. */
export function bodyAbsence(detail: MessageDetail): string | undefined {
  if (detail.doneBytes === 0) {
    return detail.bodyBytes === 0 ? texts.inspector.noBody : texts.inspector.bodyComing
  }
  if (detail.hasBody) return undefined
  return detail.timing.closedMs === null ? texts.inspector.bodyOnItsWay : texts.inspector.bodyGone
}

/** That most of a body is not here, or undefined when all of it is. */
const partNote = ({ keptBytes, doneBytes }: MessageDetail): string | undefined =>
  keptBytes < doneBytes ? texts.inspector.partKept(keptBytes, doneBytes) : undefined

const Note = ({ children }: { readonly children: ReactNode }): JSX.Element => (
  <p className="body-note">{children}</p>
)

export function JsonTab({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  return <LaidOut detail={detail}>{(bytes) => <JsonView bytes={bytes} />}</LaidOut>
}

export function TextTab({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  return <LaidOut detail={detail}>{(bytes) => <TextView bytes={bytes} />}</LaidOut>
}

interface LaidOutProps {
  readonly detail: MessageDetail
  readonly children: (bytes: Uint8Array) => JSX.Element
}

function LaidOut({ detail, children }: LaidOutProps): JSX.Element {
  const absence = bodyAbsence(detail)
  if (absence !== undefined) return <Note>{absence}</Note>
  const part = partNote(detail)
  if (part !== undefined) return <Note>{`${part} ${texts.inspector.seeHex}`}</Note>
  if (detail.doneBytes > MAX_LAID_OUT_BYTES) {
    return <Note>{texts.inspector.tooLarge(detail.doneBytes, MAX_LAID_OUT_BYTES)}</Note>
  }
  return <LoadedBody detail={detail}>{children}</LoadedBody>
}

function LoadedBody({ detail, children }: LaidOutProps): JSX.Element {
  const body: WholeBody = useWholeBody(detail)
  if (body.kind === 'loading') return <Note>{texts.inspector.loading}</Note>
  if (body.kind === 'failed') return <Note>{body.problem.message}</Note>
  return children(body.bytes)
}

function JsonView({ bytes }: { readonly bytes: Uint8Array }): JSX.Element {
  const reading = useMemo(() => readBodyJson(bytes), [bytes])
  if (!reading.ok) {
    const { line, column, message } = reading.problem
    return (
      <>
        <p className="body-note line" role="status">
          <b className="b t2">{texts.inspector.notJson}.</b>{' '}
          {texts.inspector.notJsonAt(line, column, message)}
        </p>
        <TextView bytes={bytes} />
      </>
    )
  }
  return (
    <VirtualLines
      count={reading.lines.length}
      rowPx={LINE_PX}
      label={texts.inspector.tabs.json}
      className="code-lines"
      line={(index) => <JsonLineView line={reading.lines[index]!} />}
    />
  )
}

export function JsonLineView({ line }: { readonly line: JsonLine }): JSX.Element {
  return (
    <>
      {'  '.repeat(line.depth)}
      {line.tokens.map((token, index) => (
        <span key={index} className={`j-${token.kind}`}>
          {token.kind === 'string' || token.kind === 'key' ? revealControls(token.text) : token.text}
        </span>
      ))}
    </>
  )
}

function TextView({ bytes }: { readonly bytes: Uint8Array }): JSX.Element {
  const [columns, measure] = useColumns()
  const { text, invalidBytes } = useMemo(() => decodeVisibly(bytes), [bytes])
  const rows = useMemo(() => wrapRows(revealControls(text), columns), [text, columns])
  return (
    <>
      {invalidBytes > 0 && <p className="body-note line">{texts.inspector.notUtf8(invalidBytes)}</p>}
      <div ref={measure} className="insp-panel">
        <VirtualLines
          count={rows.length}
          rowPx={LINE_PX}
          label={texts.inspector.tabs.text}
          className="code-lines"
          line={(index) => rows[index]}
        />
      </div>
    </>
  )
}

export function HexTab({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  const absence = bodyAbsence(detail)
  return absence === undefined ? <HexView detail={detail} /> : <Note>{absence}</Note>
}

function HexView({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  const source = useBodySource(detail)
  const [columns, measure] = useColumns()
  const perRow = columns * CHAR_PX < WIDE_HEX_PX - 24 ? 8 : 16
  const digits = offsetDigits(source.totalBytes)
  const part = partNote(detail)
  const row = (index: number): ReactNode => {
    const bytes = source.read(index * perRow, perRow)
    return bytes === undefined ? (
      <span className="o">{(index * perRow).toString(16).padStart(digits, '0')}</span>
    ) : (
      <HexRow bytes={bytes} offset={index * perRow} digits={digits} perRow={perRow} />
    )
  }
  return (
    <>
      {part !== undefined && <p className="body-note line">{part}</p>}
      <div ref={measure} className="insp-panel hex">
        <VirtualLines
          count={Math.ceil(source.totalBytes / perRow)}
          rowPx={LINE_PX}
          label={texts.inspector.tabs.hex}
          className="code-lines"
          line={row}
        />
      </div>
    </>
  )
}

interface HexRowProps {
  readonly bytes: Uint8Array
  readonly offset: number
  readonly digits: number
  readonly perRow: number
}

export function HexRow({ bytes, offset, digits, perRow }: HexRowProps): JSX.Element {
  const line = hexLine(bytes, offset, digits)
  return (
    <>
      <span className="o">{line.offset}</span>
      {`  ${line.hex.padEnd(hexColumnWidth(perRow))}  `}
      <span className="a">{line.ascii}</span>
    </>
  )
}

/** How many monospaced characters fit beside the paddings and the scrollbar. */
function useColumns(): readonly [columns: number, element: RefObject<HTMLDivElement | null>] {
  const [columns, setColumns] = useState(44)
  const element = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const target = element.current
    if (target === null) return
    const measure = (): void => setColumns(Math.max(8, Math.floor((target.clientWidth - 34) / CHAR_PX)))
    measure()
    const sizes = new ResizeObserver(measure)
    sizes.observe(target)
    return () => sizes.disconnect()
  }, [])
  return [columns, element]
}
