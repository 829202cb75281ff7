import type { JSX } from 'react'
import type { CompareHistogram } from '../../../shared/model/compare'
import { markLabels } from './mark-labels'
import { compareTexts as t } from './texts'

const WIDTH = 336
const HEIGHT = 112
const TOP = 18
const BASE = HEIGHT - 18

interface RoundTripPictureProps {
  readonly histogram: CompareHistogram
  /** p95 of both. */
  readonly a: number | null
  readonly b: number | null
}

/** How long answers took: A as bars, B as a line over them, and where 95 % of each are through. */
export function RoundTripPicture({ histogram, a, b }: RoundTripPictureProps): JSX.Element {
  const { toMs } = histogram
  const bins = histogram.a.length
  const most = Math.max(1, ...histogram.a, ...histogram.b)
  const x = (ms: number): number => Math.min(WIDTH, (ms / toMs) * WIDTH)
  const y = (count: number): number => BASE - Math.sqrt(count / most) * (BASE - TOP - 2)
  const step = WIDTH / bins
  const line = histogram.b
    .map((count, bin) => `${bin === 0 ? 'M' : 'L'}${((bin + 0.5) * step).toFixed(1)} ${y(count).toFixed(1)}`)
    .join('')
  const isALeft = (a ?? 0) <= (b ?? 0)
  const [leftMs, rightMs] = isALeft ? [a, b] : [b, a]
  const { leftEnd, rightStart } = markLabels(x(leftMs ?? 0), x(rightMs ?? 0), WIDTH)
  const place = (isLeft: boolean): LabelPlace =>
    isLeft ? { at: leftEnd, anchor: 'end' } : { at: rightStart, anchor: 'start' }
  return (
    <svg
      className="compare-hist"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t.histogram(word(a), word(b))}
    >
      {histogram.a.map((count, bin) =>
        count === 0 ? null : (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
            key={bin}
            className="is-a"
            x={bin * step}
            y={y(count)}
            width={Math.max(1, step - 1)}
            height={BASE - y(count)}
          />
        ),
      )}
      <path className="is-b" d={line} />
      <rect className="is-base" x={0} y={BASE} width={WIDTH} height={1} />
      {a === null ? null : (
        <Mark x={x(a)} label={`A ${t.p95} ${a.toFixed(1)}`} place={place(isALeft)} name="a" />
      )}
      {b === null ? null : (
        <Mark x={x(b)} label={`B ${t.p95} ${b.toFixed(1)}`} place={place(!isALeft)} name="b" />
      )}
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <text
          key={share}
          className="is-tick"
          x={share * WIDTH}
          y={HEIGHT - 4}
          textAnchor={share === 0 ? 'start' : share === 1 ? 'end' : 'middle'}
        >
          {`${round(share * toMs)}${share === 1 ? ' ms' : ''}`}
        </text>
      ))}
    </svg>
  )
}

interface LabelPlace {
  readonly at: number
  readonly anchor: 'start' | 'end'
}

interface MarkProps {
  readonly x: number
  readonly label: string
  readonly place: LabelPlace
  readonly name: 'a' | 'b'
}

function Mark({ x, label, place, name }: MarkProps): JSX.Element {
  return (
    <>
      <line className={`is-mark is-mark-${name}`} x1={x} x2={x} y1={TOP - 2} y2={BASE} />
      <text className={`is-label is-label-${name}`} x={place.at} y={10} textAnchor={place.anchor}>
        {label}
      </text>
    </>
  )
}

const word = (ms: number | null): string => (ms === null ? '–' : `${ms.toFixed(1)} ms`)
const round = (ms: number): string => (ms >= 10 || ms === 0 ? String(Math.round(ms)) : ms.toFixed(1))
