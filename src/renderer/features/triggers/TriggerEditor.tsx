import { type JSX, type ReactNode, useId, useState } from 'react'
import {
  MAX_TRIGGER_NAME_LENGTH,
  MAX_TRIGGER_NOTE_LENGTH,
  TRIGGER_MOMENTS,
  TRIGGER_RECORDINGS,
  type TriggerRecording,
  type TriggerStatus,
} from '../../../shared/model/triggers'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { useSnippetNames } from './use-snippet-names'
import { contentOf, cooldownMs, type Draft, saveMinutes, USUAL_SAVE_MINUTES } from './draft'
import { FilterPart } from './FilterPart'
import { NotifyPermission } from './NotifyPermission'
import { triggerTexts as t } from './texts'

interface TriggerEditorProps {
  readonly draft: Draft
  /** As the core has it; null for a new one. */
  readonly trigger: TriggerStatus | null
  readonly isNew: boolean
  readonly isDirty: boolean
  readonly onChange: (draft: Draft) => void
  readonly onSave: () => void
  readonly onRemove: () => void
}

const MOMENTS = TRIGGER_MOMENTS.map((value) => ({ value, label: t.moments[value] }))
const RECORDINGS = TRIGGER_RECORDINGS.map((value) => ({ value, label: t.recordings[value] }))
const FIRES = [
  { value: 'always', label: t.always },
  { value: 'once', label: t.once },
] as const

/** One trigger to be written: what it waits for, and what happens then. */
export function TriggerEditor(props: TriggerEditorProps): JSX.Element {
  const { draft, trigger, isNew, isDirty, onChange, onSave, onRemove } = props
  const [isRemoving, setIsRemoving] = useState(false)
  const { name, moment, actions, fires, cooldown } = draft
  const set = (change: Partial<Draft>): void => onChange({ ...draft, ...change })
  const act = (change: Partial<Draft['actions']>): void => set({ actions: { ...actions, ...change } })
  const isCooldownBad = cooldownMs(cooldown) === null
  const isUseful = isNew || isDirty || trigger?.isSpent === true
  return (
    <form
      className="trigger-edit scrolls"
      aria-label={isNew ? t.newTitle : name}
      onSubmit={(event) => {
        event.preventDefault()
        if (isUseful) onSave()
      }}
    >
      <label className="cell">
        {t.name}
        <span className="field">
          <input
            value={name}
            placeholder={t.namePlaceholder}
            maxLength={MAX_TRIGGER_NAME_LENGTH}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => set({ name: event.target.value })}
          />
        </span>
      </label>
      <FilterPart filter={draft.filter} moment={moment} onChange={(filter) => set({ filter })} />
      <Part label={t.moment} hint={t.momentHints[moment]}>
        <Segmented
          label={t.moment}
          value={moment}
          options={MOMENTS}
          onChange={(value) => set({ moment: value })}
        />
      </Part>
      <fieldset className="part">
        <legend>{t.actions}</legend>
        <div className="does">
          <Check
            label={t.notify}
            isChecked={actions.notify}
            hint={t.notifyHint}
            onChange={(notify) => act({ notify })}
          />
          <Check label={t.marker} isChecked={actions.marker} onChange={(marker) => act({ marker })} />
          <Check label={t.pause} isChecked={actions.pauseView} onChange={(pauseView) => act({ pauseView })} />
          <Check label={t.sound} isChecked={actions.sound} onChange={(sound) => act({ sound })} />
        </div>
        {actions.notify && <NotifyPermission />}
        <label className="field note">
          <span className="lab">{t.note}</span>
          <input
            value={actions.note}
            placeholder={t.notePlaceholder}
            maxLength={MAX_TRIGGER_NOTE_LENGTH}
            autoComplete="off"
            onChange={(event) => act({ note: event.target.value })}
          />
        </label>
        <SnippetChoice chosen={actions.snippet} onChange={(snippet) => act({ snippet })} />
        <RecordingChoice
          chosen={actions.recording}
          save={draft.save}
          onChoose={(recording) => act({ recording })}
          onSave={(save) => set({ save })}
        />
      </fieldset>
      <Part label={t.fires} hint={isCooldownBad ? t.cooldownBad : ''} isBad={isCooldownBad}>
        <Segmented
          label={t.fires}
          value={fires}
          options={FIRES}
          onChange={(value) => set({ fires: value })}
        />
        <label className={isCooldownBad ? 'field bad cooldown' : 'field cooldown'}>
          <span className="lab">{t.cooldown}</span>
          <input
            className="num"
            value={cooldown}
            inputMode="numeric"
            aria-invalid={isCooldownBad}
            disabled={fires === 'once'}
            onChange={(event) => set({ cooldown: event.target.value })}
          />
          <span className="t3">{t.ms}</span>
        </label>
      </Part>
      {trigger?.isSpent === true && <p className="t2">{t.spentHint}</p>}
      <div className="do">
        <button type="submit" className="btn primary" disabled={contentOf(draft) === null || !isUseful}>
          {isNew ? t.saveNew : t.save}
          <kbd>⏎</kbd>
        </button>
        <span className="grow" />
        {isRemoving ? (
          <>
            <span className="t2">{t.removeAsk}</span>
            <button type="button" className="btn" autoFocus onClick={onRemove}>
              {t.remove}
            </button>
            <button
              type="button"
              className="btn ghost"
              onClick={(event) => {
                event.currentTarget.form?.querySelector('input')?.focus() // this button goes
                setIsRemoving(false)
              }}
            >
              {t.keep}
            </button>
          </>
        ) : (
          <button
            type="button"
            className="btn ghost"
            onClick={() => (isNew ? onRemove() : setIsRemoving(true))}
          >
            <Icon name={isNew ? 'x' : 'trash'} />
            {isNew ? t.discard : t.remove}
          </button>
        )}
      </div>
    </form>
  )
}

