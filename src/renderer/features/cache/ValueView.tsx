import { type JSX, useMemo, useState } from 'react'
import { bodyTree } from '../../../shared/body/body-tree'
import { decodeVisibly } from '../../../shared/bytes'
import type { CacheFormat } from '../../../shared/model/cache'
import { hexLine, offsetDigits } from '../../ui/hex-lines'
import { JsonLines } from '../../ui/JsonLines'
import { Segmented } from '../../ui/Segmented'
import { VirtualLines } from '../../ui/VirtualLines'
import { revealControls, wrapRows } from '../../ui/visible-text'
import { cacheTexts as t } from './texts'

const LINE_PX = 18
const TEXT_COLUMNS = 64
const BYTES_PER_ROW = 8

type View = 'value' | 'text' | 'hex'

interface ValueViewProps {
  readonly bytes: Uint8Array
  readonly format: CacheFormat
  /** Of the whole value. */
  readonly valueBytes: number
}

/** A value as the inspector shows bodies: decoded, as text, or byte by byte. */
export function ValueView({ bytes, format, valueBytes }: ValueViewProps): JSX.Element {
  const isDecoded = format === 'json' || format === 'msgpack'
  const [chosen, setChosen] = useState<View | null>(null)
  const first: View = isDecoded ? 'value' : format === 'text' ? 'text' : 'hex'
  const view = chosen === null || (chosen === 'value' && !isDecoded) ? first : chosen
  const options = (isDecoded ? (['value', 'text', 'hex'] as const) : (['text', 'hex'] as const)).map(
    (value) => ({
      value,
      label: t.views[value],
    }),
  )
  const isPart = bytes.length < valueBytes
  return (
    <section className="cache-value" aria-label={t.value}>
      <h3>
        <Segmented label={t.viewLabel} value={view} options={options} onChange={setChosen} />
        <span className="r">{isPart && t.cut(bytes.length, valueBytes)}</span>
      </h3>
      {bytes.length === 0 ? (
        <p className="t3 line">{t.emptyValue}</p>
      ) : view === 'hex' ? (
        <Hex bytes={bytes} />
      ) : view === 'value' && isDecoded ? (
        <Decoded bytes={bytes} format={format} isPart={isPart} />
      ) : (
        <Text bytes={bytes} />
      )}
    </section>
  )
}

interface DecodedProps {
  readonly bytes: Uint8Array
  readonly format: 'json' | 'msgpack'
  readonly isPart: boolean
}

function Decoded({ bytes, format, isPart }: DecodedProps): JSX.Element {
  const tree = useMemo(() => bodyTree(bytes, { expects: format, isPart }), [bytes, format, isPart])
  if (tree.root === null || (tree.format !== 'json' && tree.format !== 'msgpack'))
    return <Text bytes={bytes} />
  return (
    <JsonLines
      root={tree.root}
      format={tree.format}
      body={bytes}
      problem={tree.problem}
      label={t.views.value}
    />
  )
}

function Text({ bytes }: { readonly bytes: Uint8Array }): JSX.Element {
  const rows = useMemo(() => wrapRows(revealControls(decodeVisibly(bytes).text), TEXT_COLUMNS), [bytes])
  return (
    <VirtualLines
      count={rows.length}
      rowPx={LINE_PX}
      label={t.views.text}
      className="code-lines"
      line={(index) => rows[index]}
    />
  )
}

function Hex({ bytes }: { readonly bytes: Uint8Array }): JSX.Element {
  const digits = offsetDigits(bytes.length)
  return (
    <VirtualLines
      count={Math.ceil(bytes.length / BYTES_PER_ROW)}
      rowPx={LINE_PX}
      label={t.views.hex}
      className="code-lines hex"
      line={(index) => {
        const from = index * BYTES_PER_ROW
        const { offset, hex, ascii } = hexLine(bytes.subarray(from, from + BYTES_PER_ROW), from, digits)
        return (
          <>
            <span className="o">{offset}</span>
            {`  ${hex.padEnd(BYTES_PER_ROW * 3 + 1)}`}
            <span className="a">{ascii}</span>
          </>
        )
      }}
    />
  )
}
