import { mkdir, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { MAX_MOMENTS, STRIP_BINS } from '../../../shared/model/library'
import { replaceFile } from '../../workspace/replace-file'
import { MAX_RECORDINGS } from './recording-folder'
import type { RecordingFacts } from './read-facts'

/** Another one whenever what is read of a recording is another: what an older program wrote is read anew. */
const VERSION = 2
const MAX_CATALOGUE_BYTES = 256 * 1024 * 1024

/** What is known of a file of a recording, as it was at its stamp. */
export interface KnownFile {
  readonly stamp: string
  readonly facts: RecordingFacts
}

z.config({ jitless: true })

const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER)
const text = z.string().max(4096)
const bins = z
  .base64()
  .transform((packed) => new Uint8Array(Buffer.from(packed, 'base64')))
  .refine((columns) => columns.length === STRIP_BINS)

const factsCheck = z.object({
  isWhole: z.boolean(),
  isEnded: z.boolean(),
  isRecovered: z.boolean(),
  entries: count,
  damaged: count,
  missing: count,
  sessionId: text,
  part: count,
  startedAtMs: z.number().nullable(),
  fromMs: z.number(),
  lengthMs: count,
  messages: count,
  problems: count,
  inBytes: count,
  outBytes: count,
  urls: z.array(text).max(1000),
  routes: z.array(text).max(1000),
  words: z.array(text).max(1000),
  moments: z
    .array(
      z.object({
        kind: z.enum(['marker', 'note', 'problem']),
        atMs: z.number(),
        text,
        noteId: z.number().optional(),
      }),
    )
    .max(MAX_MOMENTS),
  momentCount: count,
  session: z.record(text, text),
  strip: z.object({ in: bins, out: bins, faults: bins, mostBytes: count }),
})
const knownCheck = z.object({ stamp: text, facts: factsCheck })
const catalogueCheck = z.object({
  version: z.literal(VERSION),
  files: z.record(z.string(), z.unknown()),
})

const base64 = (columns: Uint8Array): string => Buffer.from(columns).toString('base64')

/**
 * What was read of the recordings, so that it need not be read again. It may be deleted, and may be wrong: entries that make
 * no sense are left out, and a stamp that is not the one of its file makes it be read anew.
 */
export class CatalogueFile {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  async load(): Promise<Map<string, KnownFile>> {
    const known = new Map<string, KnownFile>()
    try {
      if ((await stat(this.#path)).size > MAX_CATALOGUE_BYTES) return known
      const { files } = catalogueCheck.parse(JSON.parse(await readFile(this.#path, 'utf8')))
      for (const [name, entry] of Object.entries(files).slice(0, MAX_RECORDINGS)) {
        const { data } = knownCheck.safeParse(entry)
        if (data !== undefined) known.set(name, data)
      }
    } catch {
      // there is none, or it is none: the recordings are read
    }
    return known
  }

  /** @throws an error of the system. */
  async save(known: ReadonlyMap<string, KnownFile>): Promise<void> {
    const files = Object.fromEntries(
      [...known].map(([name, { stamp, facts }]) => {
        const { strip } = facts
        const packed = {
          in: base64(strip.in),
          out: base64(strip.out),
          faults: base64(strip.faults),
          mostBytes: strip.mostBytes,
        }
        return [name, { stamp, facts: { ...facts, strip: packed } }]
      }),
    )
    await mkdir(dirname(this.#path), { recursive: true })
    await replaceFile(this.#path, JSON.stringify({ version: VERSION, files }))
  }
}
