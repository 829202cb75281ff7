import { Fragment, type JSX, useEffect, useState } from 'react'
import { asConsoleError, toWireError } from '../../../shared/errors'
import type { CompareDetail, CompareSummary, CompareTime } from '../../../shared/model/compare'
import { useSession } from '../../store/session-context'
import { revealLine } from '../../ui/visible-text'
import { useCompare } from './compare-store'
import { isMuchSlower, msWord, percentWord, shiftWord } from './compare-words'
import { RoundTripPicture } from './RoundTripPicture'
import { compareTexts as t } from './texts'

interface CompareInspectorProps {
  readonly comparison: number
  readonly summary: CompareSummary
}

interface Held {
  readonly key: string
  readonly detail: CompareDetail | null
  readonly problem: string
}

/** What differs in the chosen exchange, where its time went, and how all requests did. */
export function CompareInspector({ comparison, summary }: CompareInspectorProps): JSX.Element {
  const { live } = useSession()
  const selected = useCompare((s) => s.selected)
  const [held, setHeld] = useState<Held>({ key: '', detail: null, problem: '' })
  const key = `${comparison} ${selected ?? ''}`
  useEffect(() => {
    if (selected === null) return
    let isOver = false
    live.call('compare.detail', { comparison, row: selected }).then(
      ({ detail }) => {
        if (!isOver) setHeld({ key, detail, problem: '' })
      },
      (error: unknown) => {
        if (!isOver) setHeld({ key, detail: null, problem: toWireError(asConsoleError(error)).message })
      },
    )
    return () => {
      isOver = true
    }
  }, [live, comparison, selected, key])
  // the exchange before stays until the next one has come: nothing jumps
  const detail = selected === null ? null : held.detail
  return (
    <aside className="pane compare-insp" aria-label={t.inspector}>
      <div className="scrolls">
        {detail === null ? (
          <p className="compare-pick-one t2">{held.problem === '' ? t.pick : held.problem}</p>
        ) : (
          <DetailParts detail={detail} />
        )}
        <RoundTrips summary={summary} />
        <ByRoute summary={summary} />
      </div>
    </aside>
  )
}

function DetailParts({ detail }: { readonly detail: CompareDetail }): JSX.Element {
  const differs = detail.all.filter(({ isEqual }) => !isEqual).length
  return (
    <>
      <header className="compare-detail-head">
        <i className="sw" data-hue={detail.hue} />
        <h2 className="ell">{revealLine(detail.route)}</h2>
        <span className="t3">{t.overLine(detail.a?.messageId, detail.b?.messageId)}</span>
      </header>
      {detail.a === null || detail.b === null ? null : (
        <section className="sec">
          <h3>
            {t.fields}
            <span className="r">{t.differs(differs, detail.all.length + detail.more)}</span>
          </h3>
          {detail.all.length === 0 ? (
            <p className="t3">{t.noFields}</p>
          ) : (
            <div className="compare-fields selectable">
              <span />
              <span className="ab ab-a">A</span>
              <span className="ab ab-b">B</span>
              {detail.all.map(({ path, a, b, isEqual }) => (
                <Fragment key={path}>
                  <span className="t3 ell" title={path}>
                    {revealLine(path)}
                  </span>
                  <Value value={a} isChanged={!isEqual} />
                  {isEqual ? <span className="mono t3">{t.equal}</span> : <Value value={b} isChanged />}
                </Fragment>
              ))}
            </div>
          )}
          {detail.more > 0 ? <p className="t3">{t.moreFields(detail.more)}</p> : null}
        </section>
      )}
      <TimeParts detail={detail} />
    </>
  )
}

function Value({
  value,
  isChanged,
}: {
  readonly value: string | null
  readonly isChanged: boolean
}): JSX.Element {
  const text = value === null ? t.absent : revealLine(value)
  return (
    <span className={`mono ell${isChanged ? ' is-changed' : ''}${value === null ? ' t3' : ''}`} title={text}>
      {text}
    </span>
  )
}

