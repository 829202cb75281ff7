/**
 * What the two halves of the double tell each other. The half in the app's process stands in for the `electron` module; the
 * half in the test's process owns the Chromium page that stands in for the window.
 */

/** What the two sides send through a port: frames, and a text as goodbye. */
export type PortData = Uint8Array | string

/** App process to window. */
export type ToWindow =
  | { t: 'window-created'; preloadPath: string; width: number; height: number }
  | { t: 'load'; url: string }
  | { t: 'shown' }
  | { t: 'invoke-result'; id: number; ok: boolean; value: unknown }
  | { t: 'frame-message'; channel: string; message: unknown; ports: number[] }
  | { t: 'port-message'; port: number; data: PortData }
  | { t: 'port-closed'; port: number }
  | { t: 'answer'; id: number; value: unknown }
  | { t: 'external'; url: string }
  | { t: 'error-box'; title: string; content: string }

/** Window to app process. Those with an `id` are answered. */
export type ToApp =
  | { t: 'ready-to-show' }
  | { t: 'window-closed' }
  | { t: 'invoke'; id: number; channel: string; args: unknown[]; frame: FrameFacts }
  | { t: 'port-message'; port: number; data: PortData }
  | { t: 'port-closed'; port: number }
  | { t: 'request'; id: number; url: string; method: string }
  | { t: 'navigate'; id: number; url: string; isMainFrame: boolean }
  | { t: 'open-window'; id: number; url: string }
  | { t: 'permission'; id: number; permission: string; url: string }
  | { t: 'download'; id: number; url: string }
  | { t: 'second-instance' }

export interface FrameFacts {
  readonly url: string
  readonly isMainFrame: boolean
}

/** Answer to `request`: what the app's protocol handler said. */
export interface SchemeAnswer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Uint8Array
}
