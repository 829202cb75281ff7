import { type JSX, useState } from 'react'
import { triggerTexts as t } from './texts'

const permissionNow = (): NotificationPermission =>
  typeof Notification === 'undefined' ? 'denied' : Notification.permission

/** May the system tell of triggers while nobody sees the window? Asked by the person only, never by the program. */
export function NotifyPermission(): JSX.Element | null {
  const [permission, setPermission] = useState(permissionNow)
  if (permission === 'granted') return <p className="t3">{t.notifyHint}</p>
  if (permission === 'denied') return <p className="t3">{t.refused}</p>
  return (
    <p>
      <button
        type="button"
        className="textlink"
        onClick={() => void Notification.requestPermission().then(setPermission)}
      >
        {t.allow}
      </button>
    </p>
  )
}
