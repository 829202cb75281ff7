import { type JSX, type KeyboardEvent, useCallback, useRef, useState } from 'react'
import type { LinkStatus } from '../../../shared/model/views'
import { useSession } from '../../store/session-context'
import { useSessionNow } from '../../store/use-session-now'
import { CopyText } from '../../ui/CopyText'
import { formatElapsed } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { FindBar } from './FindBar'
import type { LogOutcome } from './LogButton'
import { SendBar } from './SendBar'
import { keepTerminalSettings, readTerminalSettings, type TerminalSettings } from './settings'
import { TerminalHead } from './TerminalHead'
import { terminalTexts as t } from './texts'
import { useTerminal } from './use-terminal'

const MOVES = {
  ArrowUp: 'line-up',
  ArrowDown: 'line-down',
  PageUp: 'page-up',
  PageDown: 'page-down',
  Home: 'top',
  End: 'end',
} as const
const SILENCE_TOLD_AFTER_MS = 5000

/** The terminal of one link: its head, what passed, and the line to send. */
export function TerminalPane({ link }: { readonly link: LinkStatus }): JSX.Element {
  const { linkId } = link
  const session = useSession()
  const host = useRef<HTMLDivElement>(null)
  const line = useRef<HTMLInputElement>(null)
  const [settings, setSettings] = useState(readTerminalSettings)
  const [isPaused, setIsPaused] = useState(false)
  const [isFinding, setIsFinding] = useState(false)
  const [copied, setCopied] = useState('')
  const [logOutcome, setLogOutcome] = useState<LogOutcome | null>(null)
  const { terminal, state, isAtEnd } = useTerminal(host, linkId, settings, isPaused)
  const told = useCallback((outcome: LogOutcome) => setLogOutcome(outcome), [])

  const changed = (change: Partial<TerminalSettings>): void => {
    const next = { ...settings, ...change }
    setSettings(next)
    keepTerminalSettings(next)
  }
  const clear = (): void => {
    void session.client.call('terminal.clear', { linkId }).catch(noticeNothing)
  }
  const copy = (): void => {
    if (terminal === null) return
    const selected = terminal.screen.selectedText(terminal.controller.prefixColumns)
    const text = selected === '' ? terminal.controller.plainText() : selected
    // in an insecure context there is no clipboard at all
    const copying =
      'clipboard' in navigator ? navigator.clipboard.writeText(text) : Promise.reject(new Error())
    copying.then(
      () => setCopied(t.copied),
      () => setCopied(t.copyFailed),
    )
  }
  const endFind = (): void => {
    setIsFinding(false)
    terminal?.screen.endFind()
    terminal?.screen.focus()
  }
  const pressed = (event: KeyboardEvent): void => {
    if (keyPressed(event)) {
      event.preventDefault()
      event.stopPropagation()
    }
  }
  /** Whether the key means something here. */
  const keyPressed = (event: KeyboardEvent): boolean => {
    const { key, altKey, target } = event
    const isCommand = event.ctrlKey || event.metaKey
    const isInTerminal = target instanceof Node && host.current?.contains(target) === true
    if (altKey) return false
    if (isCommand && !event.shiftKey) {
      if (key === 'f') setIsFinding(true)
      else if (key === 'l') clear()
      else if (key === '+' || key === '=') changed({ fontSize: Math.min(24, settings.fontSize + 1) })
      else if (key === '-') changed({ fontSize: Math.max(9, settings.fontSize - 1) })
      else if (key === 'c' && isInTerminal) copy()
      else if (key === 'a' && isInTerminal) terminal?.screen.selectAll()
      else return false
      return true
    }
    if (!isInTerminal) return false
    if (key === 'Escape') line.current?.focus()
    else if (key in MOVES) terminal?.screen.scroll(MOVES[key as keyof typeof MOVES])
    // what is typed goes into the line below; the key itself follows the focus
    else if (key.length === 1 && !isCommand && key !== ' ') {
      line.current?.focus()
      return false
    } else if (key === ' ') setIsPaused(!isPaused)
    else return false
    return true
  }
  return (
    <div className="term-page" onKeyDown={pressed}>
      <section className="pane term" aria-label={t.pane} data-pane="terminal">
        <TerminalHead
          link={link}
          settings={settings}
          isPaused={isPaused}
          waitingBytes={state.waitingBytes}
          copied={copied}
          onSettings={changed}
          onPause={() => setIsPaused(!isPaused)}
          onClear={clear}
          onFind={() => setIsFinding(true)}
          onCopy={copy}
          onCopyTold={() => setCopied('')}
          onLogOutcome={told}
        />
        {logOutcome !== null && (
          <p className="term-note" role={logOutcome.isBad ? 'alert' : 'status'}>
            <Icon name={logOutcome.isBad ? 'warn' : 'check'} tone={logOutcome.isBad ? 'err' : 'ok'} />
            <span className="ell selectable" title={logOutcome.text}>
              {logOutcome.text}
            </span>
            {logOutcome.path !== null && <CopyText text={logOutcome.path} labels={t.copyPath} />}
            <button type="button" className="btn ghost sm" onClick={() => setLogOutcome(null)}>
              {t.dismiss}
            </button>
          </p>
        )}
        <div className="term-body">
          <div ref={host} className="term-host" />
          {state.isEmpty && <Nothing link={link} />}
          {isFinding && terminal !== null && (
            <FindBar
              onFind={(wanted) => terminal.screen.find(wanted, terminal.controller.prefixColumns)}
              onStep={(direction) => terminal.screen.step(direction)}
              onClose={endFind}
            />
          )}
          {!isAtEnd && (
            <button type="button" className="btn term-end" onClick={() => terminal?.screen.scroll('end')}>
              <Icon name="arrowDown" /> {t.toEnd} <kbd>End</kbd>
            </button>
          )}
        </div>
      </section>
      <SendBar key={linkId} link={link} input={line} />
    </div>
  )
}

/** A link that is gone has nothing to forget; the end of the channel is told once, by the channel. */
const noticeNothing = (): void => undefined

function Nothing({ link }: { readonly link: LinkStatus }): JSX.Element {
  const isOpen = link.phase === 'connected'
  const nowMs = useSessionNow(1000, isOpen)
  const forMs = nowMs - link.phaseSinceMs
  const isLong = isOpen && forMs >= SILENCE_TOLD_AFTER_MS
  return (
    <div className="empty" role="status">
      <p>{isLong ? t.nothingFor(formatElapsed(forMs)) : t.nothing}</p>
      <p>{isOpen ? t.nothingHint : t.closed}</p>
    </div>
  )
}
