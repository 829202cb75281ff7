import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { buildConsole } from '../src/main/build-console'
import type { Feed, SourcePort } from '../src/main/console/console-types'
import { seededRandom } from '../src/main/transport/seeded-random'
import type { Overview } from '../src/shared/model/views'
import type { TapeState } from '../src/shared/model/tape'
import type { SoakCounts, SoakOptions } from './job'
import { writeLongRecording } from './long-recording'

const FILE_BYTES = 1024 * 1024 * 1024
const NAME = 'long.mcap'
const SCRUBS = 50
const MOST_FIRST_SCREEN_MS = 1500
const MOST_SCRUB_MS = 50
/** Rows of a screen, bins of the overview. */
const ROWS = 60
const BINS = 1200
const FILTER = 'body.seq == 77'
const LONGEST_WAIT_MS = 300_000
const MIB = 1024 * 1024

/**
 * A recording of 1 GiB, times `scale`, is opened as a screen does it, and scrubbed to 50 random moments: the first screen
 * within 1.5 s, with the overview of all of it, since the library knows it; and when all is read the exact state of each moment within 50 ms (p99). The file was
 * written just before, so the system has what it can of it in memory.
 */
export async function soakRecordingOpen({ seed, scale }: SoakOptions): Promise<SoakCounts> {
  const workspaceDir = await mkdtemp(join(tmpdir(), 'netcore-long-'))
  const path = join(workspaceDir, 'recordings', NAME)
  try {
    const messages = await writeLongRecording(path, FILE_BYTES * scale, seed)
    const { size } = await stat(path)
    return await openIt(workspaceDir, { messages, 'MiB of the file': Math.round(size / MIB) }, seed)
  } finally {
    await rm(workspaceDir, { recursive: true, force: true })
  }
}

async function openIt(workspaceDir: string, file: Record<string, number>, seed: number): Promise<SoakCounts> {
  const built = buildConsole({ host: 'web', workspaceDir, onProblem: () => undefined })
  const watch = new Watch()
  try {
    const librarySeconds = await libraryKnows(built.console)
    const random = seededRandom(seed + 1)
    const beginMs = performance.now()
    const { source } = await built.console.call('tape.open', { recording: NAME })
    const screen = new Screen(built.console.at(source))
    await screen.shown()
    const firstScreenMs = performance.now() - beginMs
    const { fromMs, toMs } = screen.state
    const jumpBeganMs = performance.now()
    await screen.scrub((fromMs + toMs) / 2)
    const jumpSeconds = (performance.now() - jumpBeganMs) / 1000
    await until(() => screen.state.isLoaded)
    const readSeconds = (performance.now() - beginMs) / 1000
    const { took, differences } = await scrubs(screen, random)
    const filtered = await screen.filtered(FILTER)
    const figures = {
      ...file,
      's until the library knows it': librarySeconds,
      'ms to the first screen': Math.round(firstScreenMs),
      's to its middle, asked at once': jumpSeconds,
      's until all is read': readSeconds,
      parts: screen.state.pages,
      'ms of a scrub then, p50': percentile(took, 50),
      'p99 of them': percentile(took, 99),
      'moments shown in another way': differences,
      's of a filter over bodies': filtered.seconds,
      'rows it finds': filtered.rows,
      'ms held at most': Math.round(watch.longestMs),
      'MiB of the whole process at most': Math.round(watch.peakBytes / MIB),
    }
    const isMissed =
      firstScreenMs > MOST_FIRST_SCREEN_MS || percentile(took, 99) > MOST_SCRUB_MS || differences > 0
    if (isMissed) throw new Error(JSON.stringify(figures))
    return figures
  } finally {
    watch.close()
    await built.close()
  }
}

/** The folder is looked at, as it is when the program starts. */
async function libraryKnows(core: SourcePort): Promise<number> {
  const beganMs = performance.now()
  const library = core.subscribe('library', {})
  try {
    let news = library.take()
    await until(() => {
      news = library.take() ?? news
      return news !== undefined && news.recordings > 0 && news.reading === 0
    })
    return (performance.now() - beganMs) / 1000
  } finally {
    library.close()
  }
}

/** The recording has no long pause: there is something in each part of it. */
function isFilled({ bytesIn }: Overview): boolean {
  return [0, 0.25, 0.5, 0.75].every((share) =>
    bytesIn.slice(share * BINS, (share + 0.25) * BINS).some((bytes) => bytes > 0),
  )
}

