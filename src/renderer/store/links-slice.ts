import type { StateCreator } from 'zustand'
import type { LinkStatus, StatusSnapshot } from '../../shared/model/views'

/** What the core last told about links, rates and losses, and which link the person is working with. */
export interface LinksSlice {
  readonly status: StatusSnapshot | null
  /** `performance.now()` when `status` came: the session clock runs on between two snapshots. */
  readonly statusAtMs: number
  readonly chosenLinkId: number | null
  statusReceived(status: StatusSnapshot, atMs: number): void
  linkChosen(linkId: number): void
}

export const createLinksSlice: StateCreator<LinksSlice, [], [], LinksSlice> = (set) => ({
  status: null,
  statusAtMs: 0,
  chosenLinkId: null,
  statusReceived: (status, atMs) => set({ status, statusAtMs: atMs }),
  linkChosen: (linkId) => set({ chosenLinkId: linkId }),
})

const NO_LINKS: readonly LinkStatus[] = []

export const selectLinks = (s: LinksSlice): readonly LinkStatus[] => s.status?.links ?? NO_LINKS

/** Messages can be sent over it. */
export const isUsable = (link: LinkStatus): boolean =>
  link.phase === 'connected' || (link.phase === 'listening' && link.peers > 0)

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

/** Session time now, between snapshots. */
export const sessionNowMs = (s: LinksSlice, performanceNowMs: number): number =>
  s.status === null ? 0 : s.status.nowMs + (performanceNowMs - s.statusAtMs)
