import { type JSX, type KeyboardEvent, useEffect, useState } from 'react'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import { MAX_RULES_LENGTH, type RedactionPreview } from '../../../shared/model/exports'
import { useSession } from '../../store/session-context'
import { sentences } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import { ChangeProgress } from './ChangeProgress'
import { ConvertFrame } from './ConvertFrame'
import { PartChoice } from './PartChoice'
import { convertTexts as t } from './texts'
import { useChange } from './use-change'
import { useRecordingParts } from './use-recording-parts'
import { useRedactionPreview } from './use-redaction-preview'

interface RedactDialogProps {
  readonly recording: string
  readonly onClose: () => void
}

/** What the field begins with where the workspace has no rules. */
const EXAMPLE_RULES = 'rules:\n  - route: "*"\n    body: [password, token]\n'

/** Writes a recording without its secrets to one of its own: by which rules, and what they would mask. */
export function RedactDialog({ recording, onClose }: RedactDialogProps): JSX.Element {
  const { live } = useSession()
  const change = useChange()
  const { parts } = useRecordingParts(recording)
  const [chosen, setChosen] = useState(recording)
  const [rules, setRules] = useState<string | null>(null)
  const [hasOwn, setHasOwn] = useState(false)
  const [unread, setUnread] = useState<WireError | null>(null)
  useEffect(() => {
    let isOver = false
    live.call('export.rules', {}).then(
      (reply) => {
        if (isOver) return
        setHasOwn(reply.rules !== null)
        setRules((typed) => typed ?? reply.rules ?? EXAMPLE_RULES)
      },
      (error: unknown) => {
        if (isOver) return
        setUnread(toWireError(asConsoleError(error)))
        setRules((typed) => typed ?? EXAMPLE_RULES)
      },
    )
    return () => {
      isOver = true
    }
  }, [live])
  const {
    preview,
    problem: wrong,
    isCounting,
  } = useRedactionPreview(chosen, change.id === null ? rules : null)
  const problem = isCounting ? null : (change.problem ?? wrong)
  const submit = (): void => {
    if (rules !== null && !change.isRunning)
      change.begin(live.call('export.redact', { recording: chosen, rules }))
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    submit()
  }
  return (
    <ConvertFrame
      title={t.redactTitle(recording)}
      stage={change.id === null ? 'form' : 'progress'}
      onClose={onClose}
    >
      {change.id !== null ? (
        <ChangeProgress change={change} onClose={onClose} />
      ) : (
        <form
          className="convert-form"
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
        >
          <p className="t2">{t.redactAbout}</p>
          <PartChoice parts={parts ?? []} value={chosen} onChange={setChosen} />
          <label className="redact-rules">
            <span className="t3">{t.rules}</span>
            <textarea
              rows={8}
              value={rules ?? ''}
              readOnly={rules === null}
              maxLength={MAX_RULES_LENGTH}
              spellCheck={false}
              aria-invalid={problem !== null}
              data-first=""
              onChange={(event) => setRules(event.target.value)}
              onKeyDown={pressed}
            />
          </label>
          <p className={unread === null ? 't3' : 'warn'}>
            {unread !== null
              ? sentences(unread.message, unread.remedy)
              : hasOwn
                ? t.rulesOfWorkspace
                : t.rulesExample}
          </p>
          <Preview preview={preview} problem={problem} isCounting={isCounting} />
          <div className="confirm-acts">
            <button type="button" className="btn ghost" onClick={onClose}>
              {t.close}
            </button>
            <button type="submit" className="btn primary" disabled={rules === null || change.isRunning}>
              {t.redact}
              <kbd>Ctrl ⏎</kbd>
            </button>
          </div>
        </form>
      )}
    </ConvertFrame>
  )
}

interface PreviewProps {
  readonly preview: RedactionPreview | null
  readonly problem: WireError | null
  readonly isCounting: boolean
}

/** By rule, of how many messages something would be masked, or what is wrong with the rules. */
function Preview({ preview, problem, isCounting }: PreviewProps): JSX.Element {
  return (
    <section className="redact-preview" aria-label={t.preview} aria-busy={isCounting}>
      {problem !== null ? (
        <p role="alert" className="bad-text">
          {sentences(problem.message, problem.remedy)}
        </p>
      ) : preview === null ? (
        <p className="t3">{t.counting}</p>
      ) : (
        <>
          <p className="t3" role="status">
            {isCounting ? t.counting : t.previewOf(preview.messages, preview.isWhole)}
          </p>
          <ul>
            {preview.rules.map(({ words, messages }, at) => (
              <li key={at}>
                <span>{revealLine(words)}</span>
                <span className={messages === 0 ? 'num warn' : 'num'}>{t.masked(messages)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
