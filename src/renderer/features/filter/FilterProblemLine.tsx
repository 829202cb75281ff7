import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import { selectDraft } from '../../store/filter-slice'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { corrected } from './corrected'
import { filterTexts as t } from './texts'

/** What is wrong with what is written, where, and what to write instead; or why the core does not take the filters. */
export function FilterProblemLine({ id }: { readonly id: string }): JSX.Element {
  const { text, problem } = useApp(selectDraft)
  const refused = useApp((s) => s.listProblem)
  const inForce = useApp((s) => s.filters[s.barMode === 'find' ? 'find' : 'rule'])
  const isFind = useApp((s) => s.barMode === 'find')
  const { draftTyped, draftSettled } = useApp.getState()
  const filter = typeof inForce === 'string' ? inForce : inForce.filter
  const suggestion = problem?.suggestion ?? null
  return (
    // there from the start, so that what comes into it is read out
    <div id={id} role="status" className="filter-problem">
      {problem !== null ? (
        <p>
          <Icon name="warn" small tone="err" />
          <span className="err">{sentence(problem.message)}</span>
          <span className="t3">{t.at(problem.from)}</span>
          {suggestion !== null && (
            <button
              type="button"
              className="btn sm"
              onClick={() => {
                draftTyped(corrected(text, problem.from, problem.to, suggestion))
                draftSettled()
                document.querySelector<HTMLElement>('[data-filter-field]')?.focus()
              }}
            >
              {t.use}
              <span className="mono">{revealLine(suggestion)}</span>
            </button>
          )}
          <span className="grow" />
          {!isFind && <span className="t3 ell">{t.inForce(revealLine(filter))}</span>}
        </p>
      ) : (
        refused !== null && (
          <p>
            <Icon name="warn" small tone="err" />
            <span className="err">{t.refused}</span>
            <span className="t2 ell">{sentences(refused.message, refused.remedy)}</span>
          </p>
        )
      )}
    </div>
  )
}

/** As the start of a sentence; what begins with a field or a value stays as it is written. */
const sentence = (text: string): string =>
  /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
