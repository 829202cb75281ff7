import { ConsoleError } from '../../../shared/errors'
import type { LineRate } from '../../../shared/model/line-rate'
import { type LinkAddress, parseLinkUrl } from '../../../shared/model/link-url'
import type { RecordedLine, WhatIfLink, WhatIfSettings } from '../../../shared/model/what-if'
import { lineRateOf } from '../../link/line-settings'
import type { RerunLine } from './rerun'
import type { LinkTraffic, RecordedMessage } from './recorded-traffic'

/** Fewer frames that found others before them say nothing of how early frames are handed over. */
const MIN_AHEAD_SEEN = 5

/** The link with this number, or the one that carried most; what it was, as far as the recording tells. */
export interface LineAsRecorded {
  readonly rate: LineRate | undefined
  readonly dialect: string
  readonly chunkBytes: number | null
  readonly aheadMs: number | null
  readonly largestIn: number
}

/** @throws ConsoleError `WHATIF_EMPTY`. */
export function trafficOf(links: ReadonlyMap<number, LinkTraffic>, linkId: number): LinkTraffic {
  const sent = ({ messages }: LinkTraffic): number =>
    [...messages.values()].reduce((sum, { dir }) => sum + (dir === 'out' ? 1 : 0), 0)
  const asked = [...links.values()].filter((link) => linkId === 0 || link.linkId === linkId)
  const most = asked.reduce<LinkTraffic | undefined>(
    (best, link) => (best === undefined || sent(link) > sent(best) ? link : best),
    undefined,
  )
  if (most !== undefined && sent(most) > 0) return most
  throw new ConsoleError('WHATIF_EMPTY', 'nothing was sent on this link in this span of the recording')
}

/** @throws ConsoleError `WHATIF_DIALECT`. */
export function lineOf(traffic: LinkTraffic): LineAsRecorded {
  const address = addressOf(traffic.url)
  const dialect = address?.dialect ?? 'lso'
  if (dialect === 'raw') {
    throw new ConsoleError(
      'WHATIF_DIALECT',
      `this link speaks ${dialect}, which has no messages to send again`,
    )
  }
  const { aheadMs, largestIn } = traffic
  return {
    rate: address && lineRateOf(address),
    dialect,
    chunkBytes: address?.chunkBytes ?? null,
    aheadMs:
      aheadMs.length < MIN_AHEAD_SEEN ? null : [...aheadMs].sort((a, b) => a - b)[aheadMs.length >> 1]!,
    largestIn,
  }
}

/**
 * The line of a run: as recorded, apart from what the settings change.
 *
 * @throws ConsoleError `WHATIF_NEEDS_RATE` for a recording of a socket where no speed is asked for.
 */
export function rerunLine(line: LineAsRecorded, settings: WhatIfSettings): RerunLine {
  const { baud, chunkBytes, aheadMs, priorities } = settings
  const { rate } = line
  if (baud === null && rate === undefined) {
    throw new ConsoleError('WHATIF_NEEDS_RATE', 'this link was a socket: it had no line whose speed is known')
  }
  return {
    dialect: line.dialect,
    rate: { bitsPerByte: rate?.bitsPerByte ?? 10, baud: baud ?? rate!.baud },
    chunkBytes: chunkBytes ?? line.chunkBytes,
    peerChunkBytes: Math.max(1, line.largestIn),
    aheadMs: aheadMs ?? line.aheadMs,
    priorities,
  }
}

export function recordedLine(
  traffic: LinkTraffic,
  line: LineAsRecorded,
  messages: readonly RecordedMessage[],
  hueOf: (message: RecordedMessage) => number,
): Omit<RecordedLine, 'links'> {
  const routes = new Map<
    string,
    { route: string; count: number; priority: RecordedMessage['priority']; hue: number }
  >()
  for (const message of messages) {
    if (message.dir === 'in') continue
    const { route, priority } = message
    const known = routes.get(route)
    if (known === undefined) routes.set(route, { route, count: 1, priority, hue: hueOf(message) })
    else known.count += 1
  }
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, 0]
  for (const { openedMs, startMs, endMs } of messages) {
    fromMs = Math.min(fromMs, openedMs, startMs)
    toMs = Math.max(toMs, endMs)
  }
  return {
    linkId: traffic.linkId,
    url: traffic.url,
    dialect: line.dialect,
    baud: line.rate?.baud ?? null,
    chunkBytes: traffic.largestOut,
    isChunkAutomatic: line.chunkBytes === null,
    aheadMs: line.aheadMs,
    fromMs,
    toMs,
    routes: [...routes.values()].sort((a, b) => b.count - a.count || (a.route < b.route ? -1 : 1)),
  }
}

function addressOf(url: string): LinkAddress | undefined {
  try {
    return parseLinkUrl(url)
  } catch {
    return undefined
  }
}

/** The links that can be asked about. */
export const linksOf = (links: ReadonlyMap<number, LinkTraffic>): readonly WhatIfLink[] =>
  [...links.values()]
    .flatMap(({ linkId, url, messages }) =>
      messages.size > 0 ? [{ linkId, url, messages: messages.size }] : [],
    )
    .sort((a, b) => b.messages - a.messages || a.linkId - b.linkId)
