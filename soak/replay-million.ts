import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parseLinkUrl } from '../src/shared/model/link-url'
import type { TraceObserver } from '../src/shared/model/trace'
import { TapeMarks } from '../src/main/console/recordings/tape-marks'
import { TapeRecord } from '../src/main/console/recordings/tape-record'
import { TapeSource } from '../src/main/console/recordings/tape-source'
import { Links } from '../src/main/link/links'
import { loadScript } from '../src/main/operate/replay/load-script'
import { startReplay } from '../src/main/operate/replay/start-replay'
import { FileSource } from '../src/main/recording/read/byte-source'
import { PAGE_LIMITS } from '../src/main/recording/replay/page-tally'
import { loadDecompress } from '../src/main/recording/read/unpack-block'
import { SessionTime } from '../src/main/recording/format/session-time'
import { Recorder } from '../src/main/recording/write/recorder'
import { systemDisk } from '../src/main/recording/write/recording-disk'
import { createMemoryNetwork } from '../src/main/transport/memory'
import { seededRandom } from '../src/main/transport/seeded-random'
import { SystemClock } from '../src/main/transport/system-clock'
import { RemarksInMemory } from '../src/testing/remarks-in-memory'
import type { SoakCounts, SoakOptions } from './job'

const MOST_SEEK_MS = 200
const SEEKS = 200
const ROUTES = 20
const MESSAGES_AT_ONCE = 200
const MOST_WAITING_BYTES = 8 * 1024 * 1024
const ROWS = 100
const VIEW = { view: { filter: '', marks: [], order: 'time' as const } }

interface Received {
  readonly messages: number
  /** Of routes and bodies, in the order in which they came. */
  readonly digest: string
}

/** Two ends over memory, of which one counts what it gets. */
async function withPeer(
  seed: number,
  onTrace: TraceObserver,
  act: (links: Links) => Promise<void>,
): Promise<Received> {
  const network = createMemoryNetwork()
  const clock = new SystemClock()
  const common = {
    clock,
    reconnect: { isOn: false },
    transportFor: ({ scheme }: { readonly scheme: string }) =>
      scheme === 'tcp-listen' ? network.listening : network.transport,
  }
  const hash = createHash('sha256')
  let messages = 0
  const peer = new Links({
    ...common,
    random: seededRandom(seed + 1000),
    onTrace: () => undefined,
    onLink: ({ stack }) => {
      stack.onUnrouted(({ route, body }) => {
        messages += 1
        hash.update(`${route} ${body.length}\n`).update(body)
        return undefined
      })
    },
  })
  await peer.openLink('tcp-listen://memory:1').listener!.open()
  const links = new Links({ ...common, random: seededRandom(seed), onTrace })
  await act(links)
  await Promise.all([links.closeAll(), peer.closeAll()])
  return { messages, digest: hash.digest('hex') }
}

/** As many messages as that, each with a body of its own, from the real stack into the real recorder. */
function record(path: string, seed: number, messages: number): Promise<Received> {
  const random = seededRandom(seed)
  const recorder = new Recorder({
    disk: systemDisk,
    clock: new SystemClock(),
    time: new SessionTime(Date.UTC(2026, 0, 1)),
    path,
    library: 'soak',
    sessionId: 'a million',
    // a run plays one part
    splitBytes: Number.POSITIVE_INFINITY,
  })
  return withPeer(seed, recorder.observe, async (links) => {
    const link = links.openLink('tcp://memory:1').link!
    await link.whenConnected()
    for (let sent = 0; sent < messages; ) {
      const until = Math.min(messages, sent + MESSAGES_AT_ONCE)
      for (; sent < until; sent++) {
        const body = new Uint8Array(8 + random(40)).fill(random(256))
        new DataView(body.buffer).setUint32(0, sent)
        link.send({ route: `r${sent % ROUTES}`, kind: 'event', body })
      }
      // what the disk cannot take in time would be left out, and is no subject here
      do await nextTurn()
      while (link.stack.queuedBytes > 0 || recorder.counts.queuedBytes > MOST_WAITING_BYTES)
    }
    await links.closeAll()
    await recorder.end()
    const { gaps, droppedDerived, droppedEntries } = recorder.counts
    if (gaps + droppedDerived + droppedEntries > 0) throw new Error('the recording is not whole')
  })
}

interface Played extends Received {
  readonly hash: string
}

