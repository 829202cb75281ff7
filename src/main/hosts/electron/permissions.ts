import type { Session } from 'electron'
import { isOwnUrl } from './app-scheme'

/** Everything a page may be granted, with the reason. The rest is refused: serial ports, too, belong to the core. */
const GRANTED: ReadonlyMap<string, string> = new Map([
  ['clipboard-sanitized-write', 'Copying bodies, hex and addresses; only after a click and never reading'],
])

/** Granted to our own page in its main frame alone: they reach the person outside of the window. */
const GRANTED_TO_OUR_PAGE: ReadonlyMap<string, string> = new Map([
  ['notifications', 'Telling of a trigger that the person armed, while nobody sees the window'],
])

/** Who asks, as far as Electron tells. */
export interface Asker {
  readonly url: string | undefined
  readonly isMainFrame: boolean | undefined
}

export function isGranted(permission: string, { url, isMainFrame }: Asker): boolean {
  if (GRANTED.has(permission)) return true
  if (!GRANTED_TO_OUR_PAGE.has(permission)) return false
  return isMainFrame === true && url !== undefined && isOwnUrl(url)
}

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
  session.setPermissionRequestHandler((_, permission, answer, { requestingUrl, isMainFrame }) => {
    answer(isGranted(permission, { url: requestingUrl, isMainFrame }))
  })
  session.setPermissionCheckHandler((_, permission, origin, { isMainFrame }) =>
    isGranted(permission, { url: origin, isMainFrame }),
  )
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
