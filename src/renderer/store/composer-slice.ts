import type { StateCreator } from 'zustand'
import type { WireError } from '../../shared/errors'
import { DEFAULT_PRIORITY, type Priority } from '../../shared/model/trace'

export type BodyFormat = 'json' | 'text' | 'hex'
export type SendKind = 'request' | 'event'

export interface Draft {
  readonly route: string
  readonly kind: SendKind
  readonly format: BodyFormat
  readonly body: string
  readonly priority: Priority
  /** Seconds, as typed. */
  readonly timeoutText: string
}

/** The message sent last by hand, whose answer the composer waits for. */
export interface Sent {
  readonly messageId: number
  readonly kind: SendKind | 'bytes'
  readonly timeoutMs: number
}

/** What the person is writing, and what became of what was sent. */
export interface ComposerSlice {
  readonly draft: Draft
  readonly isSending: boolean
  readonly sent: Sent | null
  readonly sendProblem: WireError | null
  /** Routes sent before, newest first. */
  readonly sentRoutes: readonly string[]
  readonly draftChanged: (change: Partial<Draft>) => void
  readonly sendStarted: () => void
  readonly sendAccepted: (sent: Sent, route: string) => void
  readonly sendRefused: (problem: WireError) => void
  readonly sentDismissed: () => void
}

const MAX_ROUTES_REMEMBERED = 20

export const createComposerSlice: StateCreator<ComposerSlice, [], [], ComposerSlice> = (set) => ({
  draft: {
    route: '',
    kind: 'request',
    format: 'json',
    body: '',
    priority: DEFAULT_PRIORITY,
    timeoutText: '30',
  },
  isSending: false,
  sent: null,
  sendProblem: null,
  sentRoutes: [],
  draftChanged: (change) => set((s) => ({ draft: { ...s.draft, ...change } })),
  sendStarted: () => set({ isSending: true, sendProblem: null }),
  sendAccepted: (sent, route) =>
    set((s) => ({
      isSending: false,
      sent,
      sentRoutes:
        route === ''
          ? s.sentRoutes
          : [route, ...s.sentRoutes.filter((known) => known !== route)].slice(0, MAX_ROUTES_REMEMBERED),
    })),
  sendRefused: (sendProblem) => set({ isSending: false, sent: null, sendProblem }),
  sentDismissed: () => set({ sent: null, sendProblem: null }),
})