function TimeParts({ detail }: { readonly detail: CompareDetail }): JSX.Element {
  const { a, b } = detail.times
  const mostMs = Math.max(a?.totalMs ?? 0, b?.totalMs ?? 0, 1e-6)
  const names = [...new Set([...(a?.parts ?? []), ...(b?.parts ?? [])].map(({ name }) => name))]
  const byMs = a !== null && b !== null ? b.totalMs - a.totalMs : null
  return (
    <section className="sec">
      <h3>
        {t.time}
        {byMs === null ? null : (
          <span className={`r${detail.shift === 'slower' ? ' warn' : ''}`}>{shiftWord(byMs)} ms</span>
        )}
      </h3>
      <div className="compare-times">
        {a === null ? null : <TimeBar letter="A" time={a} mostMs={mostMs} hue={detail.hue} />}
        {b === null ? null : <TimeBar letter="B" time={b} mostMs={mostMs} hue={detail.hue} />}
      </div>
      <div className="compare-legend t3">
        {names.map((name) => (
          <span key={name}>
            <i className={`sw compare-part is-${name}`} data-hue={detail.hue} />
            {t.parts[name]}
          </span>
        ))}
      </div>
      {detail.sentence === '' ? null : <p className="compare-say">{revealLine(detail.sentence)}</p>}
    </section>
  )
}

interface TimeBarProps {
  readonly letter: 'A' | 'B'
  readonly time: CompareTime
  readonly mostMs: number
  readonly hue: number
}

function TimeBar({ letter, time, mostMs, hue }: TimeBarProps): JSX.Element {
  const words = time.parts.map(({ name, ms }) => `${t.parts[name]} ${ms.toFixed(1)} ms`).join(', ')
  return (
    <>
      <span className={`ab ab-${letter.toLowerCase()}`}>{letter}</span>
      <div className="compare-track" role="img" aria-label={`${letter}: ${words}`}>
        <div className="compare-timebar" style={{ width: `${(time.totalMs / mostMs) * 100}%` }}>
          {time.parts.map(({ name, ms }) => (
            <i
              key={name}
              className={`compare-part is-${name}`}
              data-hue={hue}
              title={`${t.parts[name]} ${ms.toFixed(1)} ms`}
              style={{ flexGrow: ms }}
            />
          ))}
        </div>
      </div>
      <span className="num">{time.totalMs.toFixed(1)} ms</span>
    </>
  )
}

function RoundTrips({ summary }: { readonly summary: CompareSummary }): JSX.Element {
  const { a, b } = summary.roundTrips
  return (
    <section className="sec">
      <h3>
        {t.roundTrips}
        <span className="r">{t.counts(a.count, b.count)}</span>
      </h3>
      {a.count + b.count === 0 ? (
        <p className="t3">{t.noRoundTrips}</p>
      ) : (
        <RoundTripPicture histogram={summary.histogram} a={a.p95} b={b.p95} />
      )}
    </section>
  )
}

function ByRoute({ summary }: { readonly summary: CompareSummary }): JSX.Element | null {
  const routes = summary.routes.filter(({ a, b }) => a.count + b.count > 0)
  if (routes.length === 0) return null
  return (
    <section className="sec">
      <h3>
        {t.byRoute}
        <span className="r">{t.p95Ms}</span>
      </h3>
      <table className="compare-routes">
        <thead>
          <tr className="t3">
            <th scope="col">{t.route}</th>
            <th scope="col">A</th>
            <th scope="col">B</th>
            <th scope="col">{t.shift}</th>
          </tr>
        </thead>
        <tbody>
          {routes.map(({ route, hue, a, b }) => (
            <tr key={route}>
              <th scope="row">
                <span className="rt">
                  <i className="sw" data-hue={hue} />
                  <span>{revealLine(route)}</span>
                </span>
              </th>
              <td className="t2">{msWord(a.p95)}</td>
              <td>{msWord(b.p95)}</td>
              <td className={isMuchSlower(a.p95, b.p95, summary.shiftMs) ? 'warn' : 't2'}>
                {percentWord(a.p95, b.p95)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
