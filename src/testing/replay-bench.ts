import { Links } from '../main/link/links'
import { attachEndpoint } from '../main/link/endpoint-link'
import type { Link } from '../main/link/link'
import type { MessageStore } from '../main/netcore/pipe/message-body'
import { ScriptReader, type ReplayScript, type ReplaySide } from '../main/operate/replay/replay-script'
import { SimulatedTime } from '../main/operate/replay/simulated-time'
import { SessionTime } from '../main/recording/format/session-time'
import { Recorder } from '../main/recording/write/recorder'
import { systemDisk } from '../main/recording/write/recording-disk'
import { createDemoEndpoint } from '../main/simulator/demo-endpoint'
import { createSimTransport, type SimAddress } from '../main/simulator/sim-transport'
import { createMemoryNetwork } from '../main/transport/memory'
import { seededRandom } from '../main/transport/seeded-random'
import { SystemClock } from '../main/transport/system-clock'
import { parseLinkUrl } from '../shared/model/link-url'
import type { TraceEvent } from '../shared/model/trace'

/** What a trace says, kept: borrowed bytes are copied. */
export class KeptTrace {
  readonly events: TraceEvent[] = []

  readonly observe = (event: TraceEvent): void => {
    if (event.type === 'bytes') {
      const { linkId, atMs, dir, streamOffset, byteCount } = event
      const bytes = event.bytes.slice()
      this.events.push({ type: 'bytes', linkId, atMs, dir, streamOffset, byteCount, bytes })
    } else if (event.type === 'message-closed') this.events.push({ ...event, body: event.body.slice() })
    else this.events.push({ ...event })
  }

  /** All bytes of one direction. */
  bytes(dir: 'in' | 'out'): Uint8Array {
    return Buffer.concat(
      this.events.flatMap((event) => (event.type === 'bytes' && event.dir === dir ? [event.bytes] : [])),
    )
  }

  script(side: ReplaySide): ReplayScript {
    const reader = new ScriptReader(side)
    for (const event of this.events) reader.take(event)
    return reader.script()
  }
}

/** Links whose simulated devices live in the time of `startReplay`. */
export function simulatorLinks(onTrace: (event: TraceEvent) => void = () => undefined): Links {
  const clock = new SystemClock()
  return new Links({
    clock,
    random: seededRandom(7),
    transportFor: (address) => createSimTransport(address as SimAddress, clock),
    onTrace,
    reconnect: { isOn: false },
  })
}

/** Plays `act` with the simulated device, as fast as the computer can, and gives what passed. */
export async function recordWithSimulator(
  query: string,
  act: (link: Link, time: SimulatedTime) => Promise<void>,
): Promise<KeptTrace> {
  const kept = new KeptTrace()
  const links = simulatorLinks(kept.observe)
  const time = new SimulatedTime({ clock: links.clock, isPaced: false })
  const address = parseLinkUrl(`sim:demo?${query}`) as SimAddress
  const transport = createSimTransport(address, time)
  const world = { clock: time, transport, toSessionMs: (atMs: number) => atMs }
  const { link } = links.openLink(address, { world, random: seededRandom(99) })
  link!.stack.onUnrouted(() => undefined)
  await link!.whenConnected()
  await act(link!, time)
  await links.closeAll()
  time.stop()
  return kept
}

/** Resolves after so much of a simulated time. */
export const after = (time: SimulatedTime, ms: number): Promise<void> =>
  new Promise((resolve) => time.schedule(time.nowMs() + ms, resolve))

/**
 * Links over memory: those of the run and those of a live peer, which serves the demo routes.
 *
 * @param store - Where large bodies of both gather. Default: in memory.
 */
export function linksWithPeer(
  seed: number,
  store?: MessageStore,
): {
  readonly runLinks: Links
  readonly peerLinks: Links
  readonly peer: KeptTrace
  readonly ours: KeptTrace
} {
  const network = createMemoryNetwork()
  const clock = new SystemClock()
  const transportFor = (address: { readonly scheme: string }) =>
    address.scheme === 'tcp-listen' ? network.listening : network.transport
  const peer = new KeptTrace()
  const ours = new KeptTrace()
  const common = { clock, transportFor, reconnect: { isOn: false }, ...(store && { store }) } as const
  const runLinks = new Links({ ...common, random: seededRandom(seed), onTrace: ours.observe })
  const peerLinks = new Links({
    ...common,
    random: seededRandom(seed + 1000),
    onTrace: peer.observe,
    onLink: (link) => attachEndpoint(createDemoEndpoint(clock), link),
  })
  return { runLinks, peerLinks, peer, ours }
}

/** Writes a trace down as a recording. */
export async function writeRecording(path: string, { events }: KeptTrace, url: string): Promise<void> {
  const recorder = new Recorder({
    disk: systemDisk,
    clock: new SystemClock(),
    time: new SessionTime(Date.UTC(2026, 0, 1)),
    path,
    library: 'test',
    sessionId: 'a session',
    facts: { url },
    // all of it comes at once, and nothing of it is to be left out
    limits: { queuedBytes: Number.POSITIVE_INFINITY, mostQueuedBytes: Number.POSITIVE_INFINITY },
  })
  for (const event of events) recorder.observe(event)
  await recorder.end()
}
