import { type JSX, useEffect, useState } from 'react'
import { asConsoleError, toWireError } from '../../../shared/errors'
import { MAX_RETENTION_DAYS, type Retention, type RetentionPlan } from '../../../shared/model/library'
import { useSession } from '../../store/session-context'
import { formatBytes } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import { useLibrary } from './library-store'
import { libraryTexts as t } from './texts'

const GIGABYTE = 1e9
const MAX_GIGABYTES = 1e6

/** The number in a field; null for an empty field, undefined for what is none. */
function numberIn(text: string, least: number, most: number): number | null | undefined {
  if (text.trim() === '') return null
  const value = Number(text.replace(',', '.'))
  return Number.isFinite(value) && value >= least && value <= most ? value : undefined
}

/** How long recordings are kept. It says what it would remove before it is switched on. */
export function RetentionPart(): JSX.Element | null {
  const retention = useLibrary((s) => s.news?.retention)
  // anew when somebody else changed it
  return retention === undefined ? null : <RetentionForm key={JSON.stringify(retention)} kept={retention} />
}

function RetentionForm({ kept }: { readonly kept: Retention }): JSX.Element {
  const session = useSession()
  const version = useLibrary((s) => s.news?.version ?? 0)
  const { failed } = useLibrary.getState()
  const [days, setDays] = useState(kept.maxAgeDays === null ? '' : `${kept.maxAgeDays}`)
  const [gigabytes, setGigabytes] = useState(kept.maxBytes === null ? '' : `${kept.maxBytes / GIGABYTE}`)
  const [plan, setPlan] = useState<RetentionPlan | null>(null)
  const maxAgeDays = numberIn(days, 1, MAX_RETENTION_DAYS)
  const size = numberIn(gigabytes, 0.001, MAX_GIGABYTES)
  const maxBytes = typeof size === 'number' ? Math.round(size * GIGABYTE) : size
  const isGood = maxAgeDays !== undefined && maxBytes !== undefined
  const isOn = kept.maxAgeDays !== null || kept.maxBytes !== null
  const isOther = maxAgeDays !== kept.maxAgeDays || maxBytes !== kept.maxBytes
  const hasLimit = isGood && (maxAgeDays !== null || maxBytes !== null)
  useEffect(() => {
    if (maxAgeDays === undefined || maxBytes === undefined) return
    let isOver = false
    session.live.call('library.retention', { retention: { maxAgeDays, maxBytes }, isSet: false }).then(
      ({ plan: told }) => {
        if (!isOver) setPlan(told)
      },
      (error: unknown) => failed(toWireError(asConsoleError(error))),
    )
    return () => {
      isOver = true
    }
  }, [session, maxAgeDays, maxBytes, version, failed])
  const set = (next: Retention): void => {
    session.live.call('library.retention', { retention: next, isSet: true }).then(
      () => failed(null),
      (error: unknown) => failed(toWireError(asConsoleError(error))),
    )
  }
  const field = (
    label: string,
    unit: string,
    value: string,
    isBad: boolean,
    change: (text: string) => void,
  ): JSX.Element => (
    <label className={isBad ? 'field bad' : 'field'}>
      <span className="lab">{label}</span>
      <input
        inputMode="decimal"
        value={value}
        placeholder={t.never}
        aria-invalid={isBad}
        maxLength={9}
        onChange={(event) => change(event.target.value)}
      />
      <span className="t3">{unit}</span>
    </label>
  )
  return (
    <>
      <header className="phead">
        <h2>{t.retentionTitle}</h2>
        <span className="t3">{isOn ? t.retentionOn : ''}</span>
      </header>
      <form
        className="library-scroll scrolls library-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (isGood && hasLimit && isOther) set({ maxAgeDays, maxBytes })
        }}
      >
        <p className="t2">{t.retentionHint}</p>
        {field(t.byAge, t.days, days, maxAgeDays === undefined, setDays)}
        {field(t.bySize, t.gigabytes, gigabytes, maxBytes === undefined, setGigabytes)}
        <div aria-live="polite">
          {!hasLimit || plan === null ? (
            <p className="t3">{isOn ? '' : t.retentionOff}</p>
          ) : plan.removed.length === 0 ? (
            <p className="t3">{t.previewNone}</p>
          ) : (
            <>
              <p>{t.previewSome(plan.removed.length + plan.moreRemoved, plan.removedBytes)}</p>
              <ul className="library-plan">
                {plan.removed.map(({ recording, fileBytes, why }) => (
                  <li key={recording}>
                    <span className="ell">{revealLine(recording)}</span>
                    <span className="t3 num">{formatBytes(fileBytes)}</span>
                    <span className="t3">{t.why[why]}</span>
                  </li>
                ))}
              </ul>
              {plan.moreRemoved > 0 && <p className="t3">{t.andMore(plan.moreRemoved)}</p>}
            </>
          )}
        </div>
        <div className="library-acts">
          <button type="submit" className="btn primary" disabled={!hasLimit || !isOther}>
            {isOn ? t.change : t.switchOn}
          </button>
          {isOn && (
            <button type="button" className="btn" onClick={() => set({ maxAgeDays: null, maxBytes: null })}>
              {t.switchOff}
            </button>
          )}
        </div>
      </form>
    </>
  )
}
