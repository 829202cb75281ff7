import type { StateCreator } from 'zustand'
import type { WireError } from '../../shared/errors'
import type { LinkStatus, PortInfo, Profile, RecentLink } from '../../shared/model/views'
import { isUsable } from './links-slice'

/** One try to connect, from the button until the link works or failed. */
export type Attempt =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking' }
  /** `sinceMs`: session time of the phase the link had when it was asked to open; what was told of it before is old. */
  | { readonly kind: 'opening'; readonly linkId: number; readonly sinceMs: number }
  /** `isTrying`: the link goes on trying by itself. */
  | {
      readonly kind: 'failed'
      readonly linkId: number | null
      readonly problem: WireError
      readonly isTrying: boolean
    }

/** The connection card. */
export interface ConnectSlice {
  readonly isConnectOpen: boolean
  /** The address the card begins with; null for the one connected to last. */
  readonly connectUrl: string | null
  readonly ports: readonly PortInfo[] | null
  readonly portsProblem: WireError | null
  readonly recents: readonly RecentLink[]
  /** Links with a name, as they stand in the workspace; null until they are known. */
  readonly profiles: readonly Profile[] | null
  /** Why the profile that was meant last was not saved or removed. */
  readonly profilesProblem: WireError | null
  readonly attempt: Attempt
  readonly connectOpened: (url: string | null) => void
  readonly connectClosed: () => void
  readonly portsListed: (ports: readonly PortInfo[]) => void
  readonly portsFailed: (problem: WireError) => void
  readonly recentsListed: (recents: readonly RecentLink[]) => void
  readonly profilesListed: (profiles: readonly Profile[]) => void
  readonly profilesFailed: (problem: WireError | null) => void
  readonly attemptChanged: (attempt: Attempt) => void
}

export const createConnectSlice: StateCreator<ConnectSlice, [], [], ConnectSlice> = (set) => ({
  isConnectOpen: false,
  connectUrl: null,
  ports: null,
  portsProblem: null,
  recents: [],
  profiles: null,
  profilesProblem: null,
  attempt: { kind: 'none' },
  connectOpened: (connectUrl) => set({ isConnectOpen: true, connectUrl, attempt: { kind: 'none' } }),
  connectClosed: () => set({ isConnectOpen: false, attempt: { kind: 'none' } }),
  portsListed: (ports) => set({ ports, portsProblem: null }),
  portsFailed: (portsProblem) => set({ portsProblem }),
  recentsListed: (recents) => set({ recents }),
  profilesListed: (profiles) => set({ profiles }),
  profilesFailed: (profilesProblem) => set({ profilesProblem }),
  attemptChanged: (attempt) => set({ attempt }),
})

/** What an attempt becomes when the state of its link is told. A failure that the link mends by itself is followed too. */
export function stepAttempt(attempt: Attempt, links: readonly LinkStatus[]): Attempt | 'connected' {
  const isFollowed = attempt.kind === 'opening' || (attempt.kind === 'failed' && attempt.isTrying)
  const link = isFollowed ? links.find(({ linkId }) => linkId === attempt.linkId) : undefined
  if (link === undefined) return attempt // nothing to follow, or its status is still on the way
  if (attempt.kind === 'opening' && link.phaseSinceMs < attempt.sinceMs) return attempt
  if (link.phase === 'listening' || isUsable(link)) return 'connected'
  if (link.problem === null || link.phase === 'opening') return attempt
  const isTrying = link.phase !== 'closed'
  if (
    attempt.kind === 'failed' &&
    attempt.isTrying === isTrying &&
    isSameProblem(attempt.problem, link.problem)
  ) {
    return attempt
  }
  return { kind: 'failed', linkId: link.linkId, problem: link.problem, isTrying }
}

const isSameProblem = (one: WireError, other: WireError): boolean =>
  one.code === other.code && one.message === other.message

const NO_PROFILES: readonly Profile[] = []

export const selectProfiles = (s: ConnectSlice): readonly Profile[] => s.profiles ?? NO_PROFILES
