import type { Session } from 'electron'

/** Everything a page may be granted, with the reason. The rest is refused: serial ports, too, belong to the core. */
const GRANTED: ReadonlyMap<string, string> = new Map([
  ['clipboard-sanitized-write', 'Copying bodies, hex and addresses; only after a click and never reading'],
])

export const isGranted = (permission: string): boolean => GRANTED.has(permission)

/** The part of a session this file sets. */
export type GuardedSession = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'on'
>

/** Refuses permissions, devices and downloads. Request and check need a handler each; one does not imply the other. */
export function guardSession(session: GuardedSession): void {
  session.setPermissionRequestHandler((_, permission, answer) => {
    answer(isGranted(permission))
  })
  session.setPermissionCheckHandler((_, permission) => isGranted(permission))
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_, answer) => {
    answer(null)
  })
  session.on('select-serial-port', (event, _ports, _contents, answer) => {
    event.preventDefault()
    answer('')
  })
  session.on('select-hid-device', (event, _details, answer) => {
    event.preventDefault()
    answer(null)
  })
  session.on('select-usb-device', (event, _details, answer) => {
    event.preventDefault()
    answer()
  })
  session.on('will-download', (event) => {
    event.preventDefault()
  })
}
