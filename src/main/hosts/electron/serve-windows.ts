import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { WINDOW_REQUEST } from '../../../shared/contract/host-api'
import { isOurMainFrame } from './frame-trust'

/** More windows than this on one session are an accident, such as a key that is held down. */
export const MAX_WINDOWS = 8

/** What Electron gives this file. */
export interface WindowParts {
  readonly ipcMain: Pick<IpcMain, 'handle'>
  countWindows(): number
  openWindow(): void
}

/** Opens another window when our page asks, and for nobody else; the page itself has no way to make one. */
export function serveWindows(parts: WindowParts): void {
  parts.ipcMain.handle(WINDOW_REQUEST, (event: IpcMainInvokeEvent): void => {
    if (isOurMainFrame(event.senderFrame) && parts.countWindows() < MAX_WINDOWS) parts.openWindow()
  })
}
