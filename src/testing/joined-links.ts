import { Link } from '../main/link/link'
import type { LinkOptions } from '../main/link/link-options'
import { createLine, type LineOptions, type SimulatedLine } from '../main/transport/line'
import { createMemoryNetwork, type MemoryNetwork } from '../main/transport/memory'
import { seededRandom } from '../main/transport/seeded-random'
import { parseLinkUrl } from '../shared/model/link-url'
import type { FrameEvent, TraceEvent } from '../shared/model/trace'
import { VirtualClock } from './virtual-clock'

export interface TracedLink {
  readonly link: Link
  readonly trace: TraceEvent[]
}

export interface JoinedLinks {
  readonly clock: VirtualClock
  readonly near: TracedLink
  readonly far: TracedLink
}

type Extra = Partial<Pick<LinkOptions, 'reconnect' | 'limits' | 'answersErrors'>>

function traced(
  url: string,
  seed: number,
  clock: VirtualClock,
  rest: Pick<LinkOptions, 'transport'> & Extra,
): TracedLink {
  const trace: TraceEvent[] = []
  const link = new Link({
    id: seed,
    address: parseLinkUrl(url),
    clock,
    random: seededRandom(seed),
    onTrace: (event) => trace.push(event),
    ...rest,
  })
  return { link, trace }
}

/** Two links at the ends of a simulated serial line of 115,200 baud, in virtual time. Not opened yet. */
export function linksOnLine(
  options: Partial<LineOptions> & { readonly query?: string; readonly baud?: number } = {},
  extra: Extra = {},
): JoinedLinks & { readonly line: SimulatedLine } {
  const clock = new VirtualClock()
  const { query = '', baud = 115_200, ...lineOptions } = options
  const line = createLine({ clock, rate: { baud, bitsPerByte: 10 }, ...lineOptions })
  const near = traced(`serial:/dev/near?baud=${baud}${query}`, 1, clock, { transport: line.near, ...extra })
  const far = traced(`serial:/dev/far?baud=${baud}${query}`, 2, clock, { transport: line.far, ...extra })
  return { clock, line, near, far }
}

/** A link whose peer is accepted from a memory network, in virtual time. Not opened yet. */
export function linksOverMemory(extra: Extra = {}): JoinedLinks & { readonly network: MemoryNetwork } {
  const clock = new VirtualClock()
  const network = createMemoryNetwork()
  const near = traced('tcp://memory:1', 1, clock, { transport: network.transport, ...extra })
  const far = traced('tcp-listen://memory:1', 2, clock, { transport: null, ...extra })
  void network.listening.listen((connection) => far.link.accept(connection))
  return { clock, network, near, far }
}

export const framesOf = (trace: readonly TraceEvent[], dir: 'in' | 'out'): FrameEvent[] =>
  trace.filter((event): event is FrameEvent => event.type === 'frame' && event.dir === dir)
