import type { JSX } from 'react'
import { explainedShares } from '../../../shared/model/explanation-numbers'
import type { MessageDetail } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { revealLine } from '../../ui/visible-text'
import { ExplainParts } from './ExplainParts'
import './explain.css'
import { explainTexts as t } from './texts'
import { useExplanation } from './use-explanation'

/** The same answer in short, among everything else about a message. Nothing while there is nothing to say. */
export function ExplainSummary({ detail }: { readonly detail: MessageDetail }): JSX.Element | null {
  const state = useExplanation(detail)
  if (state.kind !== 'known' || state.explanation.parts.length === 0) return null
  const { explanation } = state
  const { totalMs, parts, isOver, sentence } = explanation
  const { inspectorTabChosen, messageSelected } = useApp.getState()
  const shown = explainedShares(
    totalMs,
    parts.map(({ ms }) => ms),
  )
  return (
    <section className="sec">
      <h3>
        {isOver ? t.took(shown.total) : t.tookSoFar(shown.total)}
        <span className="r">
          <button
            type="button"
            className="textlink"
            title={t.explainTitle}
            onClick={() => inspectorTabChosen('time')}
          >
            {t.explain} <span className="t3">E</span>
          </button>
        </span>
      </h3>
      <ExplainParts
        explanation={explanation}
        shown={shown}
        isBrief
        onSelect={(messageId) => messageSelected(messageId, 'inspector')}
      />
      <p className="ex-words selectable">{revealLine(sentence)}</p>
    </section>
  )
}