interface Scrubbed {
  /** Milliseconds of each until everything of its moment was there. */
  readonly took: readonly number[]
  /** Moments that showed something else when they were reached from the other side. */
  readonly differences: number
}

/** There in random order, and back the same way. */
async function scrubs(screen: Screen, random: (below: number) => number): Promise<Scrubbed> {
  const { fromMs, toMs } = screen.state
  const took: number[] = []
  const seen: { readonly atMs: number; readonly shown: string }[] = []
  for (let scrub = 0; scrub < SCRUBS; scrub++) {
    const atMs = fromMs + ((toMs - fromMs) * random(1_000_000)) / 1_000_000
    const beganMs = performance.now()
    seen.push({ atMs, shown: await screen.scrub(atMs) })
    took.push(performance.now() - beganMs)
    await turn()
  }
  let differences = 0
  for (const { atMs, shown } of seen.toReversed()) if ((await screen.scrub(atMs)) !== shown) differences += 1
  return { took, differences }
}

/** Asks for what a screen asks for, as it asks. */
class Screen {
  readonly #port: SourcePort

  constructor(port: SourcePort) {
    this.#port = port
  }

  get state(): TapeState {
    return this.#take(this.#port.subscribe('tape', {}))
  }

  /** Figures, overview, lanes and rows where the playhead stands, when all are there; the words of figures and rows. */
  async shown(): Promise<string> {
    let words = ''
    await until(async () => {
      const { positionMs } = this.state
      const { links, messages } = this.#take(this.#port.subscribe('status', {}))
      const { overview } = await this.#port.call('capture.overview', { bins: BINS })
      const at = await this.#port.call('list.at', { ...view(''), atMs: positionMs })
      const from = Math.max(0, (at.position ?? 0) - ROWS / 2)
      const { rows } = await this.#port.call('list.rows', { ...view(''), from, count: ROWS, fields: [] })
      const lanes = this.#port.subscribe('lanes', { backlogMs: 60_000 })
      const batch = lanes.take()
      lanes.close()
      words = JSON.stringify({ positionMs, links, messages, rows })
      return (
        rows.length >= ROWS / 2 &&
        overview.toMs > overview.fromMs &&
        (batch?.startMs.length ?? 0) > 0 &&
        isFilled(overview)
      )
    })
    return words
  }

  /** Ends when the tape stands there, and everything of that moment is shown. */
  async scrub(atMs: number): Promise<string> {
    await this.#port.call('tape.seek', { atMs })
    await until(() => {
      const { positionMs, page, isLoaded, loadedShare } = this.state
      return Math.abs(positionMs - atMs) < 1 && (isLoaded || loadedShare < 1) && positionMs <= page.toMs
    })
    return this.shown()
  }

  async filtered(filter: string): Promise<{ readonly seconds: number; readonly rows: number }> {
    const beganMs = performance.now()
    const list = this.#port.subscribe('list', view(filter))
    try {
      let rows = 0
      await until(() => {
        const news = list.take()
        rows = news?.shown ?? rows
        return news?.scan === null
      })
      return { seconds: (performance.now() - beganMs) / 1000, rows }
    } finally {
      list.close()
    }
  }

  #take<T>(feed: Feed<T>): T {
    const item = feed.take()
    feed.close()
    if (item === undefined) throw new Error('a feed says nothing')
    return item
  }
}

const view = (filter: string) => ({ view: { filter, marks: [], order: 'time' as const } })

/** How much memory is taken, and how long nobody else has a turn. */
class Watch {
  readonly #timer: NodeJS.Timeout
  #lastMs = performance.now()
  peakBytes = 0
  longestMs = 0

  constructor() {
    this.#timer = setInterval(() => this.#look(), 1)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const nowMs = performance.now()
    this.longestMs = Math.max(this.longestMs, nowMs - this.#lastMs)
    this.#lastMs = nowMs
    this.peakBytes = Math.max(this.peakBytes, process.memoryUsage.rss())
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const beganMs = performance.now()
  while (!(await holds())) {
    if (performance.now() - beganMs > LONGEST_WAIT_MS) throw new Error('it does not come')
    await turn()
  }
}

const percentile = (values: readonly number[], percent: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))
  return Math.round(sorted[at]! * 10) / 10
}
