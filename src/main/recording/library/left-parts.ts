import { rename, rm, stat } from 'node:fs/promises'
import { asConsoleError, ConsoleError } from '../../../shared/errors'
import { recordingStem } from '../../../shared/model/recording-name'
import { FileSource } from '../read/byte-source'
import { noDecompression } from '../read/plain-block'
import { sessionOf } from '../read/recording-files'
import { DRAFT_EXTENSION, type Recovered, recoverRecording } from '../read/recover'
import { PART_EXTENSION } from '../write/recording-writer'
import { type RecordingDisk, systemDisk } from '../write/recording-disk'
import { mayBeWritten } from '../write/writer-identity'
import type { RecordingFile, RecordingFolder } from './recording-folder'

/** What became of a part that somebody left unfinished. */
export type LeftPart = { readonly part: string } & (
  | ({ readonly became: 'recovered'; readonly recording: string } & Recovered)
  /** Nothing in it could be read. */
  | { readonly became: 'nothing' }
  /** Another program writes it, or may. */
  | { readonly became: 'left' }
  | { readonly became: 'failed'; readonly problem: ConsoleError }
)

export interface LeftPartsOptions {
  readonly library: string
  /** Paths without `.part` that this program writes now. */
  readonly isOurs: (path: string) => boolean
  readonly nowMs: () => number
  /** Default: that of this computer. */
  readonly disk?: RecordingDisk
}

/** A draft of a recovery that was itself cut off, and that nobody goes on with. */
const STALE_DRAFT_MS = 60_000
/** Header and session fit in here: a shorter part without an entry never had one. */
const BEGINNING_BYTES = 4096
/** Damage in the midst: what could not be read may still be worth something to somebody. */
const DAMAGED_EXTENSION = '.damaged'

/**
 * Finishes recordings that a program left behind when it was killed, or that the disk refused: all that can be read gets an
 * index and its name. A part that a living program writes stays as it is. Never fails as a whole.
 */
export async function recoverLeftParts(
  folder: RecordingFolder,
  options: LeftPartsOptions,
): Promise<LeftPart[]> {
  const { files } = await folder.list()
  const parts = files.filter(({ name }) => name.endsWith(PART_EXTENSION))
  const left: LeftPart[] = []
  for (const file of parts) {
    const part = file.name
    try {
      left.push({ part, ...(await recoverPart(folder, file, options)) })
    } catch (cause) {
      left.push({ part, became: 'failed', problem: asRecoveryProblem(part, cause) })
    }
  }
  return left
}

type Became = LeftPart extends infer Each ? (Each extends LeftPart ? Omit<Each, 'part'> : never) : never

async function recoverPart(
  folder: RecordingFolder,
  { path: partPath, name, changedAtMs, fileBytes }: RecordingFile,
  { library, isOurs, nowMs, disk = systemDisk }: LeftPartsOptions,
): Promise<Became> {
  const path = partPath.slice(0, -PART_EXTENSION.length)
  if (isOurs(path)) return { became: 'left' }
  const begun = await FileSource.open(partPath)
  const facts = await sessionOf(begun).finally(() => begun.close())
  if (mayBeWritten(facts, nowMs() - changedAtMs)) return { became: 'left' }
  await dropDraft(path, nowMs())
  const recording = (await isFree(path)) ? name.slice(0, -PART_EXTENSION.length) : free(folder, name)
  const goal = folder.placeOf(recording)
  const source = await FileSource.open(partPath)
  let recovered: Recovered
  try {
    recovered = await recoverRecording(source, noDecompression, disk, goal, library)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') await rm(goal + DRAFT_EXTENSION, { force: true })
    throw cause
  } finally {
    await source.close()
  }
  const isEmpty = recovered.entries === 0
  if (isEmpty) await rm(goal, { force: true })
  const isWorthless = isEmpty ? fileBytes < BEGINNING_BYTES : recovered.lostMiddle === 0
  if (isWorthless) await rm(partPath, { force: true })
  else await rename(partPath, path + DAMAGED_EXTENSION)
  return isEmpty ? { became: 'nothing' } : { became: 'recovered', recording, ...recovered }
}

const free = (folder: RecordingFolder, name: string): string => folder.freeName(recordingStem(name))

/** A name that was only reserved, by a program that was killed before it could rename, is free. */
async function isFree(path: string): Promise<boolean> {
  try {
    const { size } = await stat(path)
    if (size > 0) return false
    await rm(path)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

async function dropDraft(path: string, nowMs: number): Promise<void> {
  const draft = path + DRAFT_EXTENSION
  const { mtimeMs } = await stat(draft).catch(() => ({ mtimeMs: nowMs }))
  if (nowMs - mtimeMs > STALE_DRAFT_MS) await rm(draft, { force: true })
}

function asRecoveryProblem(part: string, cause: unknown): ConsoleError {
  if (cause instanceof ConsoleError) return cause
  const { code } = cause as NodeJS.ErrnoException
  const isFull = code === 'ENOSPC' || code === 'EDQUOT'
  return new ConsoleError(
    isFull ? 'RECORDING_DISK_FULL' : 'RECORDING_WRITE_FAILED',
    `${part} could not be finished: ${asConsoleError(cause).message}`,
    {
      remedy: `It stays as it is and is tried again when the program starts. By hand: netcore recover ${part}`,
    },
    { cause },
  )
}
