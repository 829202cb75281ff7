import { useState } from 'react'
import { toWireError } from '../../../shared/errors'
import { parseMessage } from '../../../shared/workspace/message-file'
import { useApp } from '../../store/app-store'
import { isUsable, selectSendLink } from '../../store/links-slice'
import type { Outgoing } from '../../store/session'
import { useSession } from '../../store/session-context'
import { useConfirmRoutes } from '../../store/use-confirm-routes'
import { isEdited, saveFile, useSend } from './send-store'
import { texts } from './texts'

export interface RunMessage {
  readonly run: (name: string) => void
  /** A message that asks before it is sent. */
  readonly asked: Outgoing | null
  readonly answer: (isYes: boolean) => void
  /** Why nothing can be sent now; null when it can. */
  readonly blocked: string | null
}

/** Sends a saved message over the link in hand; what is edited is saved first, so that what is sent is what is kept. */
export function useRunMessage(): RunMessage {
  const session = useSession()
  const link = useApp(selectSendLink)
  const confirmRoutes = useConfirmRoutes()
  const [asked, setAsked] = useState<Outgoing | null>(null)
  const blocked =
    link === undefined || !isUsable(link) ? texts.noLink : link.isListenOnly ? texts.locked : null
  const run = async (name: string): Promise<void> => {
    const { sendRefused } = useApp.getState()
    const { open } = useSend.getState()
    if (link === undefined || blocked !== null) return
    if (
      open?.kind === 'messages' &&
      open.name === name &&
      isEdited(open) &&
      !(await saveFile(session.client))
    )
      return
    try {
      const { file } = await session.client.call('workspace.read', { kind: 'messages', name })
      const { value } = parseMessage(file.text, file.name)
      if (value === undefined) return // its mistake is shown where it stands
      const outgoing = { linkId: link.linkId, draft: value, name }
      if (value.confirms || confirmRoutes.asksFor(value.route)) setAsked(outgoing)
      else session.send(outgoing)
    } catch (error) {
      sendRefused(toWireError(error))
    }
  }
  const answer = (isYes: boolean): void => {
    setAsked(null)
    if (isYes && asked !== null) session.send(asked)
  }
  return { run: (name) => void run(name), asked, answer, blocked }
}
