import { type JSX, useEffect, useRef, useState } from 'react'
import { useApp } from '../store/app-store'
import type { ShownToast, ToastTone } from '../store/toast-slice'
import { groupDigits } from '../ui/format'
import { Icon, type IconName } from '../ui/icons'
import { texts } from '../ui/texts'
import { revealLine } from '../ui/visible-text'

const t = texts.toast
const SHOWN_MS = 5000
/** Not more often than this: a screen reader has to finish its sentence. */
const SAID_EVERY_MS = 2000

const ICONS: Readonly<Record<ToastTone, IconName>> = { ok: 'check', warn: 'warn', err: 'x', info: 'bolt' }

/** Tells of what finished or failed in the background: one toast at a time, for five seconds, and never with the focus. */
export function ToastHost(): JSX.Element {
  const toast = useApp((s) => s.toast)
  const { toastDismissed } = useApp.getState()
  const [isHeld, setIsHeld] = useState(false)
  useEffect(() => {
    if (toast === null || isHeld) return
    const timer = setTimeout(toastDismissed, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [toast, isHeld, toastDismissed])
  return (
    <>
      <p className="sr-only" aria-live="polite">
        <Said text={toast === null ? '' : said(toast)} />
      </p>
      {toast !== null && (
        <div
          className="toast"
          role="group"
          aria-label={toast.label ?? t.label}
          onMouseEnter={() => setIsHeld(true)}
          onMouseLeave={() => setIsHeld(false)}
          onFocus={() => setIsHeld(true)}
          onBlur={() => setIsHeld(false)}
        >
          <Icon name={toast.icon ?? ICONS[toast.tone]} {...(toast.tone !== 'info' && { tone: toast.tone })} />
          {prefix(toast) !== '' && <span className="t2">{prefix(toast)}</span>}
          <b className="b ell">{title(toast)}</b>
          {toast.action !== undefined && (
            <button type="button" className="textlink" title={toast.action.hint} onClick={toast.action.run}>
              {toast.action.label}
            </button>
          )}
          {toast.detail !== undefined && (
            <span className="t3 ell" title={revealLine(toast.detail)}>
              {revealLine(toast.detail)}
            </span>
          )}
          <button
            type="button"
            className="btn ghost sm sq"
            title={t.dismiss}
            aria-label={t.dismiss}
            onClick={() => {
              setIsHeld(false)
              toastDismissed()
            }}
          >
            <Icon name="x" />
          </button>
        </div>
      )}
    </>
  )
}

const prefix = ({ isOne, many, count }: ShownToast): string =>
  isOne || many === undefined ? '' : many(count)

function title(toast: ShownToast): string {
  const text = revealLine(toast.text)
  const isCounted = toast.count > 1 && prefix(toast) === ''
  return isCounted ? `${text} ${groupDigits(toast.count)}×` : text
}

function said(toast: ShownToast): string {
  const { action, detail } = toast
  const head = [prefix(toast), title(toast)].filter((part) => part !== '').join(' ')
  const tail = [action?.label ?? '', revealLine(detail ?? '')].filter((part) => part !== '').join(', ')
  return tail === '' ? head : `${head}: ${tail}`
}

/** Changes at most every two seconds. */
function Said({ text }: { readonly text: string }): string {
  const [shown, setShown] = useState('')
  const changedAtMs = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    const change = (): void => {
      changedAtMs.current = performance.now()
      setShown(text)
    }
    const timer = setTimeout(change, Math.max(0, changedAtMs.current + SAID_EVERY_MS - performance.now()))
    return () => clearTimeout(timer)
  }, [text])
  return shown
}
