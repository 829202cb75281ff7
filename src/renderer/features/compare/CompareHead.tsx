import { type JSX, type KeyboardEvent, useRef, useState } from 'react'
import type { CompareSummary } from '../../../shared/model/compare'
import { useApp } from '../../store/app-store'
import type { ComparedPair } from '../../store/compare-slice'
import { useSession } from '../../store/session-context'
import { groupDigits } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { roving } from '../../ui/roving'
import { type Segment, useCompare } from './compare-store'
import { isMuchSlower, percentWord } from './compare-words'
import { compareTexts as t } from './texts'

interface CompareHeadProps {
  readonly comparison: number
  readonly pair: ComparedPair
  readonly summary: CompareSummary
  readonly filter: string
}

/** Which recordings, which rows, and how much slower. */
export function CompareHead({ comparison, pair, summary, filter }: CompareHeadProps): JSX.Element {
  const { compareChosen, compareLeft } = useApp.getState()
  const { a, b } = summary.roundTrips
  const percent = percentWord(a.p95, b.p95)
  return (
    <>
      <header className="compare-head">
        <span className="ab ab-a" aria-hidden="true">
          A
        </span>
        <span className="ell" title={pair.a}>
          {pair.a}
        </span>
        <span className="t3">{t.over}</span>
        <span className="ab ab-b" aria-hidden="true">
          B
        </span>
        <span className="ell" title={pair.b}>
          {pair.b}
        </span>
        <button
          type="button"
          className="btn ghost sm sq"
          title={t.swap}
          aria-label={t.swap}
          onClick={() => {
            useCompare.getState().rowSelected(null)
            compareChosen(pair.b, pair.a)
          }}
        >
          <SwapIcon />
        </button>
        <button type="button" className="btn ghost sm" onClick={compareLeft}>
          {t.other}
        </button>
        <span className="grow" />
        <Segments summary={summary} />
        {percent === '' ? null : (
          <span className="compare-p95">
            <span className="t3">{t.p95}</span>{' '}
            <b className={isMuchSlower(a.p95, b.p95, summary.shiftMs) ? 'warn' : 't2'}>{percent}</b>
          </span>
        )}
      </header>
      <div className="compare-tools">
        <FilterField />
        <IgnoreField />
        <span className="grow" />
        {summary.isCoarse ? <span className="warn">{t.coarse}</span> : null}
        {summary.a.damagedBytes > 0 ? (
          <span className="warn">{t.damaged('A', summary.a.damagedBytes)}</span>
        ) : null}
        {summary.b.damagedBytes > 0 ? (
          <span className="warn">{t.damaged('B', summary.b.damagedBytes)}</span>
        ) : null}
        <CopyReport comparison={comparison} filter={filter} />
      </div>
    </>
  )
}

function Segments({ summary }: { readonly summary: CompareSummary }): JSX.Element {
  const segment = useCompare((s) => s.segment)
  const group = useRef<HTMLDivElement>(null)
  const { counts } = summary
  const options: readonly { readonly value: Segment; readonly label: string; readonly count: number }[] = [
    { value: 'all', label: t.all, count: summary.rows },
    { value: 'changed', label: t.segments.changed, count: counts.changed },
    { value: 'missing', label: t.segments.missing, count: counts.missing },
    { value: 'added', label: t.segments.added, count: counts.added },
    ...(counts.reordered > 0
      ? [{ value: 'moved' as const, label: t.segments.moved, count: counts.reordered }]
      : []),
    { value: 'slower', label: t.segments.slower, count: summary.slower },
  ]
  const { segmentChosen } = useCompare.getState()
  const moved = (event: KeyboardEvent): void => {
    const at = options.findIndex(({ value }) => value === segment)
    const next = roving(event.key, at, options.length)
    if (next === undefined) return
    event.preventDefault()
    segmentChosen(options[next]!.value)
    group.current?.querySelectorAll('button')[next]?.focus()
  }
  return (
    <div ref={group} className="seg" role="radiogroup" aria-label={t.show} onKeyDown={moved}>
      {options.map(({ value, label, count }) => (
        <button
          key={value}
          type="button"
          role="radio"
          aria-checked={segment === value}
          tabIndex={segment === value ? 0 : -1}
          onClick={() => segmentChosen(value)}
        >
          {label} <span className="compare-count">{groupDigits(count)}</span>
        </button>
      ))}
    </div>
  )
}

/** Applied with Enter and when it is left: every letter would begin another search. */
function FilterField(): JSX.Element {
  const applied = useCompare((s) => s.filter)
  const [typed, setTyped] = useState(applied)
  const { filterTyped } = useCompare.getState()
  return (
    <label className="field compare-field">
      <Icon name="filter" />
      <input
        className="mono"
        aria-label={t.filter}
        placeholder={t.filterHint}
        value={typed}
        maxLength={4096}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => filterTyped(typed)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') filterTyped(typed)
          if (event.key !== 'Escape' || typed === '') return
          event.stopPropagation()
          setTyped('')
          filterTyped('')
        }}
      />
    </label>
  )
}

function IgnoreField(): JSX.Element {
  const applied = useCompare((s) => s.ignored)
  const [typed, setTyped] = useState(applied)
  const { ignoreChosen } = useCompare.getState()
  const apply = (text: string): void => {
    if (text !== applied) ignoreChosen(text)
  }
  return (
    <label className="field compare-field">
      <span className="lab">{t.ignore}</span>
      <input
        className="mono"
        aria-label={t.ignoreLabel}
        placeholder={t.ignoreHint}
        value={typed}
        maxLength={4096}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => apply(typed)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') apply(typed)
        }}
      />
    </label>
  )
}

type Outcome = 'none' | 'copied' | 'failed'

function CopyReport({
  comparison,
  filter,
}: {
  readonly comparison: number
  readonly filter: string
}): JSX.Element {
  const { live } = useSession()
  const [outcome, setOutcome] = useState<Outcome>('none')
  const copy = async (): Promise<void> => {
    try {
      const { text } = await live.call('compare.markdown', { comparison, filter })
      await navigator.clipboard.writeText(text)
      setOutcome('copied')
    } catch {
      setOutcome('failed')
    }
  }
  return (
    <button
      type="button"
      className="btn ghost sm"
      onClick={() => void copy()}
      onBlur={() => setOutcome('none')}
    >
      <Icon
        name={outcome === 'copied' ? 'check' : outcome === 'failed' ? 'x' : 'copy'}
        {...(outcome !== 'none' && { tone: outcome === 'copied' ? 'ok' : 'err' })}
      />
      <span aria-live="polite">{t.markdown[outcome]}</span>
    </button>
  )
}

const SwapIcon = (): JSX.Element => (
  <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M5 13V3M2.5 5.5 5 3l2.5 2.5M11 3v10M8.5 10.5 11 13l2.5-2.5" />
  </svg>
)