interface SnippetChoiceProps {
  readonly chosen: string
  readonly onChange: (snippet: string) => void
}

/** A snippet of the workspace, or none. One that is gone stays named until another is chosen. */
function SnippetChoice({ chosen, onChange }: SnippetChoiceProps): JSX.Element {
  const names = useSnippetNames()
  const isKnown = chosen === '' || names.includes(chosen)
  return (
    <label className="field note">
      <span className="lab">{t.snippet}</span>
      <select value={chosen} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t.noSnippet}</option>
        {(isKnown ? names : [chosen, ...names]).map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <Icon name="down" small />
    </label>
  )
}

interface RecordingChoiceProps {
  readonly chosen: TriggerRecording
  /** Minutes as typed; null while nothing is saved. */
  readonly save: string | null
  readonly onChoose: (recording: TriggerRecording) => void
  readonly onSave: (save: string | null) => void
}

/** What becomes of the recording, and of what the flight recorder remembers. */
function RecordingChoice({ chosen, save, onChoose, onSave }: RecordingChoiceProps): JSX.Element {
  const isBad = saveMinutes(save) === null
  return (
    <>
      <div className="line save">
        <span className="lab" title={t.recordingHint}>
          {t.recording}
        </span>
        <Segmented label={t.recording} value={chosen} options={RECORDINGS} onChange={onChoose} />
        <label title={t.saveHint}>
          <input
            type="checkbox"
            checked={save !== null}
            onChange={(event) => onSave(event.target.checked ? String(USUAL_SAVE_MINUTES) : null)}
          />
          {t.saveMemory}
        </label>
        <span className={isBad ? 'field bad' : 'field'}>
          <input
            className="num"
            value={save ?? ''}
            inputMode="numeric"
            aria-label={t.saveCount}
            aria-invalid={isBad}
            disabled={save === null}
            onChange={(event) => onSave(event.target.value)}
          />
          <span className="t3">{t.minutes}</span>
        </span>
      </div>
      {isBad && <p className="err">{t.saveBad}</p>}
    </>
  )
}

interface PartProps {
  readonly label: string
  readonly hint: string
  readonly isBad?: boolean
  readonly children: ReactNode
}

function Part({ label, hint, isBad = false, children }: PartProps): JSX.Element {
  return (
    <div className="part">
      <span className="legend">{label}</span>
      <div className="line">{children}</div>
      {hint !== '' && <p className={isBad ? 'err' : 't3'}>{hint}</p>}
    </div>
  )
}

interface CheckProps {
  readonly label: string
  readonly isChecked: boolean
  readonly hint?: string
  readonly onChange: (isChecked: boolean) => void
}

function Check({ label, isChecked, hint, onChange }: CheckProps): JSX.Element {
  const id = useId()
  return (
    <label title={hint}>
      <input
        id={id}
        type="checkbox"
        checked={isChecked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
    </label>
  )
}
