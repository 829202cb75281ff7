import { type JSX, useEffect, useRef, useState } from 'react'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { revealLine } from '../../ui/visible-text'
import { showMessage } from './show-message'
import { triggerTexts as t } from './texts'
import { type Toast, useFirings } from './use-firings'
import './triggers.css'

const SHOWN_MS = 5000
/** Not more often than this: a screen reader has to finish its sentence. */
const SAID_EVERY_MS = 2000

/** Tells of triggers that fired: one toast at a time, for five seconds, and never with the focus. */
export function TriggerToast(): JSX.Element {
  const { toast, dismiss } = useFirings(useSession())
  const [isHeld, setIsHeld] = useState(false)
  const latest = useRef(dismiss)
  useEffect(() => {
    latest.current = dismiss
  })
  useEffect(() => {
    if (toast === null || isHeld) return
    const timer = setTimeout(() => latest.current(), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [toast, isHeld])
  return (
    <>
      <p className="sr-only" aria-live="polite">
        <Said text={toast === null ? '' : said(toast)} />
      </p>
      {toast !== null && (
        <div
          className="toast"
          role="group"
          aria-label={t.title}
          onMouseEnter={() => setIsHeld(true)}
          onMouseLeave={() => setIsHeld(false)}
          onFocus={() => setIsHeld(true)}
          onBlur={() => setIsHeld(false)}
        >
          <Icon name="bolt" />
          {!toast.isOne && <span className="t2">{t.toastMany(toast.count)}</span>}
          <b className="b ell">
            {t.toastTimes(revealLine(toast.firing.name), toast.isOne ? toast.count : 1)}
          </b>
          <button
            type="button"
            className="textlink"
            title={t.jumpHint(toast.firing.messageId)}
            onClick={() => showMessage(toast.firing.messageId)}
          >
            {t.jump(toast.firing.messageId)}
          </button>
          <span className="t3 ell">{toast.firing.route}</span>
          <button
            type="button"
            className="btn ghost sm sq"
            title={t.dismiss}
            aria-label={t.dismiss}
            onClick={() => {
              setIsHeld(false)
              dismiss()
            }}
          >
            <Icon name="x" />
          </button>
        </div>
      )}
    </>
  )
}

function said({ firing, count, isOne }: Toast): string {
  const title = isOne ? t.toastTimes(firing.name, count) : `${t.toastMany(count)} ${firing.name}`
  return t.toastSaid(revealLine(title), firing.messageId, firing.route)
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
