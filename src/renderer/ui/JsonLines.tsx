import { type JSX, useMemo, useState } from 'react'
import type { BodyFormat, BodyNode } from '../../shared/body/body-types'
import { keyText, shortText } from '../../shared/body/short-text'
import { valueText } from '../../shared/body/value-text'
import { decodeVisibly } from '../../shared/bytes'
import { Icon } from './icons'
import { isContainer, type JsonRow, jsonRows } from './json-rows'
import { texts } from './texts'
import { VirtualLines } from './VirtualLines'
import { revealLine } from './visible-text'

const t = texts.jsonLines
const LINE_PX = 18
/** Nobody reads more of one string on a line; the tree and hex have the rest. */
const MAX_LINE_CHARACTERS = 20_000
const FOLDED_CHARACTERS = 80

interface JsonLinesProps {
  readonly root: BodyNode
  readonly format: BodyFormat
  readonly body: Uint8Array
  readonly problem: string | null
  readonly label: string
}

/** A decoded value in the notation of JSON, foldable: JSON as it stands, MessagePack with bytes as `h'…'`. */
export function JsonLines({ root, format, body, problem, label }: JsonLinesProps): JSX.Element {
  const [folded, setFolded] = useState<ReadonlySet<BodyNode>>(new Set())
  const rows = useMemo(() => jsonRows(root, (node) => folded.has(node)), [root, folded])
  const toggle = (node: BodyNode): void => {
    const next = new Set(folded)
    if (!next.delete(node)) next.add(node)
    setFolded(next)
  }
  const foldAll = (): void => setFolded(new Set((root.children ?? []).filter(isContainer)))
  const canFold = (root.children ?? []).some(isContainer)
  return (
    <>
      {problem !== null && (
        <p className="body-note line" role="status">
          {problem}
        </p>
      )}
      {(canFold || format === 'msgpack') && (
        <div className="body-bar">
          <span className="t3 ell grow">{format === 'msgpack' ? t.asJson : ''}</span>
          {canFold && (
            <>
              <button type="button" className="btn ghost sm" onClick={foldAll}>
                {t.foldAll}
              </button>
              <button type="button" className="btn ghost sm" onClick={() => setFolded(new Set())}>
                {t.unfoldAll}
              </button>
            </>
          )}
        </div>
      )}
      <VirtualLines
        count={rows.length}
        rowPx={LINE_PX}
        label={label}
        className="code-lines json-lines"
        line={(index) => <Row row={rows[index]!} format={format} body={body} onToggle={toggle} />}
      />
    </>
  )
}

interface RowProps {
  readonly row: JsonRow
  readonly format: BodyFormat
  readonly body: Uint8Array
  readonly onToggle: (node: BodyNode) => void
}

function Row({ row, format, body, onToggle }: RowProps): JSX.Element {
  const { node, part, depth, hasComma } = row
  const isObject = node.kind === 'object'
  const canFold = (part === 'open' && depth > 0) || part === 'folded'
  return (
    <>
      {canFold && (
        <button
          type="button"
          className={part === 'folded' ? 'fold is-closed' : 'fold'}
          aria-label={part === 'folded' ? t.unfold : t.fold}
          aria-expanded={part !== 'folded'}
          onClick={() => onToggle(node)}
        >
          <Icon name="down" small />
        </button>
      )}
      {'  '.repeat(depth)}
      {part !== 'close' && part !== 'more' && hasName(node) && (
        <>
          <span className="j-key">{revealLine(keyAsWritten(node, format, body))}</span>
          <span className="j-punctuation">: </span>
        </>
      )}
      {part === 'leaf' && (
        <span className={`j-${node.kind}`}>
          {node.children !== undefined
            ? isObject
              ? '{}'
              : '[]'
            : revealLine(valueText(node, format, body, MAX_LINE_CHARACTERS))}
        </span>
      )}
      {part === 'open' && <span className="j-punctuation">{isObject ? '{' : '['}</span>}
      {part === 'close' && <span className="j-punctuation">{isObject ? '}' : ']'}</span>}
      {part === 'folded' && <span className="t3">{revealLine(shortText(node, FOLDED_CHARACTERS))}</span>}
      {part === 'more' && <span className="t3">{t.more(node.more ?? 0)}</span>}
      {hasComma && <span className="j-punctuation">,</span>}
    </>
  )
}

/** Items of arrays have no name of their own; keys of maps may be numbers. */
const hasName = (node: BodyNode): boolean => node.key !== null && node.valueFrom > node.from

/** A name of JSON with the escapes it was written with. */
function keyAsWritten(node: BodyNode, format: BodyFormat, body: Uint8Array): string {
  if (format !== 'json') return keyText(node.key)
  let to = node.from + 1
  while (to < node.valueFrom && body[to] !== 0x22) to += body[to] === 0x5c ? 2 : 1
  return decodeVisibly(body.subarray(node.from, to + 1)).text
}
