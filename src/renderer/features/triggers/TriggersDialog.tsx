import { type JSX, useEffect, useRef, useState } from 'react'
import { asConsoleError, toWireError, type WireError } from '../../../shared/errors'
import type { TriggersState, TriggerStatus } from '../../../shared/model/triggers'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { rememberFocus } from '../../ui/focus-before'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { contentOf, type Draft, draftOf, isSameDraft, newDraft } from './draft'
import { TriggerEditor } from './TriggerEditor'
import { TriggerList } from './TriggerList'
import { triggerTexts as t } from './texts'
import './triggers.css'

/** What stands in the form, and what it was when it was opened. */
interface Editing {
  /** Null for a new one. */
  readonly triggerId: string | null
  readonly before: Draft
  readonly draft: Draft
}

/** All triggers, and one of them to be changed. */
export function TriggersDialog(): JSX.Element {
  const session = useSession()
  const { triggersToggled, soundsMuted } = useApp.getState()
  const areMuted = useApp((s) => s.areSoundsMuted)
  const [state, setState] = useState<TriggersState | null>(null)
  const [editing, setEditing] = useState<Editing | null>(null)
  const [problem, setProblem] = useState<WireError | null>(null)
  /** Where the person wanted to go with changes that are not saved. */
  const [leaving, setLeaving] = useState<{ readonly go: () => void } | null>(null)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => session.client.subscribe('triggers', {}, setState), [session])
  useEffect(() => {
    const giveBack = rememberFocus()
    box.current?.querySelector<HTMLElement>('[data-first]')?.focus()
    return giveBack
  }, [])
  const isDirty = editing !== null && !isSameDraft(editing.draft, editing.before)
  const leave = (go: () => void): void => {
    if (isDirty) setLeaving({ go })
    else go()
  }
  const edit = (triggerId: string | null, draft: Draft): void => {
    setLeaving(null)
    setProblem(null)
    setEditing({ triggerId, before: draft, draft })
  }
  const stay = (): void => {
    setLeaving(null)
    box.current?.querySelector<HTMLElement>('form input')?.focus()
  }
  const close = (): void => leave(() => triggersToggled(false))
  const failed = (error: unknown): void => setProblem(toWireError(asConsoleError(error)))
  const save = (): void => {
    const content = editing === null ? null : contentOf(editing.draft)
    if (editing === null || content === null) return
    const { triggerId } = editing
    void session.client
      .call('trigger.save', { ...content, ...(triggerId !== null && { triggerId }) })
      .then((saved) => edit(saved.triggerId, { ...editing.draft, ...content }), failed)
  }
  const remove = (triggerId: string): void => {
    void session.client.call('trigger.remove', { triggerId }).then(() => {
      setLeaving(null)
      setEditing(null)
      box.current?.querySelector<HTMLElement>('[data-first]')?.focus()
    }, failed)
  }
  const switched = (trigger: TriggerStatus): void => {
    const { triggerId, name, filter, moment, actions, fires, cooldownMs } = trigger
    const isEnabled = !trigger.isEnabled
    const content = { name, filter, moment, actions, fires, cooldownMs, isEnabled }
    setProblem(null)
    if (editing?.triggerId === triggerId) {
      setEditing({
        ...editing,
        before: { ...editing.before, isEnabled },
        draft: { ...editing.draft, isEnabled },
      })
    }
    void session.client.call('trigger.save', { triggerId, ...content }).catch(failed)
  }
  // heard everywhere: a control that goes takes the focus along
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      event.preventDefault()
      if (leaving !== null) stay()
      else close()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  })
  const current = state?.triggers.find(({ triggerId }) => triggerId === editing?.triggerId)
  return (
    <div
      className="sheet-veil"
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) close()
      }}
    >
      <div
        ref={box}
        className="sheet triggers"
        role="dialog"
        aria-modal="true"
        tabIndex={-1}
        aria-labelledby="triggers-title"
      >
        <header>
          <div className="grow">
            <h1 id="triggers-title">{t.title}</h1>
            <p>{t.hint}</p>
          </div>
          <button
            type="button"
            className="btn ghost"
            aria-pressed={areMuted}
            onClick={() => soundsMuted(!areMuted)}
          >
            <Icon name={areMuted ? 'muted' : 'sound'} />
            {areMuted ? t.unmute : t.mute}
          </button>
          <button type="button" className="btn ghost sq" title={t.close} aria-label={t.close} onClick={close}>
            <Icon name="x" />
          </button>
        </header>
        <div className="triggers-body">
          <TriggerList
            state={state}
            editedId={editing?.triggerId ?? null}
            onAdd={() => leave(() => edit(null, newDraft(useApp.getState().listView.filter)))}
            onEdit={(trigger) => leave(() => edit(trigger.triggerId, draftOf(trigger)))}
            onSwitch={switched}
          />
          {editing === null ? (
            <div className="triggers-none t3">
              {state?.triggers.length === 0 && <p className="t2">{t.none}</p>}
              <p>{state?.triggers.length === 0 ? t.noneHint : t.pick}</p>
            </div>
          ) : (
            <TriggerEditor
              key={editing.triggerId ?? ''}
              draft={editing.draft}
              trigger={current ?? null}
              isNew={editing.triggerId === null}
              isDirty={isDirty}
              onChange={(draft) => {
                setLeaving(null)
                setEditing({ ...editing, draft })
              }}
              onSave={save}
              onRemove={() => (editing.triggerId === null ? setEditing(null) : remove(editing.triggerId))}
            />
          )}
        </div>
        {leaving !== null && (
          <div className="triggers-foot" role="alert">
            <span className="grow">{t.unsaved}</span>
            <button type="button" className="btn" autoFocus onClick={stay}>
              {t.goOn}
            </button>
            <button type="button" className="btn" onClick={leaving.go}>
              {t.discard}
            </button>
          </div>
        )}
        {leaving === null && problem !== null && (
          <div className="triggers-foot" role="alert">
            <Icon name="x" tone="err" />
            <b className="b err">{problem.code}</b>
            <span className="grow">{sentences(problem.message, problem.remedy)}</span>
          </div>
        )}
        {state !== null && state.problem !== null && (
          <p className="triggers-foot err" role="alert">
            {sentences(state.problem.message, state.problem.remedy)}
          </p>
        )}
        {state !== null && state.skipped > 0 && (
          <p className="triggers-foot warn">{t.skipped(state.skipped)}</p>
        )}
      </div>
    </div>
  )
}
