import { type JSX, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { PortInfo } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { useSessionNow } from '../../store/use-session-now'
import { CopyText } from '../../ui/CopyText'
import { groupDigits, sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { roving } from '../../ui/roving'
import { revealLine } from '../../ui/visible-text'
import { portAge, portFacts, portTrouble, remedyWords } from './port-words'
import { texts as t } from './texts'

/** Stands for the simulator in the list; no port has an empty path. */
const SIMULATOR = ''
const NO_PORTS: readonly PortInfo[] = []

interface PortListProps {
  readonly path: string
  /** The simulator is chosen instead of a port. */
  readonly isSimulator: boolean
  readonly onPath: (path: string) => void
  /** Double click on what the first click chose. Enter is the form's. */
  readonly onOpen: () => void
  readonly onSimulator: () => void
  readonly onCheck: () => void
}

/** The serial ports of this computer as they come and go, and below them the device that needs none. */
export function PortList(props: PortListProps): JSX.Element {
  const { path, isSimulator, onPath, onOpen, onSimulator, onCheck } = props
  const session = useSession()
  const listed = useApp((s) => s.ports)
  const problem = useApp((s) => s.portsProblem)
  const listId = useId()
  const list = useRef<HTMLDivElement>(null)
  const ports = listed ?? NO_PORTS
  const choices = [...ports.map((port) => port.path), SIMULATOR]
  const selected = isSimulator ? SIMULATOR : path
  const at = choices.indexOf(selected)
  const trouble = isSimulator ? undefined : ports.find((port) => port.path === path && port.problem !== null)
  const sessionNowMs = useSessionNow(1000, ports.length > 0)
  const [wallNowMs] = useState(() => Date.now()) // "used 2 h ago": as of when the card opened

  const choose = (choice: string): void => {
    if (choice === SIMULATOR) onSimulator()
    else onPath(choice)
  }
  useEffect(() => {
    const box = list.current
    if (box === null) return
    const show = (): void => box.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
    show()
    const resizes = new ResizeObserver(show) // what opens below takes room from the list
    resizes.observe(box)
    return () => resizes.disconnect()
  }, [at, trouble])
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.currentTarget.closest('form')?.requestSubmit()
      return
    }
    const next = roving(event.key, at, choices.length)
    if (next === undefined || event.key === 'ArrowLeft' || event.key === 'ArrowRight') return
    event.preventDefault()
    choose(choices[next]!)
  }

  return (
    <>
      <h2>
        {t.ports}
        <button type="button" className="btn ghost sm" onClick={() => session.refreshPorts()}>
          <Icon name="refresh" />
          {t.refresh}
        </button>
      </h2>
      {problem !== null && (
        <p className="hint">
          <b className="err">{problem.code}</b> {sentences(problem.message, problem.remedy)}
        </p>
      )}
      {listed === null && problem === null && <p className="hint">{t.portsLoading}</p>}
      {listed?.length === 0 && (
        <div className="hint no-ports">
          <p>
            <b>{t.noPorts}</b>
            {t.noPortsHint}
          </p>
          <button type="button" className="btn sm" onClick={onCheck}>
            {t.check}
          </button>
        </div>
      )}
      <div
        ref={list}
        className="polist scrolls"
        role="listbox"
        tabIndex={0}
        aria-label={t.ports}
        aria-activedescendant={at >= 0 ? `${listId}-${at}` : undefined}
        onKeyDown={pressed}
      >
        {ports.map((port, index) => (
          <PortOption
            key={port.path}
            id={`${listId}-${index}`}
            port={port}
            isSelected={selected === port.path}
            sessionNowMs={sessionNowMs}
            wallNowMs={wallNowMs}
            onChoose={() => choose(port.path)}
            onOpen={onOpen}
          />
        ))}
        <div
          id={`${listId}-${choices.length - 1}`}
          className="po"
          role="option"
          aria-selected={isSimulator}
          onClick={() => choose(SIMULATOR)}
          onDoubleClick={onOpen}
        >
          <Icon name="flask" />
          <div>
            <b className="ell">{t.simulator}</b>
            <small className="ell">{t.simulatorHint(groupDigits(115_200))}</small>
          </div>
        </div>
      </div>
      {trouble !== undefined && <PortFix port={trouble} />}
    </>
  )
}

interface PortOptionProps {
  readonly id: string
  readonly port: PortInfo
  readonly isSelected: boolean
  readonly sessionNowMs: number
  readonly wallNowMs: number
  readonly onChoose: () => void
  readonly onOpen: () => void
}

function PortOption(props: PortOptionProps): JSX.Element {
  const { id, port, isSelected, sessionNowMs, wallNowMs, onChoose, onOpen } = props
  const age = portAge(port, sessionNowMs, wallNowMs)
  const isFree = port.problem === null
  return (
    <div
      id={id}
      className={isFree ? 'po' : 'po dis'}
      role="option"
      aria-selected={isSelected}
      onClick={onChoose}
      onDoubleClick={onOpen}
    >
      <Icon name={port.vendorId === '' && port.productId === '' ? 'plug' : 'chip'} />
      <div>
        <span className="name">
          <b className="ell">{revealLine(port.title)}</b>
          {age.isNew && <span className="tag">{t.newTag}</span>}
        </span>
        {isFree ? (
          <small className="ell" title={portFacts(port)}>
            {portFacts(port)}
          </small>
        ) : (
          <small className="problem">
            <span className="ell">{portTrouble(port)}</span>
            {!isSelected && <span className="textlink">{t.showFix}</span>}
          </small>
        )}
      </div>
      {isFree ? <span className="age">{age.text}</span> : <Icon name="warn" tone="warn" />}
    </div>
  )
}

/** Why the chosen port will not open, and what helps, to be copied as it stands. */
function PortFix({ port }: { readonly port: PortInfo }): JSX.Element | null {
  const { problem } = port
  if (problem === null) return null
  return (
    <div className="port-fix" role="group" aria-label={t.fixLabel}>
      <p className="selectable" aria-live="polite">
        {remedyWords(problem)}
      </p>
      {problem.command !== '' && (
        <p className="command">
          <code className="mono selectable">{problem.command}</code>
          <CopyText text={problem.command} labels={t.copyFix} />
        </p>
      )}
    </div>
  )
}
