import { type JSX, useEffect, useRef, useState } from 'react'
import type { Explanation } from '../../../shared/model/explanation'
import { explanationMarkdown } from '../../../shared/model/explanation-markdown'
import { explainedShares } from '../../../shared/model/explanation-numbers'
import type { MessageDetail } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { Icon } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { ExplainLanes } from './ExplainLanes'
import { ExplainParts } from './ExplainParts'
import './explain.css'
import { explainTexts as t } from './texts'
import { useExplanation } from './use-explanation'

/** Why a message took as long as it did: bar, parts, who was in the way, one sentence, one suggestion. */
export function ExplainTab({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  const state = useExplanation(detail)
  const panel = useRef<HTMLDivElement>(null)
  const askedId = useApp((s) => s.explainAskedId)
  useEffect(() => {
    if (askedId !== detail.id) return
    panel.current?.focus()
    useApp.getState().explainAsked(null)
  }, [askedId, detail.id])
  return (
    <div
      ref={panel}
      className="insp-panel scrolls"
      tabIndex={-1}
      data-pane-focus=""
      aria-busy={state.kind === 'loading'}
    >
      {state.kind === 'loading' && <p className="body-note ex-late">{t.loading}</p>}
      {state.kind === 'failed' && (
        <div className="body-note" role="alert">
          <p>{state.problem.message}</p>
          <button type="button" className="btn sm" onClick={state.again}>
            {t.again}
          </button>
        </div>
      )}
      {state.kind === 'known' && <Explained explanation={state.explanation} />}
    </div>
  )
}

function Explained({ explanation }: { readonly explanation: Explanation }): JSX.Element {
  const { totalMs, parts, isOver, sentence, suggestion, missing } = explanation
  const shown = explainedShares(
    totalMs,
    parts.map(({ ms }) => ms),
  )
  const hasTime = parts.length > 0
  const title = !hasTime ? t.noTime : isOver ? t.took(shown.total) : t.tookSoFar(shown.total)
  return (
    <>
      <section className="sec">
        <h3>
          {title}
          <span className="r">
            <CopyMarkdown explanation={explanation} />
          </span>
        </h3>
        {hasTime && <ExplainParts explanation={explanation} shown={shown} onSelect={select} />}
        <p className="ex-words selectable">
          {revealLine(sentence)}
          {suggestion !== '' && <span className="ex-advice"> {suggestion}</span>}
        </p>
        {missing !== '' && <p className="ex-missing t3">{missing}</p>}
        <Said sentence={`${sentence} ${suggestion}`} isOver={isOver} />
      </section>
      {hasTime && <ExplainLanes explanation={explanation} total={shown.total} onSelect={select} />}
    </>
  )
}

const select = (messageId: number): void => useApp.getState().messageSelected(messageId, 'inspector')

/** For people who listen: what was found at first, and what it was in the end; not every change between. */
function Said({ sentence, isOver }: { readonly sentence: string; readonly isOver: boolean }): JSX.Element {
  const [first] = useState(sentence)
  return (
    <p className="sr-only" aria-live="polite">
      {isOver ? sentence : first}
    </p>
  )
}

const SHOWN_MS = 1500
const COPY_LOOKS = {
  none: { label: t.copy, icon: 'copy' },
  copied: { label: t.copied, icon: 'check' },
  failed: { label: t.notCopied, icon: 'x' },
} as const

function CopyMarkdown({ explanation }: { readonly explanation: Explanation }): JSX.Element {
  const [outcome, setOutcome] = useState<keyof typeof COPY_LOOKS>('none')
  useEffect(() => {
    if (outcome === 'none') return
    const timer = setTimeout(() => setOutcome('none'), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = (): void => {
    // in an insecure context there is no clipboard at all
    if (!('clipboard' in navigator)) setOutcome('failed')
    else {
      navigator.clipboard.writeText(explanationMarkdown(explanation)).then(
        () => setOutcome('copied'),
        () => setOutcome('failed'),
      )
    }
  }
  const { label, icon } = COPY_LOOKS[outcome]
  return (
    <button type="button" className="btn ghost sm" onClick={copy}>
      <Icon name={icon} small {...(outcome !== 'none' && { tone: outcome === 'copied' ? 'ok' : 'err' })} />
      {label}
    </button>
  )
}
