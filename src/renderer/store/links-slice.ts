import type { StateCreator } from 'zustand'
import type { SessionPhase } from '../../shared/model/trace'
import type { LinkStatus, StatusSnapshot } from '../../shared/model/views'
import { type Outage, stepOutages } from './outages'

/** What the core last told about links, rates and losses, and which link the person is working with. */
export interface LinksSlice {
  readonly status: StatusSnapshot | null
  /** `performance.now()` when `status` came: the session clock runs on between two snapshots. */
  readonly statusAtMs: number
  readonly chosenLinkId: number | null
  /** When links were down: for each the last time. */
  readonly outages: readonly Outage[]
  readonly statusReceived: (status: StatusSnapshot, atMs: number) => void
  readonly linkChosen: (linkId: number) => void
  /** The links are those of another session now. */
  readonly linksExchanged: () => void
}

export const createLinksSlice: StateCreator<LinksSlice, [], [], LinksSlice> = (set) => ({
  status: null,
  statusAtMs: 0,
  chosenLinkId: null,
  outages: [],
  statusReceived: (status, atMs) =>
    set((s) => ({ status, statusAtMs: atMs, outages: stepOutages(s.outages, status.links) })),
  linkChosen: (linkId) => set({ chosenLinkId: linkId }),
  linksExchanged: () => set({ status: null, chosenLinkId: null, outages: [] }),
})

const NO_LINKS: readonly LinkStatus[] = []

export const selectLinks = (s: LinksSlice): readonly LinkStatus[] => s.status?.links ?? NO_LINKS

/** Both sides know each other: at once where the dialect shakes no hands. */
const isSessionUp = ({ session }: LinkStatus): boolean => session === null || UP.has(session.phase)

const UP: ReadonlySet<SessionPhase> = new Set<SessionPhase>(['ready', 'silent', 'one-way'])

/** Messages can be sent over it. A listener sends nothing itself: the links of its peers do. */
export const isUsable = (link: LinkStatus): boolean => link.phase === 'connected' && isSessionUp(link)

export const isOpen = (link: LinkStatus): boolean => link.phase !== 'closed' && link.phase !== 'idle'

/** The link of the title bar, status bar and composer: the chosen one while it exists, else the newest open one. */
export function selectActiveLink(s: LinksSlice): LinkStatus | undefined {
  const links = selectLinks(s)
  return (
    links.find((link) => link.linkId === s.chosenLinkId) ??
    links.findLast((link) => link.phase === 'connected') ??
    links.findLast(isOpen) ??
    links.at(-1)
  )
}

/** The link messages go out over: the active one, or for a listener the peer that came last. */
export function selectSendLink(s: LinksSlice): LinkStatus | undefined {
  const active = selectActiveLink(s)
  if (active?.phase !== 'listening') return active
  return peersOf(s, active).at(-1) ?? active
}

/** Links of the peers that came to this listener: they carry its address. */
const peersOf = (s: LinksSlice, listener: LinkStatus): LinkStatus[] =>
  selectLinks(s).filter(
    ({ linkId, url, phase }) => linkId !== listener.linkId && url === listener.url && phase === 'connected',
  )

export interface LinkFigures {
  readonly rateIn: number
  readonly rateOut: number
  /** Null when the speed of the line is not known. */
  readonly utilisation: number | null
  readonly queuedMessages: number
  readonly queuedBytes: number
}

const NO_FIGURES: LinkFigures = { rateIn: 0, rateOut: 0, utilisation: 0, queuedMessages: 0, queuedBytes: 0 }

/** What goes on on the active link, the peers of a listener taken together. A closed line carries nothing. */
export function selectFigures(s: LinksSlice): LinkFigures {
  const active = selectActiveLink(s)
  if (active === undefined || !isOpen(active)) return NO_FIGURES
  const all = active.phase === 'listening' ? [active, ...peersOf(s, active)] : [active]
  const sum = (of: (link: LinkStatus) => number): number => all.reduce((total, link) => total + of(link), 0)
  return {
    rateIn: sum((link) => link.rateInBytesPerSecond),
    rateOut: sum((link) => link.rateOutBytesPerSecond),
    utilisation: active.utilisation,
    queuedMessages: sum((link) => link.queuedMessages),
    queuedBytes: sum((link) => link.queuedBytes),
  }
}

/** Nothing leaves on any link. */
export const selectIsLocked = (s: LinksSlice): boolean => s.status?.isListenOnly ?? false

/** Session time now, between snapshots. The time of a recording stands where its playhead does. */
export const sessionNowMs = (
  s: LinksSlice & { readonly source?: number },
  performanceNowMs: number,
): number =>
  s.status === null
    ? 0
    : (s.source ?? 0) !== 0
      ? s.status.nowMs
      : s.status.nowMs + (performanceNowMs - s.statusAtMs)
