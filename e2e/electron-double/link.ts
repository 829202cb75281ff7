import type { ToApp, ToWindow } from './messages'

/** The process that started us; it owns the page. */
export function tellWindow(message: ToWindow): void {
  if (process.send === undefined) throw new Error('the double of electron runs only as a child of its tests')
  process.send(message)
}

export function onWindowMessage(receive: (message: ToApp) => void): void {
  process.on('message', (message) => receive(message as ToApp))
  process.on('disconnect', () => process.exit(0)) // the tests are gone
}
