import { type RefObject, useEffect, useRef, useState } from 'react'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { selectTheme } from '../../store/theme-slice'
import type { TerminalSettings } from './settings'
import { TerminalController, type TerminalState } from './terminal-controller'
import { TerminalScreen } from './terminal-screen'
import { terminalTexts as t } from './texts'

export interface LiveTerminal {
  readonly screen: TerminalScreen
  readonly controller: TerminalController
}

const EMPTY: TerminalState = { isEmpty: true, receivedBytes: 0, waitingBytes: 0 }

/** Runs the terminal of a link while it is mounted; null until it stands. */
export function useTerminal(
  host: RefObject<HTMLElement | null>,
  linkId: number,
  settings: TerminalSettings,
  isPaused: boolean,
): { readonly terminal: LiveTerminal | null; readonly state: TerminalState; readonly isAtEnd: boolean } {
  const { client } = useSession()
  const theme = useApp(selectTheme)
  const startedAtMs = useApp((s) => s.startedAtMs)
  const [terminal, setTerminal] = useState<LiveTerminal | null>(null)
  const [state, setState] = useState(EMPTY)
  const [isAtEnd, setIsAtEnd] = useState(true)
  const latest = useRef(settings)
  useEffect(() => {
    latest.current = settings
  }, [settings])

  useEffect(() => {
    const element = host.current
    if (element === null) return
    const { fontSize, scrollback } = latest.current
    const screen = new TerminalScreen(element, { fontSize, scrollback, label: t.screen })
    const controller = new TerminalController(screen, startedAtMs, latest.current, setState)
    const moved = screen.onMoved(() => setIsAtEnd(screen.isAtEnd))
    const stop = client.subscribe(
      'terminal',
      { linkId },
      (batch) => controller.take(batch),
      () => undefined, // the end of the channel is told once, by the channel
    )
    setTerminal({ screen, controller })
    return () => {
      stop()
      moved()
      screen.dispose()
      setTerminal(null)
    }
  }, [host, client, linkId, startedAtMs])

  useEffect(() => terminal?.controller.show(settings), [terminal, settings])
  useEffect(() => terminal?.controller.pause(isPaused), [terminal, isPaused])
  useEffect(() => terminal?.screen.setFontSize(settings.fontSize), [terminal, settings.fontSize])
  useEffect(() => terminal?.screen.setScrollback(settings.scrollback), [terminal, settings.scrollback])
  useEffect(() => {
    // the attribute that selects the colours may be written after this effect
    const id = requestAnimationFrame(() => terminal?.screen.restyle())
    return () => cancelAnimationFrame(id)
  }, [terminal, theme])
  return { terminal, state, isAtEnd }
}
