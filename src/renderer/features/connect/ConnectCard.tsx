import { type SubmitEvent, type JSX, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { WireError } from '../../../shared/errors'
import { parseLinkUrl } from '../../../shared/model/link-url'
import { useApp } from '../../store/app-store'
import { type Attempt, selectProfiles } from '../../store/connect-slice'
import { isAboutPassword, sessionTrouble } from '../../store/link-words'
import { selectLinks } from '../../store/links-slice'
import { selectIsRecording } from '../../store/recorder-slice'
import { useSession } from '../../store/session-context'
import { useSessionNow } from '../../store/use-session-now'
import { rememberFocus } from '../../ui/focus-before'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { Tabs } from '../../ui/Tabs'
import { AdvancedFields } from './AdvancedFields'
import { advancedSummary } from './advanced-summary'
import { FaultSlider } from './FaultSlider'
import { KnownLinks } from './KnownLinks'
import { MachineCheck } from './MachineCheck'
import { presumedPort } from './port-words'
import { ProfileEditor } from './ProfileEditor'
import type { FieldsProps } from './fields'
import { keepForm, keepRecording, keptForm, keptRecording } from './kept-form'
import { ADVANCED_FIELDS, type FormField, type LinkForm, type LinkKind } from './link-form'
import { formOf, linkUrlOf } from './link-form-url'
import { MainFields } from './MainFields'
import { PortList } from './PortList'
import { texts as t } from './texts'
import './connect.css'

const KINDS = (Object.keys(t.kinds) as LinkKind[]).map((value) => ({ value, label: t.kinds[value] }))
const PANEL_ID = 'connect-panel'
const SUMMARY_ID = 'connect-advanced-summary'

/** What the editor of profiles begins with. */
interface EditedProfile {
  readonly name: string
  readonly note: string
  readonly isRecorded: boolean
}

/** The first screen: where the device is. Enter connects from everywhere in it. */
export function ConnectCard(): JSX.Element {
  const session = useSession()
  const attempt = useApp((s) => s.attempt)
  const ports = useApp((s) => s.ports)
  const [form, setForm] = useState<LinkForm>(() => formOf(useApp.getState().connectUrl ?? '') ?? keptForm())
  /** The list of ports ends with the simulator; while it is chosen, the fields are the simulator's. */
  const [isSimulator, setIsSimulator] = useState(false)
  const [isPathChosen, setIsPathChosen] = useState(() => useApp.getState().connectUrl !== null)
  const [isAdvanced, setIsAdvanced] = useState(false)
  const [isChecking, setIsChecking] = useState(false)
  /** The profile whose name is being asked for. */
  const [editing, setEditing] = useState<EditedProfile | null>(null)
  const [saved, setSaved] = useState<string | null>(null)
  const isRecording = useApp(selectIsRecording)
  const [isRecorded, setIsRecorded] = useState(keptRecording)
  const [mistake, setMistake] = useState<{ problem: WireError; field: FormField | null } | null>(null)
  const dialog = useRef<HTMLFormElement>(null)
  const isTrying = attempt.kind === 'asking' || attempt.kind === 'opening'

  useEffect(() => {
    // at the first screen the card was called from nowhere: then to what opens it again
    const giveBack = rememberFocus(() => document.querySelector('[data-pane="title"] [data-pane-focus]'))
    dialog.current?.querySelector<HTMLElement>('[data-initial-focus]')?.focus()
    return giveBack
  }, [])

  const failure = attempt.kind === 'failed' ? attempt.problem : null
  const problem = mistake?.problem ?? failure
  const badField = mistake?.field ?? (failure !== null && isAboutPassword(failure.code) ? 'password' : null)

  useEffect(() => {
    if (badField !== null) dialog.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [badField])

  // nobody chose or typed a port yet: it is the one that is meant most likely, and follows what is plugged in
  const path = isPathChosen ? form.path : presumedPort(ports ?? [], form.path)
  const filled: LinkForm = { ...form, path }
  const meant: LinkForm = form.kind === 'serial' && isSimulator ? { ...filled, kind: 'sim' } : filled
  const isNewest =
    !isPathChosen && (ports?.some((port) => port.path === path && port.appearedMs !== null) ?? false)
  const change = (part: Partial<LinkForm>): void => {
    if (part.path !== undefined) setIsPathChosen(true)
    setForm({ ...form, ...part })
    setMistake(null)
    setSaved(null)
  }
  const fill = (next: LinkForm): void => {
    setForm(next)
    setIsPathChosen(true)
    setIsSimulator(false)
    setMistake(null)
  }
  const refuse = (result: { readonly problem: WireError; readonly field: FormField | null }): void => {
    setMistake(result)
    if (ADVANCED_FIELDS.has(result.field)) setIsAdvanced(true)
  }
  const connect = (): void => {
    const result = linkUrlOf(meant)
    if (!result.ok) {
      refuse(result)
      return
    }
    keepForm(meant)
    session.connect(result.url, isRecorded)
  }
  const connectAgain = (url: string): void => {
    fill(formOf(url) ?? form) // what fails can be put right here
    session.connect(url, isRecorded)
  }
  const editProfile = (name: string): void => {
    const profile = selectProfiles(useApp.getState()).find((each) => each.name === name)
    const shown = profile && formOf(profile.url)
    if (profile === undefined || shown === undefined) return
    fill(shown)
    setEditing({ name, note: profile.note, isRecorded: profile.isRecorded === true })
  }
  const saveProfile = async (name: string, note: string, isRecorded: boolean): Promise<void> => {
    const result = linkUrlOf(meant)
    if (!result.ok) {
      refuse(result)
      return
    }
    if (!(await session.saveProfile({ name, url: parseLinkUrl(result.url).text, note, isRecorded }))) return
    setEditing(null)
    setSaved(name)
    dialog.current?.querySelector<HTMLElement>('[data-initial-focus]')?.focus()
  }
  const submitted = (event: SubmitEvent): void => {
    event.preventDefault()
    if (!isTrying) connect()
  }
  const pressed = (event: KeyboardEvent): void => {
    if (
      event.key === 'Enter' &&
      event.target instanceof Element &&
      event.target.closest('[role="tab"]') !== null
    ) {
      event.preventDefault() // the tab is open already: Enter connects, as everywhere here
      dialog.current?.requestSubmit()
    }
    const isArrow = event.key === 'ArrowDown' || event.key === 'ArrowUp'
    if (isArrow && event.target instanceof HTMLButtonElement && event.target.type === 'submit') {
      // from the button the arrows choose a port at once
      const list = dialog.current?.querySelector<HTMLElement>('[role="listbox"]')
      list?.focus()
      list?.dispatchEvent(new KeyboardEvent('keydown', { key: event.key, bubbles: true, cancelable: true }))
    }
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      session.closeConnect()
    }
  }
  const leaveCheck = (): void => {
    setIsChecking(false)
    dialog.current?.querySelector<HTMLElement>('[data-initial-focus]')?.focus()
  }
  const canWait = mistake === null && attempt.kind === 'failed' && attempt.isTrying

  return (
    <div className="veil" onKeyDown={pressed}>
      <form
        ref={dialog}
        className="dlg"
        role="dialog"
        aria-modal="true"
        aria-labelledby="connect-title"
        noValidate
        onSubmit={submitted}
      >
        <div className="dh">
          <div className="grow">
            <h1 id="connect-title">{t.title}</h1>
            <p>{form.kind === 'serial' && isNewest ? t.newest : t.intro[form.kind]}</p>
          </div>
          <Tabs<LinkKind>
            label={t.kindLabel}
            className="seg"
            value={form.kind}
            tabs={KINDS}
            panelId={PANEL_ID}
            onChange={(kind) => change({ kind })}
          />
        </div>
        {isChecking ? (
          <MachineCheck onBack={leaveCheck} />
        ) : (
          <div className="two">
            <div id={PANEL_ID} role="tabpanel" aria-label={t.kinds[form.kind]}>
              {form.kind === 'serial' ? (
                <PortList
                  path={path}
                  isSimulator={isSimulator}
                  onPath={(chosen) => {
                    setIsSimulator(false)
                    change({ path: chosen })
                  }}
                  onSimulator={() => setIsSimulator(true)}
                  onOpen={connect}
                  onCheck={() => setIsChecking(true)}
                />
              ) : (
                <About kind={form.kind} />
              )}
              {form.kind === 'sim' && <Faults form={form} badField={badField} onChange={change} />}
            </div>
            <KnownLinks isDisabled={isTrying} onConnect={connectAgain} onEdit={editProfile} />
          </div>
        )}
        <MainFields form={meant} badField={badField} onChange={change} />
        <button
          type="button"
          className="adv"
          aria-expanded={isAdvanced}
          aria-controls="connect-advanced"
          aria-label={t.advanced}
          aria-describedby={isAdvanced ? undefined : SUMMARY_ID}
          onClick={() => setIsAdvanced(!isAdvanced)}
        >
          <Icon name="right" />
          {t.advanced}
          {!isAdvanced && (
            <span id={SUMMARY_ID} className="t3 ell">
              {advancedSummary(meant)}
            </span>
          )}
        </button>
        {isAdvanced && <AdvancedFields form={meant} badField={badField} onChange={change} />}
        {editing !== null && (
          <ProfileEditor
            key={editing.name}
            name={editing.name}
            note={editing.note}
            isRecorded={editing.isRecorded}
            hasPassword={meant.password !== ''}
            onSave={(name, note, isRecorded) => void saveProfile(name, note, isRecorded)}
            onCancel={() => setEditing(null)}
          />
        )}
        {problem !== null && (
          <div className="attempt-problem" role="alert">
            <Icon name="x" tone="err" />
            <div className="selectable">
              <p className="what">
                <b className="b err">{problem.code}</b> {sentences(problem.message)}
              </p>
              <p>{problem.remedy}</p>
            </div>
            {canWait && (
              <button type="button" className="btn" onClick={() => session.closeConnect(true)}>
                {t.keepTrying}
              </button>
            )}
          </div>
        )}
        <div className="df">
          {!isTrying && editing === null && (
            <label className="record-first" title={t.recordFirstHint}>
              <input
                type="checkbox"
                checked={isRecording || isRecorded}
                disabled={isRecording}
                onChange={({ target }) => {
                  setIsRecorded(target.checked)
                  keepRecording(target.checked)
                }}
              />
              {t.recordFirst}
            </label>
          )}
          {!isTrying && editing === null && (
            <button
              type="button"
              className="btn ghost"
              onClick={() => setEditing({ name: '', note: '', isRecorded: false })}
            >
              <Icon name="plus" />
              {t.saveProfileMore}
            </button>
          )}
          <span className="t3 grow ell" role="status">
            {isTrying ? <Progress attempt={attempt} /> : saved !== null && t.profileSaved(saved)}
          </span>
          {!isTrying && !isChecking && form.kind === 'serial' && (
            <button type="button" className="btn ghost" onClick={() => setIsChecking(true)}>
              {t.check}
            </button>
          )}
          <button type="button" className="btn ghost" onClick={() => session.closeConnect()}>
            {isTrying ? t.stop : t.close}
            <kbd>Esc</kbd>
          </button>
          <button type="submit" className="btn primary" data-initial-focus="" aria-disabled={isTrying}>
            {t.connect}
            <kbd>⏎</kbd>
          </button>
        </div>
      </form>
    </div>
  )
}

/** How far it has come; a handshake that nobody answers says so. */
function Progress({ attempt }: { readonly attempt: Attempt }): JSX.Element {
  const linkId = attempt.kind === 'opening' ? attempt.linkId : null
  const link = useApp((s) => selectLinks(s).find((each) => each.linkId === linkId))
  const isHandshake = link?.phase === 'connected' && link.session?.phase === 'handshake'
  const nowMs = useSessionNow(500, isHandshake)
  if (link === undefined || !isHandshake) return <>{t.connecting}</>
  return <>{[t.shakingHands, sessionTrouble(link, nowMs)].filter(Boolean).join(' ')}</>
}

function About({ kind }: { readonly kind: Exclude<LinkKind, 'serial'> }): JSX.Element {
  const about = t.about[kind]
  return (
    <div className="about">
      <Icon name={kind === 'sim' ? 'flask' : 'net'} />
      <div>
        <b>{about.title}</b>
        {about.lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </div>
  )
}

function Faults({ form, badField, onChange }: FieldsProps): JSX.Element {
  return (
    <div className="faults" role="group" aria-label={t.faults}>
      <FaultSlider
        label={t.flip}
        value={form.flip}
        isBad={badField === 'flip'}
        onChange={(flip) => onChange({ flip })}
      />
      <FaultSlider
        label={t.drop}
        value={form.drop}
        isBad={badField === 'drop'}
        onChange={(drop) => onChange({ drop })}
      />
    </div>
  )
}