/** The whole recording to a new peer, as fast as possible. */
async function play(path: string, seed: number): Promise<Played> {
  const script = await loadScript(path, 'host', null)
  let hash = ''
  const received = await withPeer(
    seed,
    () => undefined,
    async (links) => {
      const { run, closed } = startReplay({
        links,
        script,
        target: { kind: 'address', address: parseLinkUrl('tcp://memory:1') },
        policy: 'time',
        speed: null,
        seed,
        stopAtDifference: true,
        timeoutMs: 10_000,
        onChange: () => undefined,
      })
      await closed
      const { phase, sent, differences, hash: runHash, orderHash } = run.progress
      if (phase !== 'done' || differences > 0)
        throw new Error(`${phase} after ${sent}, ${differences} differences`)
      hash = `${runHash} ${orderHash}`
    },
  )
  return { ...received, hash }
}

/** How long it takes, in milliseconds, to have what is shown at each of these places of the tape. */
async function seekTimes(path: string, seed: number): Promise<number[]> {
  const random = seededRandom(seed)
  const clock = new SystemClock()
  const source = await FileSource.open(path)
  const live = {
    call: () => Promise.reject(new Error('asked of the live session')),
    subscribe: () => {
      throw new Error('asked of the live session')
    },
  }
  const made: { tape?: TapeSource } = {}
  const record = new TapeRecord({
    source,
    decompress: await loadDecompress(),
    clock,
    limits: PAGE_LIMITS,
    marks: new TapeMarks(new RemarksInMemory()),
    onRead: () => made.tape?.readNews(),
  })
  await record.begin()
  const onClose = (): Promise<void> => source.close()
  const tape = new TapeSource({
    recording: 'million.mcap',
    record,
    clock,
    live,
    closeSource: onClose,
    onClose,
  })
  made.tape = tape
  const state = () => {
    const feed = tape.subscribe('tape', {})
    const item = feed.take()
    feed.close()
    return item!
  }
  while (!state().isLoaded) await nextTurn()
  const { fromMs, toMs } = state()
  const times: number[] = []
  for (let seek = 0; seek < SEEKS; seek++) {
    const atMs = fromMs + (random(1_000_000) / 1_000_000) * (toMs - fromMs)
    const beganMs = clock.nowMs()
    await tape.call('tape.seek', { atMs })
    while (!state().isLoaded) await nextTurn()
    const status = tape.subscribe('status', {})
    if (status.take() === undefined) throw new Error('no figures')
    status.close()
    const { position } = await tape.call('list.at', { ...VIEW, atMs })
    if (position === null) throw new Error(`no row stands at ${atMs} ms`)
    const { rows } = await tape.call('list.rows', { ...VIEW, from: position, count: ROWS, fields: [] })
    if (rows.length === 0) throw new Error(`nothing is shown at ${atMs} ms`)
    times.push(clock.nowMs() - beganMs)
  }
  await tape.close()
  return times.toSorted((a, b) => a - b)
}

/** A million times `scale` messages: recorded, played twice as fast as possible, and looked at in random places. */
export async function soakReplayMillion({ seed, scale }: SoakOptions): Promise<SoakCounts> {
  const messages = Math.max(1000, Math.round(1_000_000 * scale))
  const folder = await mkdtemp(join(tmpdir(), 'replay-million-'))
  try {
    const path = join(folder, 'million.mcap')
    const recorded = await record(path, seed, messages)
    const beganMs = performance.now()
    const first = await play(path, seed)
    const seconds = (performance.now() - beganMs) / 1000
    const second = await play(path, seed)
    const seeks = await seekTimes(path, seed)
    const counts = {
      messages: first.messages,
      wrong: [first, second].filter(({ digest }) => digest !== recorded.digest).length,
      hashes: new Set([first.hash, second.hash]).size,
      messagesPerSecond: Math.round(messages / seconds),
      seekP50Ms: Math.round(seeks[SEEKS / 2]! * 10) / 10,
      seekMaxMs: Math.round(seeks.at(-1)! * 10) / 10,
    }
    const isSame = counts.wrong === 0 && counts.hashes === 1 && first.messages === messages
    if (!isSame || recorded.messages !== messages || counts.seekMaxMs >= MOST_SEEK_MS) {
      throw new Error(JSON.stringify(counts))
    }
    return counts
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
