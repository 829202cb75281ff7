import { type JSX, type KeyboardEvent, useId, useState } from 'react'
import type { PortInfo } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { groupDigits, sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { roving } from '../../ui/roving'
import { texts as t } from './texts'

/** Stands for the simulator in the list; no port has an empty path. */
const SIMULATOR = ''

interface PortListProps {
  readonly path: string
  /** The simulator is chosen instead of a port. */
  readonly isSimulator: boolean
  readonly onPath: (path: string) => void
  /** Double click on what the first click chose. Enter is the form's. */
  readonly onOpen: () => void
  readonly onSimulator: () => void
}

/** The serial ports of this computer, and below them the device that needs none. */
export function PortList({ path, isSimulator, onPath, onOpen, onSimulator }: PortListProps): JSX.Element {
  const session = useSession()
  const ports = useApp((s) => s.ports)
  const problem = useApp((s) => s.portsProblem)
  const listId = useId()
  const [explained, setExplained] = useState<string | null>(null)
  const choices = [...(ports ?? []).map((port) => port.path), SIMULATOR]
  const selected = isSimulator ? SIMULATOR : path
  const at = choices.indexOf(selected)

  const choose = (choice: string): void => {
    if (choice === SIMULATOR) onSimulator()
    else onPath(choice)
  }
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
      {ports === null && problem === null && <p className="hint">{t.portsLoading}</p>}
      {ports?.length === 0 && (
        <p className="hint">
          <b>{t.noPorts}</b>
          {t.noPortsHint}
        </p>
      )}
      <div
        className="polist scrolls"
        role="listbox"
        tabIndex={0}
        aria-label={t.ports}
        aria-activedescendant={at >= 0 ? `${listId}-${at}` : undefined}
        onKeyDown={pressed}
      >
        {(ports ?? []).map((port, index) => (
          <PortOption
            key={port.path}
            id={`${listId}-${index}`}
            port={port}
            isSelected={selected === port.path}
            isExplained={explained === port.path}
            onChoose={() => choose(port.path)}
            onOpen={onOpen}
            onExplain={() => setExplained(explained === port.path ? null : port.path)}
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
    </>
  )
}

interface PortOptionProps {
  readonly id: string
  readonly port: PortInfo
  readonly isSelected: boolean
  readonly isExplained: boolean
  readonly onChoose: () => void
  readonly onOpen: () => void
  readonly onExplain: () => void
}

function PortOption(props: PortOptionProps): JSX.Element {
  const { id, port, isSelected, isExplained, onChoose, onOpen, onExplain } = props
  const hasIds = port.vendorId !== '' || port.productId !== ''
  const facts = [
    port.path === port.title ? '' : port.path,
    port.manufacturer === '' || port.title.includes(port.manufacturer) ? '' : port.manufacturer,
    hasIds ? `${port.vendorId}:${port.productId}` : '',
    port.serialNumber === '' ? '' : `serial ${port.serialNumber}`,
  ]
  return (
    <div
      id={id}
      className={port.problem === null ? 'po' : 'po dis'}
      role="option"
      aria-selected={isSelected}
      onClick={onChoose}
      onDoubleClick={onOpen}
    >
      <Icon name={hasIds ? 'chip' : 'plug'} />
      <div>
        <b className="ell">{port.title}</b>
        {port.problem === null ? (
          <small className="ell">{facts.filter((fact) => fact !== '').join(' · ') || t.noDetails}</small>
        ) : (
          <>
            <small className="problem">
              <span className="ell">{`${port.path} · ${port.problem.message}`}</span>
              <button type="button" className="textlink" tabIndex={-1} onClick={onExplain}>
                {isExplained ? t.hideFix : t.showFix}
              </button>
            </small>
            {isExplained && <small className="fix selectable">{port.problem.remedy}</small>}
          </>
        )}
      </div>
      {port.problem !== null && <Icon name="warn" tone="warn" />}
    </div>
  )
}
