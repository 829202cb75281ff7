import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileSource } from '../src/main/recording/read/byte-source'
import { noDecompression } from '../src/main/recording/read/plain-block'
import { recoverRecording } from '../src/main/recording/read/recover'
import { verifyRecording } from '../src/main/recording/read/verify'
import { systemDisk } from '../src/main/recording/write/recording-disk'
import { seededRandom } from '../src/main/transport/seeded-random'

const NETCORE = 'out/cli/netcore.js'
/** Longer than what is needed for the first entries to be durable: begins with the start of the program. */
const EARLIEST_MS = 300
const LATEST_MS = 3500

export interface KillCounts {
  readonly runs: number
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
 * on the medium, in the file as it lies there and in the recovered one.
 */
export async function killRecorders(runs: number, seed: number, atOnce: number): Promise<KillCounts> {
  const folder = await mkdtemp(join(tmpdir(), 'netcore-kills-'))
  const random = seededRandom(seed)
  const sum = {
    acknowledged: 0,
    readable: 0,
    lost: 0,
    disordered: 0,
    unreadableFiles: 0,
    unacknowledgedKept: 0,
  }
  let started = 0
  const one = async (): Promise<void> => {
    while (started < runs) {
      const run = started++
      const delayMs = EARLIEST_MS + random(LATEST_MS - EARLIEST_MS)
      const baud = [9600, 115_200, 3_000_000][run % 3]!
      const path = join(folder, `${run}.mcap`)
      const acknowledged = await recordAndKill(`sim:demo?baud=${baud}&seed=${run}`, path, delayMs)
      const numbers = await readNumbers(`${path}.part`)
      if (numbers === null) {
        sum.unreadableFiles += acknowledged > 0 ? 1 : 0 // before the first byte there is no file to read
        continue
      }
      sum.acknowledged += acknowledged
      sum.readable += numbers.length
      const there = new Set(numbers)
      for (let number = 1; number <= acknowledged; number++) if (!there.has(number)) sum.lost += 1
      sum.disordered += numbers.filter((number, at) => at > 0 && number <= numbers[at - 1]!).length
      sum.unacknowledgedKept += numbers.length - acknowledged
      const recovered = await recoverTo(`${path}.part`, path)
      if (recovered !== numbers.length) sum.unreadableFiles += 1
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, one))
    return { runs, ...sum }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The number of the last entry that the recorder acknowledged. */
async function recordAndKill(url: string, path: string, delayMs: number): Promise<number> {
  const child = spawn(process.execPath, [NETCORE, 'record', url, '-o', path, '--ack'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (data: Buffer) => {
    text += data.toString()
  })
  setTimeout(() => child.kill('SIGKILL'), delayMs)
  await once(child, 'close')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).trimEnd()
  return Number(/ACK (\d+)$/.exec(whole)?.[1] ?? 0)
}

async function readNumbers(path: string): Promise<number[] | null> {
  const numbers: number[] = []
  const source = await FileSource.open(path).catch(() => null)
  if (source === null) return null
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
    const left = (await readdir(join(path, '..'))).filter((name) => name.includes('.recovering'))
    return isWhole && left.length === 0 ? entries : -1
  } finally {
    await recovered.close()
  }
}
