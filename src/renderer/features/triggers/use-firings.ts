import { useEffect } from 'react'
import type { TriggerFiring } from '../../../shared/model/triggers'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import { beep } from './beep'
import { showMessage } from './show-message'
import { triggerTexts as t } from './texts'

/** Does what triggers ask of this screen, and tells the person by a toast. */
export function useFirings(session: Session): void {
  useEffect(
    () =>
      session.client.subscribe('firings', {}, ({ firings }) => {
        for (const firing of firings) if (firing.notify) toastOf(firing)
        const told = firings.findLast(({ notify }) => notify)
        if (told !== undefined) notifyBySystem(told)
        if (firings.some(({ sound }) => sound) && !useApp.getState().areSoundsMuted) beep()
        const pausing = firings.find(({ pauseView }) => pauseView)
        if (pausing !== undefined) void pauseAt(session, pausing.messageId)
      }),
    [session],
  )
}

/** All triggers share a key: there is one toast at a time, and it says how many fired. */
function toastOf({ name, messageId, route }: TriggerFiring): void {
  useApp.getState().toasted({
    key: 'triggers',
    label: t.title,
    icon: 'bolt',
    tone: 'info',
    text: name,
    many: t.toastMany,
    ...(route !== '' && { detail: route }),
    action: { label: t.jump(messageId), hint: t.jumpHint(messageId), run: () => showMessage(messageId) },
  })
}

/** The view stands still with the message in it, also when the list has not heard of it yet. */
async function pauseAt(session: Session, messageId: number): Promise<void> {
  if (useApp.getState().frozen !== null) return
  const { position } = await session.rows.positionOf(messageId).catch(() => ({ position: null }))
  const { listed, viewPausedAt } = useApp.getState()
  viewPausedAt(messageId, position === null ? listed.end : position + 2) // its own row, and that of the trigger
}

function notifyBySystem({ name, messageId, route }: TriggerFiring): void {
  if (!document.hidden || typeof Notification === 'undefined' || Notification.permission !== 'granted') return
  new Notification(name, { body: t.toastSaid(name, messageId, route), tag: 'netcore-trigger' })
}
