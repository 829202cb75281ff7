import type { StateCreator } from 'zustand'
import type { WireError } from '../../shared/errors'
import type { CachedAnswer } from '../../shared/model/cache'
import { DEFAULT_PRIORITY, type Priority } from '../../shared/model/trace'

/** How the body is written. A form is JSON, filled in field by field. */
export type BodyFormat = 'form' | 'json' | 'msgpack' | 'hex' | 'text' | 'file'
/** A subscription is a request with any number of answers. */
export type SendKind = 'request' | 'subscribe' | 'event'

/** A header as it is typed: `true`, `12` and `null` are what JSON says they are, everything else is text. */
export interface HeaderText {
  readonly name: string
  readonly value: string
}

export interface Draft {
  readonly route: string
  readonly kind: SendKind
  readonly format: BodyFormat
  /** The text of the format; of a file its path. */
  readonly body: string
  readonly priority: Priority
  /** Seconds, as typed. */
  readonly timeoutText: string
  readonly headers: readonly HeaderText[]
  /** A filter that the answer must match; empty for any. */
  readonly expect: string
  /** Ask before each sending. */
  readonly confirms: boolean
}

/** The message sent last by hand, whose answer the composer waits for. */
export interface Sent {
  readonly messageId: number
  readonly kind: SendKind | 'bytes'
  readonly timeoutMs: number
  /** What was expected of the answer when it was sent. */
  readonly expect: string
  /** The answer was there already: nothing went over the wire, and `messageId` is that of the answer, 0 without one. */
  readonly cached?: CachedAnswer
}

export interface RepeatSetting {
  readonly timesText: string
  readonly everyText: string
}

/** Parts of the composer that are shown when they are asked for. */
export type ComposerPart = 'headers' | 'expect' | 'repeat' | 'history'

/** What the person is writing, and what became of what was sent. */
export interface ComposerSlice {
  readonly draft: Draft
  /** The saved message that the draft was opened from; null for a new one. */
  readonly draftName: string | null
  readonly isSending: boolean
  readonly sent: Sent | null
  readonly sendProblem: WireError | null
  /** Routes sent before, newest first. */
  readonly sentRoutes: readonly string[]
  readonly repeat: RepeatSetting
  /** The part that is open; at most one, so that the composer keeps its height. */
  readonly openPart: ComposerPart | null
  /** Name of the environment whose variables are put in; empty for none. */
  readonly environment: string
  readonly draftChanged: (change: Partial<Draft>) => void
  /** Puts a whole message into the composer. */
  readonly draftOpened: (draft: Draft, name: string | null) => void
  readonly draftSaved: (name: string) => void
  readonly sendStarted: () => void
  readonly sendAccepted: (sent: Sent, route: string) => void
  readonly sendRefused: (problem: WireError) => void
  readonly sentDismissed: () => void
  readonly repeatChanged: (change: Partial<RepeatSetting>) => void
  readonly partToggled: (part: ComposerPart | null) => void
  readonly environmentChosen: (name: string) => void
}

const MAX_ROUTES_REMEMBERED = 20

export const EMPTY_COMPOSER_DRAFT: Draft = {
  route: '',
  kind: 'request',
  format: 'json',
  body: '',
  priority: DEFAULT_PRIORITY,
  timeoutText: '30',
  headers: [],
  expect: '',
  confirms: false,
}

export const createComposerSlice: StateCreator<ComposerSlice, [], [], ComposerSlice> = (set) => ({
  draft: EMPTY_COMPOSER_DRAFT,
  draftName: null,
  isSending: false,
  sent: null,
  sendProblem: null,
  sentRoutes: [],
  repeat: { timesText: '10', everyText: '100' },
  openPart: null,
  environment: '',
  draftChanged: (change) => set((s) => ({ draft: { ...s.draft, ...change } })),
  draftOpened: (draft, draftName) => set({ draft, draftName, sendProblem: null }),
  draftSaved: (draftName) => set({ draftName }),
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
  repeatChanged: (change) => set((s) => ({ repeat: { ...s.repeat, ...change } })),
  partToggled: (part) => set((s) => ({ openPart: s.openPart === part ? null : part })),
  environmentChosen: (environment) => set({ environment }),
})
