import { type JSX, useCallback, useEffect, useState } from 'react'
import { asConsoleError } from '../../../shared/errors'
import type { CommandRequest } from '../../../shared/contract/contract'
import type { TerminalLogState } from '../../../shared/model/terminal'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { Menu, type ScreenPoint } from '../../ui/Menu'
import { terminalTexts as t } from './texts'

type LogRequest = Omit<CommandRequest<'terminal.log'>, 'linkId'>

const KINDS = {
  textTimes: { shape: 'text', hasTimes: true },
  text: { shape: 'text', hasTimes: false },
  hexTimes: { shape: 'hex', hasTimes: true },
  raw: { shape: 'raw', hasTimes: false },
} as const
const STATUS_MS = 1000

export interface LogOutcome {
  readonly text: string
  readonly path: string | null
  readonly isBad: boolean
}

interface LogButtonProps {
  readonly linkId: number
  readonly onOutcome: (outcome: LogOutcome) => void
}

/** Starts and stops the log of a link. It goes on while another page is shown. */
export function LogButton({ linkId, onOutcome }: LogButtonProps): JSX.Element {
  const { client } = useSession()
  const [log, setLog] = useState<TerminalLogState | null>(null)
  const [menuAt, setMenuAt] = useState<ScreenPoint | null>(null)
  const closed = useCallback(() => setMenuAt(null), [])
  const isRunning = log?.isRunning === true

  const ask = useCallback(
    (request: LogRequest) => client.call('terminal.log', { linkId, ...request }),
    [client, linkId],
  )
  useEffect(() => {
    let isGone = false
    const look = (): void => {
      ask({ action: 'status', shape: 'text', hasTimes: false }).then(
        (state) => {
          if (isGone) return
          setLog(state)
          if (state.problem !== null) {
            const path = state.path ?? ''
            onOutcome({ text: t.logProblem(path, state.problem.message), path, isBad: true })
            // it is told once: the core may forget it
            ask({ action: 'stop', shape: 'text', hasTimes: false }).catch(() => undefined)
          }
        },
        () => undefined, // the end of the channel is told once, by the channel
      )
    }
    look()
    const timer = setInterval(look, STATUS_MS)
    return () => {
      isGone = true
      clearInterval(timer)
    }
  }, [ask, onOutcome])

  const failed = (error: unknown): void => {
    const { code, message, remedy } = asConsoleError(error)
    onOutcome({ text: `${code}: ${message}. ${remedy}`, path: null, isBad: true })
  }
  const stop = (): void => {
    ask({ action: 'stop', shape: 'text', hasTimes: false }).then((state) => {
      setLog(null)
      if (state.path !== null)
        onOutcome({ text: t.logSaved(state.path, state.bytes), path: state.path, isBad: false })
    }, failed)
  }
  return (
    <>
      <button
        type="button"
        className={isRunning ? 'btn sm term-logging' : 'btn ghost sm'}
        title={isRunning ? `${t.stopLog}: ${log.path ?? ''}` : t.logHint}
        aria-haspopup={isRunning ? undefined : 'menu'}
        aria-pressed={isRunning}
        onClick={({ currentTarget }) => {
          if (isRunning) {
            stop()
            return
          }
          const { left, bottom } = currentTarget.getBoundingClientRect()
          setMenuAt({ x: left, y: bottom + 4 })
        }}
      >
        {isRunning && <span className="dot err" />}
        {isRunning ? t.logging(log.bytes) : t.log}
        {!isRunning && <Icon name="down" small />}
      </button>
      {menuAt !== null && (
        <Menu
          label={t.logMenu}
          at={menuAt}
          groups={[
            {
              label: t.logMenu,
              items: (Object.keys(KINDS) as (keyof typeof KINDS)[]).map((kind) => ({
                key: kind,
                label: t.logs[kind],
                run: () => ask({ action: 'start', ...KINDS[kind] }).then(setLog, failed),
              })),
            },
          ]}
          onClose={closed}
        />
      )}
    </>
  )
}
