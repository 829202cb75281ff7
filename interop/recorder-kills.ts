import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as passMs } from 'node:timers/promises'
import { FileSource } from '../src/main/recording/read/byte-source'
import { noDecompression } from '../src/main/recording/read/plain-block'
import { recoverRecording } from '../src/main/recording/read/recover'
import { verifyRecording } from '../src/main/recording/read/verify'
import { PART_EXTENSION } from '../src/main/recording/write/recording-writer'
import { systemDisk } from '../src/main/recording/write/recording-disk'
import { seededRandom } from '../src/main/transport/seeded-random'
import { BigMessages } from './big-messages'

const NETCORE = 'out/cli/netcore.js'
/** After the file appeared; the first entries are durable after a second. */
const LATEST_MS = 3000
/** Every so many are killed while the program starts, wherever it is then. */
const EARLY_EVERY = 10
const LATEST_START_MS = 1500
const LOOK_MS = 5
const SPLIT_MIB = 2

export interface KillCounts {
  readonly runs: number
  /** Files that were ended before the kill: of recordings that had gone on in the next one. */
  readonly parts: number
  /** Of all runs together. */
  readonly acknowledged: number
  readonly readable: number
  /** Acknowledged, and not there. */
  readonly lost: number
  /** There twice, or before one with a smaller number. */
  readonly disordered: number
  readonly unreadableFiles: number
  /** Readable entries that were not acknowledged yet: what a kill could have cost. */
  readonly unacknowledgedKept: number
}

/**
 * Starts recorders on a line that is never still, kills each at a random moment (SIGKILL), and looks for what it said was
 * on the medium, in the files as they lie there and in the recovered one. Every fourth is sent messages of up to 1 MiB and
 * goes on in a next file many times a second.
 */
export async function killRecorders(runs: number, seed: number, atOnce: number): Promise<KillCounts> {
  const folder = await mkdtemp(join(tmpdir(), 'netcore-kills-'))
  const random = seededRandom(seed)
  const sum = {
    parts: 0,
    acknowledged: 0,
    readable: 0,
    lost: 0,
    disordered: 0,
    unreadableFiles: 0,
    unacknowledgedKept: 0,
  }
  const big = new BigMessages(seed)
  const bigUrl = await big.listen()
  const urls = ['sim:demo?baud=9600', 'sim:demo?baud=115200', 'sim:demo?baud=3000000']
  let started = 0
  const one = async (): Promise<void> => {
    while (started < runs) {
      const run = started++
      const isEarly = run % EARLY_EVERY === 0
      const delayMs = random(isEarly ? LATEST_START_MS : LATEST_MS)
      const url = run % 4 === 3 ? bigUrl : `${urls[run % 4]!}&seed=${run}`
      const path = join(folder, `${run}.mcap`)
      const acknowledged = await recordAndKill(url, path, delayMs, isEarly)
      const parts = partsOf(await readdir(folder), run)
      const numbers: number[] = []
      for (const part of parts) numbers.push(...(await readNumbers(join(folder, part))))
      sum.parts += Math.max(0, parts.length - 1)
      sum.acknowledged += acknowledged
      sum.readable += numbers.length
      const there = new Set(numbers)
      for (let number = 1; number <= acknowledged; number++) if (!there.has(number)) sum.lost += 1
      sum.disordered += numbers.filter((number, at) => at > 0 && number <= numbers[at - 1]!).length
      sum.unacknowledgedKept += numbers.length - acknowledged
      for (const part of parts.filter((name) => name.endsWith(PART_EXTENSION))) {
        const place = join(folder, part)
        const readable = (await readNumbers(place)).length
        if ((await recoverTo(place, `${place}.whole`)) !== readable) sum.unreadableFiles += 1
      }
      for (const part of await readdir(folder)) {
        if (part.startsWith(`${run}.`) || part.startsWith(`${run}-`)) await rm(join(folder, part))
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, one))
    return { runs, ...sum }
  } finally {
    await big.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The files of a run, in the order in which they were written; before the first byte there is none. */
function partsOf(names: readonly string[], run: number): string[] {
  const number = (name: string): number => Number(/-(\d+)\.mcap/.exec(name)?.[1] ?? 1)
  const own = names.filter((name) => name.startsWith(`${run}.`) || name.startsWith(`${run}-`))
  return own.toSorted((a, b) => number(a) - number(b))
}

/** The number of the last entry that the recorder acknowledged. */
async function recordAndKill(url: string, path: string, delayMs: number, isEarly: boolean): Promise<number> {
  const child = spawn(
    process.execPath,
    [NETCORE, 'record', url, '-o', path, '--ack', '--split', `${SPLIT_MIB}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let text = ''
  child.stdout.on('data', (data: Buffer) => {
    text += data.toString()
  })
  const closed = once(child, 'close')
  const hasBegun = (): boolean => existsSync(path + PART_EXTENSION) || existsSync(path)
  while (!isEarly && child.exitCode === null && !hasBegun()) await passMs(LOOK_MS)
  setTimeout(() => child.kill('SIGKILL'), delayMs)
  await closed
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).trimEnd()
  return Number(/ACK (\d+)$/.exec(whole)?.[1] ?? 0)
}

async function readNumbers(path: string): Promise<number[]> {
  const numbers: number[] = []
  const source = await FileSource.open(path)
  try {
    await verifyRecording(source, noDecompression, ({ number }) => numbers.push(number))
    return numbers
  } finally {
    await source.close()
  }
}

/** How many entries the recovered file has; it must be whole, and nothing else may be left. */
async function recoverTo(part: string, path: string): Promise<number> {
  const source = await FileSource.open(part)
  try {
    await recoverRecording(source, noDecompression, systemDisk, path, 'kill test')
  } finally {
    await source.close()
  }
  const recovered = await FileSource.open(path)
  try {
    const { entries, isWhole } = await verifyRecording(recovered, noDecompression)
    // others of this name alone: drafts of the runs beside it come and go in the same folder
    const left = (await readdir(dirname(path))).filter((name) =>
      name.startsWith(`${basename(path)}.recovering`),
    )
    return isWhole && left.length === 0 ? entries : -1
  } finally {
    await recovered.close()
  }
}
