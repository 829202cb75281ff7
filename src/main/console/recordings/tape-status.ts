import { ConsoleError, toWireError } from '../../../shared/errors'
import { type LineRate, wireMs } from '../../../shared/model/line-rate'
import type { LinkAddress } from '../../../shared/model/link-url'
import type { LinkStatus, StatusSnapshot } from '../../../shared/model/views'
import type { TapeIndex } from '../../recording/replay/tape-index'
import type { TapeLink } from '../../recording/replay/tape-link'
import { linkTitle } from '../link-title'

export interface LinkNames {
  readonly addressOf: (linkId: number) => LinkAddress | undefined
  readonly lineRateOf: (linkId: number) => LineRate | undefined
}

/** What the screen shows of the session that was recorded, as it was at one moment. */
export function tapeStatus(index: TapeIndex, atMs: number, names: LinkNames): StatusSnapshot {
  const links = index.links.map((link) => linkStatus(link, atMs, names))
  const sum = (of: (link: LinkStatus) => number): number => links.reduce((total, link) => total + of(link), 0)
  return {
    nowMs: atMs,
    links,
    isListenOnly: false,
    ...index.countsAt(atMs),
    evictedMessages: 0,
    evictedChunks: 0,
    lostBytes: sum((link) => link.lostBytes),
    faults: sum((link) => link.faults),
    repeatedFrames: sum((link) => link.repeatedFrames),
  }
}

function linkStatus(link: TapeLink, atMs: number, { addressOf, lineRateOf }: LinkNames): LinkStatus {
  const { linkId } = link
  const { state, bytesInPerSecond, bytesOutPerSecond, session, ...facts } = link.at(atMs)
  const address = addressOf(linkId)
  const rate = lineRateOf(linkId) ?? null
  const linkCode = state?.code ?? null
  // the connection stands, but both sides do not get on
  const code = linkCode ?? (state?.phase === 'connected' ? (session?.code ?? null) : null)
  const detail = (linkCode === null ? session?.detail : state?.detail) ?? ''
  return {
    linkId,
    url: address?.text ?? '',
    title: address === undefined ? `link ${linkId}` : linkTitle(address),
    scheme: address?.scheme ?? '',
    dialect: address?.dialect ?? '',
    phase: state?.phase ?? 'closed',
    phaseSinceMs: state?.sinceMs ?? 0,
    problem: code === null ? null : toWireError(new ConsoleError(code, detail)),
    peerName: '',
    baud: rate?.baud ?? null,
    chunkBytes: null,
    session,
    ...facts,
    rateInBytesPerSecond: bytesInPerSecond,
    rateOutBytesPerSecond: bytesOutPerSecond,
    utilisation:
      rate === null ? null : Math.min(1, wireMs(Math.max(bytesInPerSecond, bytesOutPerSecond), rate) / 1000),
    peers: 0,
    identity: '',
    otherDevice: null,
    isListenOnly: address?.isListenOnly === true,
  }
}
