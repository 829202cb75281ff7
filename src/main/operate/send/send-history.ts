import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { ConsoleError } from '../../../shared/errors'
import type { HistoryEntry, HistoryPage } from '../../../shared/model/drafts'
import { replaceFile } from '../../workspace/replace-file'

const MAX_HISTORY_ENTRIES = 1000
/** A longer body is not kept with its entry. */
const MAX_KEPT_BODY_LENGTH = 64 * 1024
/** The file is written anew when it has grown to twice what it may hold. */
const MAX_FILE_LINES = 4 * MAX_HISTORY_ENTRIES
const MAX_FILE_BYTES = 64 * 1024 * 1024

const draftCheck = z.strictObject({
  route: z.string(),
  kind: z.enum(['request', 'subscribe', 'event', 'bytes']),
  priority: z.number(),
  timeoutMs: z.number(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  body: z
    .strictObject({ format: z.enum(['json', 'msgpack', 'text', 'hex', 'file']), text: z.string() })
    .nullable(),
  confirms: z.boolean(),
  expect: z.string(),
})
const entryCheck = z.strictObject({
  historyId: z.string(),
  session: z.string(),
  draft: draftCheck,
  isBodyCut: z.boolean(),
  environment: z.string(),
  link: z.string(),
  name: z.string(),
  sentAtIso: z.string(),
  messageId: z.number().nullable(),
})
const endCheck = z.strictObject({
  ended: z.string(),
  outcome: z.enum(['sent', 'answered', 'cached', 'failed']),
  roundTripMs: z.number().nullable(),
  problem: z.string(),
})
const lineCheck = z.union([entryCheck, endCheck])

export type SentNow = Pick<
  HistoryEntry,
  'draft' | 'environment' | 'link' | 'name' | 'sentAtIso' | 'messageId'
>
export type SentEnd = Pick<HistoryEntry, 'roundTripMs' | 'problem'> & {
  readonly outcome: 'sent' | 'answered' | 'cached' | 'failed'
}

/** Folder of a workspace for what the program notes by itself. Version control leaves it alone. */
export const stateDir = (workspaceDir: string): string => join(workspaceDir, 'state')

/**
 * Everything that was sent by hand, the newest of it, kept across restarts in one file of lines that grows at its end. Several
 * programs may write to it; drafts must come without values of secrets.
 */
export class SendHistory {
  readonly #path: string
  readonly #session: string
  readonly #newId: () => string
  readonly #onProblem: (problem: ConsoleError) => void
  readonly #listeners = new Set<() => void>()
  #entries: Kept[] = []
  #stamp = ''
  #lines = 0
  #compacting: Promise<unknown> = Promise.resolve()

  /**
   * @param session - Another one for each run of the program: numbers of messages mean something within one only.
   * @param onProblem - The file cannot be read or written. The work goes on without it.
   */
  constructor(
    path: string,
    session: string,
    newId: () => string,
    onProblem: (problem: ConsoleError) => void,
  ) {
    this.#path = path
    this.#session = session
    this.#newId = newId
    this.#onProblem = onProblem
  }

  /** Notes that something is on its way. @returns Its number, for `ended`. */
  began(sent: SentNow): string {
    const historyId = this.#newId()
    const { body } = sent.draft
    const isBodyCut = body !== null && body.text.length > MAX_KEPT_BODY_LENGTH
    const draft = isBodyCut ? { ...sent.draft, body: null } : sent.draft
    this.#append({ ...sent, historyId, session: this.#session, draft, isBodyCut })
    return historyId
  }

  ended(historyId: string, end: SentEnd): void {
    this.#append({ ended: historyId, ...end })
  }

  /** The newest that match: all words of the query stand in route, body, headers, link, file or outcome. */
  list(query: string, limit: number): HistoryPage {
    this.#refresh()
    const words = query
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    const found = this.#entries.filter(({ haystack }) => words.every((word) => haystack.includes(word)))
    const entries = found
      .slice(-limit)
      .toReversed()
      .map(({ entry }) => entry)
    return { entries, total: found.length }
  }

  /** @throws ConsoleError `FILE_UNWRITABLE`. */
  async clear(): Promise<void> {
    await this.#compacting
    try {
      await replaceFile(this.#path, '')
    } catch (cause) {
      throw unwritable(this.#path, cause)
    }
    this.#entries = []
    this.#stamp = ''
    this.#tell()
  }

  /** Calls `listener` after each change of ours. Returns how to end it. */
  onChange(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  /** What is being written is written. */
  async settled(): Promise<void> {
    await this.#compacting
  }

  #append(line: z.infer<typeof lineCheck>): void {
    try {
      this.#makeFolder()
      appendFileSync(this.#path, `${JSON.stringify(line)}\n`, { mode: 0o600 })
    } catch (cause) {
      this.#onProblem(unwritable(this.#path, cause))
    }
    this.#tell()
  }

  #makeFolder(): void {
    const folder = dirname(this.#path)
    if (mkdirSync(folder, { recursive: true, mode: 0o700 }) === undefined) return
    writeFileSync(join(folder, '.gitignore'), '*\n')
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }

  /** Reads the file again when somebody wrote to it. */
  #refresh(): void {
    let stamp: string
    try {
      const { size, mtimeMs, ino } = statSync(this.#path)
      stamp = `${ino}-${size}-${mtimeMs}`
      if (stamp === this.#stamp) return
      if (size > MAX_FILE_BYTES) throw new Error(`${this.#path} has over ${MAX_FILE_BYTES} bytes`)
      this.#load(readFileSync(this.#path, 'utf8'))
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.#onProblem(new ConsoleError('FILE_UNREADABLE', `${this.#path} cannot be read`, {}, { cause }))
      }
      this.#entries = []
      return
    }
    this.#stamp = stamp
    if (this.#lines > MAX_FILE_LINES) this.#compact()
  }

  /** A line that makes no sense, such as one that was cut off, is passed over. */
  #load(text: string): void {
    const entries = new Map<string, { begin: z.infer<typeof entryCheck>; end?: z.infer<typeof endCheck> }>()
    this.#lines = 0
    for (const written of text.split('\n')) {
      if (written === '') continue
      this.#lines += 1
      const line = lineCheck.safeParse(jsonOf(written)).data
      if (line === undefined) continue
      if ('ended' in line) {
        const known = entries.get(line.ended)
        if (known !== undefined) known.end = line
      } else entries.set(line.historyId, { begin: line })
    }
    const all = [...entries.values()].slice(-MAX_HISTORY_ENTRIES)
    this.#entries = all.map(({ begin, end }) => this.#kept(begin, end))
  }

  #kept(begin: z.infer<typeof entryCheck>, end: z.infer<typeof endCheck> | undefined): Kept {
    const { session, messageId, ...rest } = begin
    const isOurs = session === this.#session
    const open = isOurs ? 'waiting' : 'sent'
    const entry: HistoryEntry = {
      ...rest,
      messageId: isOurs ? messageId : null,
      outcome: end?.outcome ?? open,
      roundTripMs: end?.roundTripMs ?? null,
      problem: end?.problem ?? '',
    }
    const { draft, link, name, environment, outcome } = entry
    const words = [
      draft.route,
      draft.kind,
      draft.body?.text ?? '',
      JSON.stringify(draft.headers),
      link,
      name,
      environment,
      outcome,
    ]
    return { begin, end, entry, haystack: words.join('\n').toLowerCase() }
  }

  /** What is older than the newest goes. */
  #compact(): void {
    const lines = this.#entries.flatMap(({ begin, end }) => (end === undefined ? [begin] : [begin, end]))
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    this.#lines = lines.length
    this.#compacting = replaceFile(this.#path, text).catch((cause: unknown) =>
      this.#onProblem(unwritable(this.#path, cause)),
    )
  }
}

interface Kept {
  readonly begin: z.infer<typeof entryCheck>
  readonly end: z.infer<typeof endCheck> | undefined
  readonly entry: HistoryEntry
  /** What a query looks into, in lower case. */
  readonly haystack: string
}

const unwritable = (path: string, cause: unknown): ConsoleError =>
  new ConsoleError('FILE_UNWRITABLE', `what was sent cannot be noted in ${path}`, {}, { cause })

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
