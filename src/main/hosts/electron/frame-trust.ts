import { isOwnUrl } from './app-scheme'

/** What the check needs of a `WebFrameMain`. */
export interface SenderFrame {
  readonly parent: SenderFrame | null
  readonly url: string
}

/**
 * True for the main frame of our page. The window is not enough: a sub-frame of the same window has the same sender. An
 * empty frame (gone meanwhile), `about:blank` and every other address are strangers.
 */
export function isOurMainFrame(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && isOwnUrl(frame.url)
}
