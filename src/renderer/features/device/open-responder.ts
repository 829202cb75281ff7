import { useApp } from '../../store/app-store'

/** The responder in the editor. */
export interface OpenResponder {
  readonly name: string
  /** It has no file yet: `text` is what it begins with. */
  readonly isNew: boolean
  readonly text: string
}

export const NEW_TEXT = 'route: cfg.get\nanswer:\n  json:\n    ok: true\n'

/** Brings a message into sight. */
export function showMessage(messageId: number): void {
  const { pageChosen, messageSelected } = useApp.getState()
  pageChosen('live')
  messageSelected(messageId, 'inspector')
}
