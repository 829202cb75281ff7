import { useEffect, useState } from 'react'
import type { TriggerFiring } from '../../../shared/model/triggers'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import { beep } from './beep'
import { triggerTexts as t } from './texts'

/** What a person is told: the last firing, and how many it stands for. */
export interface Toast {
  readonly firing: TriggerFiring
  readonly count: number
  /** All of them are of one trigger. */
  readonly isOne: boolean
}

/** Adds firings to what is shown: there is one toast at a time. */
export function coalesced(shown: Toast | null, firings: readonly TriggerFiring[]): Toast | null {
  let toast = shown
  for (const firing of firings) {
    if (!firing.notify) continue
    const isOne = toast === null || (toast.isOne && toast.firing.triggerId === firing.triggerId)
    toast = { firing, count: (toast?.count ?? 0) + 1, isOne }
  }
  return toast
}

/** Does what triggers ask of this screen, and gives what the person is told. */
export function useFirings(session: Session): { toast: Toast | null; dismiss: () => void } {
  const [toast, setToast] = useState<Toast | null>(null)
  useEffect(
    () =>
      session.client.subscribe('firings', {}, ({ firings }) => {
        setToast((shown) => coalesced(shown, firings))
        const told = firings.findLast(({ notify }) => notify)
        if (told !== undefined) notifyBySystem(told)
        if (firings.some(({ sound }) => sound) && !useApp.getState().areSoundsMuted) beep()
        const pausing = firings.find(({ pauseView }) => pauseView)
        if (pausing !== undefined) void pauseAt(session, pausing.messageId)
      }),
    [session],
  )
  return { toast, dismiss: () => setToast(null) }
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
