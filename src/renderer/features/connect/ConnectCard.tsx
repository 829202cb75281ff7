import { type SubmitEvent, type JSX, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { WireError } from '../../../shared/errors'
import { useApp } from '../../store/app-store'
import type { Attempt } from '../../store/connect-slice'
import { isAboutPassword, sessionTrouble } from '../../store/link-words'
import { selectLinks } from '../../store/links-slice'
import { useSession } from '../../store/session-context'
import { useSessionNow } from '../../store/use-session-now'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { Tabs } from '../../ui/Tabs'
import { AdvancedFields, advancedSummary } from './AdvancedFields'
import { keptForm, keepForm } from './kept-form'
import { type FormField, formOf, type LinkForm, type LinkKind, linkUrlOf } from './link-form'
import { MainFields } from './MainFields'
import { PortList } from './PortList'
import { RecentList } from './RecentList'
import { texts as t } from './texts'
import './connect.css'

const KINDS = (Object.keys(t.kinds) as LinkKind[]).map((value) => ({ value, label: t.kinds[value] }))
const PANEL_ID = 'connect-panel'

/** The first screen: where the device is. Enter connects from everywhere in it. */
export function ConnectCard(): JSX.Element {
  const session = useSession()
  const attempt = useApp((s) => s.attempt)
  const ports = useApp((s) => s.ports)
  const [form, setForm] = useState<LinkForm>(() => formOf(useApp.getState().connectUrl ?? '') ?? keptForm())
  /** The list of ports ends with the simulator; while it is chosen, the fields are the simulator's. */
  const [isSimulator, setIsSimulator] = useState(false)
  const [isAdvanced, setIsAdvanced] = useState(false)
  const [mistake, setMistake] = useState<{ problem: WireError; field: FormField | null } | null>(null)
  const dialog = useRef<HTMLFormElement>(null)
  const isTrying = attempt.kind === 'asking' || attempt.kind === 'opening'

  useEffect(() => {
    const before = document.activeElement
    dialog.current?.querySelector<HTMLElement>('[data-initial-focus]')?.focus()
    return () => {
      // back to where the card was called from; at the first screen that was nowhere, then to what opens it again
      const isReal = before instanceof HTMLElement && before !== document.body && before.isConnected
      const place = isReal
        ? before
        : document.querySelector<HTMLElement>('[data-pane="title"] [data-pane-focus]')
      place?.focus()
    }
  }, [])

  const failure = attempt.kind === 'failed' ? attempt.problem : null
  const problem = mistake?.problem ?? failure
  const badField = mistake?.field ?? (failure !== null && isAboutPassword(failure.code) ? 'password' : null)

  useEffect(() => {
    if (badField !== null) dialog.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [badField])

  const firstFree = ports?.find((port) => port.problem === null) ?? ports?.[0]
  // the first port is preselected until the person chose or typed one
  const filled = form.path === '' && firstFree !== undefined ? { ...form, path: firstFree.path } : form
  const meant: LinkForm = form.kind === 'serial' && isSimulator ? { ...filled, kind: 'sim' } : filled
  const change = (part: Partial<LinkForm>): void => {
    setForm({ ...filled, ...part })
    setMistake(null)
  }
  const connect = (): void => {
    const result = linkUrlOf(meant)
    if (!result.ok) {
      setMistake(result)
      if (
        result.field === 'chunk' ||
        result.field === 'seed' ||
        result.field === 'flip' ||
        result.field === 'drop'
      ) {
        setIsAdvanced(true)
      }
      return
    }
    keepForm(meant)
    session.connect(result.url)
  }
  const connectAgain = (url: string): void => {
    setForm(formOf(url) ?? form) // what fails can be put right here
    setIsSimulator(false)
    setMistake(null)
    session.connect(url)
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
            <p>{t.intro[form.kind]}</p>
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
        <div className="two">
          <div id={PANEL_ID} role="tabpanel" aria-label={t.kinds[form.kind]}>
            {form.kind === 'serial' ? (
              <PortList
                path={filled.path}
                isSimulator={isSimulator}
                onPath={(path) => {
                  setIsSimulator(false)
                  change({ path })
                }}
                onSimulator={() => setIsSimulator(true)}
                onOpen={connect}
              />
            ) : (
              <About kind={form.kind} />
            )}
          </div>
          <RecentList isDisabled={isTrying} onConnect={connectAgain} />
        </div>
        <MainFields form={meant} badField={badField} onChange={change} />
        <button
          type="button"
          className="adv"
          aria-expanded={isAdvanced}
          aria-controls="connect-advanced"
          onClick={() => setIsAdvanced(!isAdvanced)}
        >
          <Icon name="right" />
          {t.advanced}
          {!isAdvanced && <span className="t3">{advancedSummary(meant)}</span>}
        </button>
        {isAdvanced && <AdvancedFields form={meant} badField={badField} onChange={change} />}
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
          <span className="t3" role="status">
            {isTrying && <Progress attempt={attempt} />}
          </span>
          <span className="grow" />
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
