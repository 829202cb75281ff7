import type { WebContents } from 'electron'
import { isPageUrl } from './app-scheme'
import { externalUrl } from './external-links'

/** The part of a web contents this file sets. */
export type GuardedContents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>

/**
 * Keeps a web contents on our page: no navigation of any frame (a reload of the page itself is none), no redirect, no
 * window, no `webview`. A link to a known host opens in the system's browser instead.
 */
export function guardContents(contents: GuardedContents, openExternal: (url: string) => void): void {
  contents.on('will-navigate', (details) => {
    if (!isPageUrl(details.url)) details.preventDefault()
  })
  contents.on('will-frame-navigate', (details) => {
    if (!details.isMainFrame || !isPageUrl(details.url)) details.preventDefault()
  })
  contents.on('will-redirect', (details) => {
    details.preventDefault()
  })
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  contents.setWindowOpenHandler(({ url }) => {
    const allowed = externalUrl(url)
    if (allowed !== undefined) openExternal(allowed)
    return { action: 'deny' }
  })
}
