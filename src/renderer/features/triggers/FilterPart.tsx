import { type JSX, useId, useState } from 'react'
import type { FilterProblem } from '../../../shared/filter/filter-types'
import { MAX_FILTER_LENGTH } from '../../../shared/model/list-view'
import type { TriggerMoment, TriggerTest } from '../../../shared/model/triggers'
import { useSession } from '../../store/session-context'
import { revealLine } from '../../ui/visible-text'
import { filterState } from './draft'
import { showMessage } from './show-message'
import { triggerTexts as t } from './texts'

interface FilterPartProps {
  readonly filter: string
  readonly moment: TriggerMoment
  readonly onChange: (filter: string) => void
}

type Testing = 'busy' | { readonly key: string; readonly result: TriggerTest } | null

/** What the trigger waits for; what is wrong with it, and where; what it would have found. */
export function FilterPart({ filter, moment, onChange }: FilterPartProps): JSX.Element {
  const session = useSession()
  const [testing, setTesting] = useState<Testing>(null)
  const hintId = useId()
  const state = filterState(filter)
  const key = JSON.stringify([filter, moment])
  const test = (): void => {
    setTesting('busy')
    void session.client.call('trigger.test', { filter, moment }).then(
      (result) => setTesting({ key, result }),
      () => setTesting(null), // the core is gone: the whole screen says so
    )
  }
  const isBad = state.kind === 'bad'
  return (
    <div className="part">
      <label className="cell">
        {t.filter}
        <span className={isBad ? 'field bad' : 'field'}>
          <input
            className="mono"
            value={filter}
            placeholder={t.filterPlaceholder}
            maxLength={MAX_FILTER_LENGTH}
            aria-invalid={isBad}
            aria-describedby={hintId}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
          />
        </span>
      </label>
      <div className="line filter-said">
        <div id={hintId} className="grow" role="status">
          {state.kind === 'bad' ? (
            <p className="err">
              {t.filterAt(state.problem.from, state.problem.message)}{' '}
              {state.problem.suggestion !== null && (
                <button
                  type="button"
                  className="textlink"
                  onClick={() => onChange(corrected(filter, state.problem))}
                >
                  {t.suggestion(state.problem.suggestion)}
                </button>
              )}
            </p>
          ) : state.kind === 'empty' ? (
            <p className="t3">{t.filterMissing}</p>
          ) : testing === 'busy' ? (
            <p className="t3">{t.testing}</p>
          ) : testing !== null && testing.key === key ? (
            <Found result={testing.result} />
          ) : (
            <p className="t3">{t.filterHint}</p>
          )}
        </div>
        <button
          type="button"
          className="btn sm"
          disabled={state.kind !== 'ok' || testing === 'busy'}
          onClick={test}
        >
          {t.test}
        </button>
      </div>
    </div>
  )
}

const SHOWN = 8

function Found({ result }: { readonly result: TriggerTest }): JSX.Element {
  const { matched, tested, messageIds } = result
  const shown = messageIds.slice(0, SHOWN)
  return (
    <p className="found">
      {revealLine(t.tested(matched, tested))}
      {shown.map((id) => (
        <button
          key={id}
          type="button"
          className="textlink"
          title={t.jumpHint(id)}
          onClick={() => showMessage(id)}
        >
          {t.jump(id)}
        </button>
      ))}
      {matched > shown.length && <span className="t3">{t.testedMore(matched - shown.length)}</span>}
    </p>
  )
}

/** The filter with what is suggested: in the place of what is wrong, or before it where something is missing. */
function corrected(filter: string, { from, to, suggestion }: FilterProblem): string {
  const replaced = filter.slice(0, from) + (suggestion ?? '') + filter.slice(to)
  const inserted = filter.slice(0, from) + (suggestion ?? '') + filter.slice(from)
  return filterState(replaced).kind !== 'ok' && filterState(inserted).kind === 'ok' ? inserted : replaced
}
