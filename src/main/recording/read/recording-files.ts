import { lstat, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ConsoleError } from '../../../shared/errors'
import { isUnfinished, recordingStem } from '../../../shared/model/recording-name'
import { type ByteSource, FileSource } from './byte-source'
import { noDecompression } from './plain-block'
import { scanRecording } from './record-scanner'

/** Parts of one recording that are read as one: what a recorder splits by size and time writes in six weeks. */
export const MAX_PARTS = 1000

/** A file of a recording, with the place in all of it at which it begins. */
export interface RecordingPart {
  readonly path: string
  readonly source: FileSource
  readonly start: number
}

/**
 * A recording with all its parts: `NAME.mcap` and, where that is the first of several, `NAME-2.mcap`, `NAME-3.mcap`, … that
 * lie beside it and say that they belong to the same session; the last may still be written. A part that is named itself
 * is read alone. What was there when it was opened is what it has, also when files are renamed or removed meanwhile.
 */
export class RecordingFiles implements ByteSource {
  readonly parts: readonly RecordingPart[]
  readonly starts: readonly number[]
  readonly size: number

  private constructor(sources: readonly (readonly [path: string, source: FileSource])[]) {
    let size = 0
    this.parts = sources.map(([path, source]) => {
      const start = size
      size += source.size
      return { path, source, start }
    })
    this.starts = this.parts.map(({ start }) => start)
    this.size = size
  }

  /**
   * @param path - Of its first part, or of any part to be read alone.
   * @throws ConsoleError `FILE_UNREADABLE`, `RECORDING_PARTS_TOO_MANY`.
   */
  static async open(path: string, maxParts = MAX_PARTS): Promise<RecordingFiles> {
    const first = await FileSource.open(path)
    const sources: [string, FileSource][] = [[path, first]]
    try {
      for await (const part of partsAfter(path, first, maxParts)) sources.push(part)
      return new RecordingFiles(sources)
    } catch (error) {
      for (const [, source] of sources) await source.close()
      throw error
    }
  }

  async read(offset: number, count: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    for (const { source, start } of this.parts) {
      const from = Math.max(offset, start)
      const to = Math.min(offset + count, start + source.size)
      if (from < to) pieces.push(await source.read(from - start, to - from))
    }
    return pieces.length === 1 ? pieces[0]! : new Uint8Array(Buffer.concat(pieces))
  }

  async close(): Promise<void> {
    for (const { source } of this.parts) await source.close()
  }
}

/** The further parts of a recording, in order; those of another one of the same name are passed over. */
async function* partsAfter(
  path: string,
  first: FileSource,
  maxParts: number,
): AsyncGenerator<[string, FileSource]> {
  const session = await sessionOf(first)
  const sessionId = session?.get('session_id') ?? ''
  if (sessionId === '' || session?.get('part') !== '1') return
  const found = await partNames(path)
  if (found.size >= maxParts)
    throw new ConsoleError('RECORDING_PARTS_TOO_MANY', `${path} has more than ${maxParts} parts`, {
      limit: maxParts,
    })
  for (const [part, name] of found) {
    const partPath = join(dirname(path), name)
    if (!(await isPlainFile(partPath))) continue
    const source = await FileSource.open(partPath).catch(() => null)
    const facts = source && (await sessionOf(source).catch(() => null))
    if (source === null) continue
    if (facts?.get('session_id') === sessionId && facts.get('part') === `${part}`) yield [partPath, source]
    else await source.close()
  }
}

/** Files that may be parts, by their numbers; a finished one goes before what it was made of. */
async function partNames(path: string): Promise<ReadonlyMap<number, string>> {
  const stem = recordingStem(basename(path))
  const names = await readdir(dirname(path)).catch(() => [])
  const found = new Map<number, string>()
  for (const name of names) {
    const own = recordingStem(name)
    const digits = own !== name && own.startsWith(`${stem}-`) ? own.slice(stem.length + 1) : ''
    if (!/^[1-9]\d{0,8}$/.test(digits) || digits === '1') continue
    if (!found.has(Number(digits)) || !isUnfinished(name)) found.set(Number(digits), name)
  }
  return new Map([...found].sort(([left], [right]) => left - right))
}

/** What a file says at its beginning; null where it does not. */
export async function sessionOf(source: ByteSource): Promise<ReadonlyMap<string, string> | null> {
  for await (const scanned of scanRecording(source, { decompress: noDecompression })) {
    if (scanned.found === 'metadata' && scanned.name === 'session') return scanned.values
    if (scanned.found !== 'attachment') return null // ours begin with it
  }
  return null
}

/** Links may lead anywhere: a folder may come from somebody else. */
const isPlainFile = (path: string): Promise<boolean> =>
  lstat(path).then(
    (stats) => stats.isFile(),
    () => false,
  )
