import { useApp } from '../../store/app-store'

/** Brings a message into sight, with its details. */
export function showMessage(messageId: number): void {
  const { pageChosen, messageSelected } = useApp.getState()
  pageChosen('live')
  messageSelected(messageId, 'inspector')
}
