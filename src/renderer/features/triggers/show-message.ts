import { useApp } from '../../store/app-store'

/** Brings a message into sight, wherever the person is. */
export function showMessage(messageId: number): void {
  const { triggersToggled, pageChosen, messageSelected } = useApp.getState()
  triggersToggled(false)
  pageChosen('live')
  messageSelected(messageId, 'inspector')
}
