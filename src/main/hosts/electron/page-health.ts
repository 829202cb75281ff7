import type { BrowserWindow, Dialog } from 'electron'

/**
 * Watches the page's process. When it dies or hangs, links, captures and answers go on in this process (they never depend
 * on the page); the operator is told and chooses. The page's channel closes by itself.
 */
export function watchPage(
  window: BrowserWindow,
  dialog: Pick<Dialog, 'showMessageBox'>,
  quit: () => void,
): void {
  const contents = window.webContents
  let isAsking = false
  let isReplacing = false
  const ask = async (message: string, buttons: string[]): Promise<number> => {
    isAsking = true
    const detail = 'Links and captures go on.'
    const { response } = await dialog.showMessageBox(window, { type: 'error', message, detail, buttons })
    isAsking = false
    return response
  }
  contents.on('render-process-gone', (_, { reason }) => {
    if (isReplacing) {
      isReplacing = false
      contents.reload()
      return
    }
    if (reason === 'clean-exit' || isAsking) return
    void ask(`The screen stopped (${reason}).`, ['Reload the screen', 'Quit']).then((choice) => {
      if (choice === 0) contents.reload()
      else quit()
    })
  })
  window.on('unresponsive', () => {
    if (isAsking) return
    void ask('The screen does not answer.', ['Wait', 'Reload the screen']).then((choice) => {
      if (choice === 0) return
      isReplacing = true
      contents.forcefullyCrashRenderer()
    })
  })
}
