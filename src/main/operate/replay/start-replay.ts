import { ConsoleError } from '../../../shared/errors'
import type { ReplayPolicy } from '../../../shared/model/replay'
import { formatLinkUrl, type LinkAddress, parseLinkUrl } from '../../../shared/model/link-url'
import type { Link } from '../../link/link'
import type { LinkHandle, Links } from '../../link/links'
import type { RandomSource } from '../../netcore/dialects/dialect'
import { createSimTransport, type SimAddress } from '../../simulator/sim-transport'
import { seededRandom } from '../../transport/seeded-random'
import type { ReplayScript } from './replay-script'
import { ReplayRun } from './replay-run'
import { RealTime, type RunTime } from './run-time'
import { SimulatedTime } from './simulated-time'

/** The other end of a run. */
export type RunTarget =
  /** A link that is there, and stays. */
  | { readonly kind: 'link'; readonly linkId: number }
  /** A link (or a listener) that is opened for the run and closed after it. Simulated devices get a time of their own. */
  | { readonly kind: 'address'; readonly address: LinkAddress }

export interface StartReplayOptions {
  readonly links: Links
  readonly script: ReplayScript
  readonly target: RunTarget
  readonly policy: ReplayPolicy
  readonly speed: number | null
  readonly seed: number
  readonly stopAtDifference: boolean
  readonly timeoutMs: number
  /** False: simulated time does not wait for the real one. Default: true. */
  readonly isPaced?: boolean
  readonly onChange: () => void
}

export interface StartedReplay {
  readonly run: ReplayRun
  /** What was opened, or was there. */
  readonly handle: LinkHandle
  /** Whether events of this link belong to the run. */
  readonly isOfRun: (linkId: number) => boolean
  /** Resolves when the run has ended and what was opened for it is closed. */
  readonly closed: Promise<void>
}

/** A host that has the last answer should find it before the connection ends. */
const LINGER_MS = 500

/**
 * Opens the other end of a run and lets it begin.
 *
 * @throws ConsoleError `LISTEN_ONLY`, `LINK_UNKNOWN`, `LINK_NOT_CONNECTED`, and as `Links.openLink`: nothing was begun then.
 */
export function startReplay(options: StartReplayOptions): StartedReplay {
  const { links, target } = options
  if (links.isLocked) throw new ConsoleError('LISTEN_ONLY', 'all links only listen')
  if (target.kind === 'link') return onLink(options, links.link(target.linkId), links.get(target.linkId))
  const { address } = target
  if (address.isListenOnly === true) throw new ConsoleError('LISTEN_ONLY', `${address.text} only listens`)
  return address.scheme === 'sim' ? onSimulator(options, address) : onAddress(options, address)
}

/** Other numbers than those that a simulated device of the same seed draws: two ends with the same ids take each other for an echo. */
const idsOf = (seed: number): RandomSource => seededRandom((seed ^ 0x9e37_79b9) >>> 0)

/** The simulated device that comes closest to what was recorded: same dialect, and the same speed where it had one. */
export function simulatorLike(recordedUrl: string, seed: number): SimAddress {
  const recorded = addressOf(recordedUrl)
  const dialect = recorded?.dialect ?? 'lso'
  const device = recorded?.scheme === 'sim' ? recorded.device : 'demo'
  const query = new URLSearchParams({ dialect, seed: `${seed}` })
  if (recorded?.scheme === 'sim' || recorded?.scheme === 'serial') query.set('baud', `${recorded.baud}`)
  if (recorded?.chunkBytes !== undefined) query.set('chunk', `${recorded.chunkBytes}`)
  return parseLinkUrl(`sim:${device}?${query}`) as SimAddress
}

function addressOf(url: string): LinkAddress | undefined {
  try {
    return parseLinkUrl(url)
  } catch {
    return undefined // a file may name an address that means nothing here
  }
}

function runWith(
  options: StartReplayOptions,
  time: RunTime,
  ownsIds: boolean,
  isSimulated: boolean,
): ReplayRun {
  const { script, policy, speed, stopAtDifference, timeoutMs, onChange } = options
  return new ReplayRun({
    script,
    policy,
    speed,
    stopAtDifference,
    timeoutMs,
    time,
    ownsIds,
    isSimulated,
    onChange,
  })
}

function onLink(options: StartReplayOptions, link: Link, handle: LinkHandle): StartedReplay {
  const { links } = options
  if (link.isListenOnly) throw new ConsoleError('LISTEN_ONLY', `${link.address.text} only listens`)
  if (link.phase !== 'connected') {
    throw new ConsoleError('LINK_NOT_CONNECTED', `${link.address.text} is ${link.phase}`, { linkId: link.id })
  }
  const run = runWith(options, new RealTime(links.clock), false, false)
  run.attach(link)
  const closed = run.ended.then(() => links.greetAgain(link))
  return { run, handle, isOfRun: (linkId) => linkId === link.id, closed }
}

function onSimulator(options: StartReplayOptions, given: SimAddress): StartedReplay {
  const { links, seed, isPaced = true } = options
  const faults = { ...given.faults, seed }
  const address: SimAddress = { ...given, faults, text: formatLinkUrl({ ...given, faults }) }
  const time = new SimulatedTime({ clock: links.clock, isPaced })
  const transport = createSimTransport(address, time)
  const world = { clock: time, transport, toSessionMs: (atMs: number) => time.toRealMs(atMs) }
  const handle = links.openLink(address, { random: idsOf(seed), world })
  const run = runWith(options, time, true, true)
  run.attach(handle.link!)
  const closed = run.ended.then(async () => {
    await links.remove(handle.linkId)
    time.stop()
  })
  return { run, handle, isOfRun: (linkId) => linkId === handle.linkId, closed }
}

function onAddress(options: StartReplayOptions, address: LinkAddress): StartedReplay {
  const { links, seed, script } = options
  const { clock } = links
  const handle = links.openLink(address, { random: idsOf(seed) })
  // A host's ids are its own, and so are those of its answers; what we ask has ours.
  const run = runWith(options, new RealTime(clock), script.side === 'host', false)
  const ofRun = new Set([handle.linkId])
  let current: Link | null = handle.link
  const endGreeting = links.onLink((link) => {
    if (links.get(link.id).parentId !== handle.linkId) return
    ofRun.add(link.id)
    // One recorded line has one other end, and a host that comes again may be here before its old connection is gone.
    const before = current
    current = link
    run.attach(link)
    if (before !== null) void before.close()
  })
  if (handle.link) run.attach(handle.link)
  else handle.listener?.open().catch((error: unknown) => run.fail(error as ConsoleError))
  const closed = run.ended.then(async () => {
    endGreeting()
    if (run.phase === 'done' && current?.phase === 'connected') await hungUp(current, clock)
    await links.remove(handle.linkId)
  })
  return { run, handle, isOfRun: (linkId) => ofRun.has(linkId), closed }
}

/** Resolves when the peer hung up, or has had the time to. */
function hungUp(link: Link, clock: Links['clock']): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      stop()
      cancel()
      resolve()
    }
    const cancel = clock.schedule(clock.nowMs() + LINGER_MS, over)
    const stop = link.observe((event) => {
      if (event.type === 'link-state' && event.phase !== 'connected') over()
    })
  })
}
