import type { JSX } from 'react'
import { useApp } from '../store/app-store'
import { selectIsLocked } from '../store/links-slice'
import { useSession } from '../store/session-context'
import { Icon } from '../ui/icons'
import { texts } from '../ui/texts'

/** The lock against sending. While it is on it says so in words: nobody should wonder why nothing leaves. */
export function LockButton(): JSX.Element {
  const session = useSession()
  const isLocked = useApp(selectIsLocked)
  const label = isLocked ? texts.lock.turnOff : texts.lock.turnOn
  return (
    <button
      type="button"
      className={isLocked ? 'btn locked' : 'btn ghost sq'}
      title={label}
      aria-label={label}
      aria-pressed={isLocked}
      onClick={() => session.setLock(!isLocked)}
    >
      <Icon name={isLocked ? 'lock' : 'unlock'} />
      {isLocked && texts.lock.on}
    </button>
  )
}
