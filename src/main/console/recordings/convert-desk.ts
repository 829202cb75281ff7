import { statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { CommandName, CommandRequest } from '../../../shared/contract/contract'
import { asConsoleError, ConsoleError } from '../../../shared/errors'
import { compileFilter } from '../../../shared/filter'
import type { Clock } from '../../../shared/model/clock'
import {
  type Conversion,
  type ConversionKind,
  type ConversionsChanged,
  EXPORT_FORMAT_FACTS,
  importFormatOf,
  MAX_CONVERSIONS,
  MAX_ENDED_CONVERSIONS,
  MAX_PIECE_BYTES,
  MAX_PREVIEW_MS,
  type RedactionPreview,
} from '../../../shared/model/exports'
import { isUnfinished, recordingStem } from '../../../shared/model/recording-name'
import { entryNameProblem, MAX_ENTRY_PART_LENGTH } from '../../../shared/workspace/entry-name'
import { exporterOf } from '../../recording/export/export-catalogue'
import { ExportFiles } from '../../recording/export/export-files'
import { type ExportRun, runExport } from '../../recording/export/run-export'
import { importRecording } from '../../recording/import/import-recording'
import { Alarm } from '../../link/alarm'
import type { RecordingFolder } from '../../recording/library/recording-folder'
import { FileSource } from '../../recording/read/byte-source'
import { RecordingFiles } from '../../recording/read/recording-files'
import { loadDecompress } from '../../recording/read/unpack-block'
import { previewRedaction } from '../../recording/redact/preview-redaction'
import { Redactor } from '../../recording/redact/redactor'
import { type ChangeRun, changeRecording } from '../../recording/write/change-recording'
import { packRecording } from '../../recording/write/pack-recording'
import { systemDisk } from '../../recording/write/recording-disk'
import type { Feed } from '../console-types'
import { PacedFeed } from '../feeds/paced-feed'
import type { Handlers } from '../handlers/handlers'
import { ExportsFolder } from './exports-folder'
import { IncomingFile } from './incoming-file'
import { redactionRules, workspaceRules } from './workspace-redactor'
import { filterJudge, numberJudge } from './message-judge'

const CONVERSIONS_INTERVAL_MS = 200
const RECORDING_EXTENSION = '.mcap'

export interface ConvertDeskOptions {
  readonly clock: Clock
  readonly folder: RecordingFolder
  readonly workspaceDir: string
  readonly isBeingWritten: (path: string) => boolean
  /** Program and version. */
  readonly library: string
  /** The wall clock, in ms since 1970. */
  readonly wallMs: () => number
  /** Size from which on finished recordings are packed by themselves. Default: 4 MiB. */
  readonly packedFromBytes?: number
}

type ConvertCommand = Extract<CommandName, `export.${string}` | `import.${string}`>

type Told = { -readonly [K in keyof Conversion]: Conversion[K] }

interface Job {
  readonly told: Told
  readonly stop: AbortController
  incoming: IncomingFile | null
  /** Ends an import whose screen went away. */
  readonly idle: Alarm
  dialect: string | undefined
  work: Promise<void>
}

/** An import of which no piece came for so long is over. */
export const INCOMING_IDLE_MS = 5 * 60_000

/** Of a recording that is made of another: leaves room for a number behind it. */
const MAX_STEM_LENGTH = MAX_ENTRY_PART_LENGTH - 6

/** What is smaller than this is not worth packing by itself. */
const PACKED_FROM_BYTES = 4 * 1024 * 1024

/** Exports, imports, trims, redactions and packing of the recordings of the workspace: begun by a command, told by a feed, stopped by another. */
export class ConvertDesk {
  readonly handlers: Pick<Handlers, ConvertCommand>
  readonly #options: ConvertDeskOptions
  readonly #exports: ExportsFolder
  readonly #jobs = new Map<number, Job>()
  readonly #listeners = new Set<() => void>()
  #preview = new AbortController()
  #lastId = 0
  #version = 0

  constructor(options: ConvertDeskOptions) {
    this.#options = options
    this.#exports = new ExportsFolder(options.workspaceDir)
    this.handlers = {
      'export.start': (request) => ({ id: this.#export(request) }),
      'export.trim': (request) => ({ id: this.#trim(request) }),
      'export.redact': (request) => ({ id: this.#redact(request) }),
      'export.preview-redaction': async (request) => ({ preview: await this.#previewRedaction(request) }),
      'export.rules': () => ({ rules: workspaceRules(options.workspaceDir) ?? null }),
      'export.pack': ({ recording }) => ({ id: this.#pack(recording) }),
      'export.cancel': ({ id }) => {
        this.#cancel(this.#jobOf(id))
        return {}
      },
      'export.piece': ({ id, file, at }) => this.#piece(id, file, at),
      'import.begin': async (request) => ({ id: await this.#beginImport(request) }),
      'import.piece': ({ id, at, bytes }) => this.#importPiece(id, at, bytes),
      'import.end': ({ id }) => {
        this.#endImport(id)
        return {}
      },
    }
  }

  /** Those that run, and those that ended last, whenever something about them changed; at most 5 a second. */
  feed(): Feed<ConversionsChanged> {
    let told = -1
    const touch = (): void => feed.touch()
    this.#listeners.add(touch)
    const feed = new PacedFeed<ConversionsChanged>(this.#options.clock, {
      intervalMs: CONVERSIONS_INTERVAL_MS,
      produce: () => {
        if (told === this.#version) return undefined
        told = this.#version
        return { conversions: [...this.#jobs.values()].map((job) => ({ ...job.told })) }
      },
      hasMore: () => false,
      close: () => void this.#listeners.delete(touch),
    })
    return feed
  }

  /** Stops all; what they had written is taken back. */
  async close(): Promise<void> {
    this.#preview.abort()
    const jobs = this.#running()
    for (const job of jobs) this.#cancel(job)
    await Promise.all(jobs.map(({ work }) => work))
  }

  #export({ recording, format, binding, filter, messageIds }: CommandRequest<'export.start'>): number {
    const source = this.#options.folder.pathOf(recording)
    const compiled = filter === '' ? null : compileFilter(filter)
    if (compiled !== null && !compiled.ok)
      throw new ConsoleError('FILTER_INVALID', compiled.problems[0]!.message, { filter })
    const target = this.#exports.newPath(recordingStem(recording), EXPORT_FORMAT_FACTS[format].extension)
    const newJudge = judgeOf(compiled?.filter ?? null, messageIds)
    return this.#begin('export', recording, format, async (job) => {
      const run = {
        exporter: exporterOf(format, binding === undefined ? {} : { binding }),
        files: new ExportFiles(target),
      }
      const exported = await this.#reading(await RecordingFiles.open(source), job, (reading) =>
        runExport({
          ...run,
          ...reading,
          ...(newJudge !== undefined && { newJudge }),
          onProgress: (done, all, entries) => {
            job.told.entries = entries
            this.#progress(job, done, all)
          },
        }),
      )
      job.told.files = exported.files
      job.told.entries = exported.entries
      job.told.detail = damageText(exported.damagedBytes, exported.misread)
    })
  }

  #trim({ recording, fromMs, toMs }: CommandRequest<'export.trim'>): number {
    if (fromMs >= toMs) throw new ConsoleError('OPTION_INVALID', 'a part ends after it begins')
    return this.#change('trim', recording, ' part', {
      fromMs,
      toMs,
      told: new Map([['trimmed', new Map(Object.entries({ from: `${fromMs} ms`, to: `${toMs} ms` }))]]),
    })
  }

  #redact({ recording, rules }: CommandRequest<'export.redact'>): number {
    const transform = new Redactor(redactionRules(this.#options.workspaceDir, rules))
    return this.#change('redact', recording, '-redacted', { transform })
  }

  /** A new recording beside the one that it is made of, called after it. */
  #change(
    kind: ConversionKind,
    recording: string,
    ending: string,
    change: Pick<ChangeRun, 'fromMs' | 'toMs' | 'told' | 'transform'>,
  ): number {
    const { folder, library } = this.#options
    const source = folder.pathOf(recording)
    const stem = recordingStem(recording)
      .slice(0, MAX_STEM_LENGTH - ending.length)
      .trimEnd()
    const name = folder.freeName(stem + ending)
    return this.#begin(kind, recording, null, async (job) => {
      const { entries, damagedBytes } = await this.#reading(await FileSource.open(source), job, (reading) =>
        changeRecording({
          ...reading,
          ...change,
          disk: systemDisk,
          path: folder.placeOf(name),
          library,
          onProgress: (done, all) => this.#progress(job, done, all),
        }),
      )
      job.told.entries = entries
      job.told.recording = name
      job.told.detail = damageText(damagedBytes, 0)
    })
  }

  async #previewRedaction(request: CommandRequest<'export.preview-redaction'>): Promise<RedactionPreview> {
    const { folder, workspaceDir, clock } = this.#options
    const rules = redactionRules(workspaceDir, request.rules)
    const path = folder.pathOf(request.recording)
    this.#preview.abort()
    const { signal } = (this.#preview = new AbortController())
    const untilMs = clock.nowMs() + MAX_PREVIEW_MS
    const source = await FileSource.open(path)
    try {
      const decompress = await loadDecompress()
      const isEnough = (): boolean => clock.nowMs() > untilMs
      return await previewRedaction({ source, decompress, rules, signal, isEnough })
    } finally {
      await source.close()
    }
  }

  /** Packs recordings that were finished just now where it pays: nobody asked, so nothing is said when it cannot be. */
  packFinished(recordings: readonly string[]): void {
    const { folder, packedFromBytes = PACKED_FROM_BYTES } = this.#options
    for (const recording of recordings) {
      try {
        if (statSync(folder.pathOf(recording)).size >= packedFromBytes) this.#pack(recording)
      } catch {
        // renamed or removed meanwhile, or too much is being done: it stays as it is, and can be packed by hand
      }
    }
  }

  #pack(recording: string): number {
    const { folder, library, isBeingWritten } = this.#options
    const path = folder.pathOf(recording)
    if (isUnfinished(recording) || isBeingWritten(path))
      throw new ConsoleError(
        'OPTION_INVALID',
        `${recording} is not finished: only finished recordings are packed`,
      )
    return this.#begin('pack', recording, null, async (job) => {
      const { bytesBefore, bytesAfter } = await packRecording(path, {
        disk: systemDisk,
        library,
        signal: job.stop.signal,
        onProgress: (done, all) => this.#progress(job, done, all),
      })
      job.told.recording = recording
      job.told.files = [{ name: recording, path, byteCount: bytesAfter }]
      job.told.detail = bytesAfter < bytesBefore ? '' : 'it does not get smaller'
    })
  }

  async #beginImport({ name, byteCount, dialect }: CommandRequest<'import.begin'>): Promise<number> {
    const format = importFormatOf(name)
    if (format === undefined) throw new ConsoleError('IMPORT_INVALID', `${name} has no ending that is known`)
    if (format === 'bin' && dialect === '')
      throw new ConsoleError('IMPORT_INVALID', 'bytes need a dialect to be read by')
    this.#expectRoom()
    this.#options.folder.make()
    const incoming = await IncomingFile.create(this.#options.folder.dir, name, byteCount)
    const job = this.#newJob('import', name, null)
    job.incoming = incoming
    job.dialect = dialect === '' ? undefined : dialect
    job.told.allBytes = byteCount * 2
    this.#awaitPiece(job)
    this.#tell()
    return job.told.id
  }

  async #importPiece(id: number, at: number, bytes: Uint8Array): Promise<Record<string, never>> {
    const job = this.#jobOf(id)
    const { incoming } = job
    if (incoming === null || job.told.state !== 'running') throw unknown(id)
    await incoming.add(at, bytes)
    if (job.incoming !== null) this.#awaitPiece(job)
    this.#progress(job, incoming.receivedBytes, incoming.byteCount * 2)
    return {}
  }

  #endImport(id: number): void {
    const job = this.#jobOf(id)
    const { incoming } = job
    if (incoming === null || job.told.state !== 'running') throw unknown(id)
    if (!incoming.isWhole) throw new ConsoleError('IMPORT_INVALID', 'the file did not come as a whole')
    job.incoming = null
    job.idle.cancel()
    this.#run(job, async () => {
      try {
        await this.#import(job, incoming)
      } finally {
        await incoming.remove()
      }
    })
  }

  async #import(job: Job, incoming: IncomingFile): Promise<void> {
    const { folder, library, wallMs } = this.#options
    const stem = stemOf(incoming.name)
    const name = folder.freeName(entryNameProblem(stem) === null ? stem : 'imported')
    const { entries, damaged } = await this.#reading(await FileSource.open(incoming.path), job, (reading) =>
      importRecording({
        ...reading,
        format: importFormatOf(incoming.name)!,
        name: incoming.name,
        disk: systemDisk,
        path: folder.placeOf(name),
        library,
        startNs: BigInt(Math.round(wallMs())) * 1_000_000n,
        ...(job.dialect !== undefined && { dialect: job.dialect }),
        onProgress: (done, all) => this.#progress(job, incoming.byteCount + done, incoming.byteCount + all),
      }),
    )
    job.told.entries = entries
    job.told.recording = name
    job.told.detail = damaged === 0 ? '' : `${damaged} bytes or lines could not be read`
  }

  async #piece(id: number, file: number, at: number): Promise<{ bytes: Uint8Array; byteCount: number }> {
    const made = this.#jobOf(id).told.files[file]
    if (made === undefined) throw unknown(id)
    let handle: FileHandle | undefined
    try {
      handle = await open(made.path, 'r')
      const bytes = new Uint8Array(Math.max(0, Math.min(MAX_PIECE_BYTES, made.byteCount - at)))
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, at)
      return { bytes: bytes.subarray(0, bytesRead), byteCount: made.byteCount }
    } catch (cause) {
      throw new ConsoleError('FILE_UNREADABLE', `${made.name} cannot be read`, {}, { cause })
    } finally {
      await handle?.close()
    }
  }

  /** Closes what is read when `use` is through. */
  async #reading<T>(
    source: FileSource | RecordingFiles,
    job: Job,
    use: (reading: Pick<ExportRun, 'source' | 'decompress'> & { readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    try {
      return await use({ source, decompress: await loadDecompress(), signal: job.stop.signal })
    } finally {
      await source.close()
    }
  }

  #begin(
    kind: ConversionKind,
    subject: string,
    format: Conversion['format'],
    act: (job: Job) => Promise<void>,
  ): number {
    this.#expectRoom()
    const job = this.#newJob(kind, subject, format)
    this.#run(job, act)
    return job.told.id
  }

  #newJob(kind: ConversionKind, subject: string, format: Conversion['format']): Job {
    const told: Told = {
      id: ++this.#lastId,
      kind,
      subject,
      format,
      state: 'running',
      doneBytes: 0,
      allBytes: 0,
      entries: 0,
      files: [],
      recording: '',
      detail: '',
      remedy: '',
    }
    const job: Job = {
      told,
      stop: new AbortController(),
      incoming: null,
      idle: new Alarm(this.#options.clock),
      dialect: undefined,
      work: Promise.resolve(),
    }
    this.#jobs.set(told.id, job)
    return job
  }

  #run(job: Job, act: (job: Job) => Promise<void>): void {
    job.work = act(job).then(
      () => this.#ended(job, 'done'),
      (error: unknown) => {
        const { message, remedy } = asConsoleError(error)
        job.told.detail = job.stop.signal.aborted ? '' : message
        job.told.remedy = job.stop.signal.aborted ? '' : remedy
        this.#ended(job, job.stop.signal.aborted ? 'cancelled' : 'failed')
      },
    )
    this.#tell()
  }

  #cancel(job: Job): void {
    if (job.told.state !== 'running') return
    job.stop.abort()
    if (job.incoming !== null) this.#abandon(job, job.incoming, 'cancelled')
  }

  /** A screen that goes away says nothing: its import would keep its place, and what came of the file, for ever. */
  #awaitPiece(job: Job): void {
    job.idle.set(this.#options.clock.nowMs() + INCOMING_IDLE_MS, () => {
      if (job.incoming === null) return
      job.told.detail = `nothing came for ${INCOMING_IDLE_MS / 60_000} minutes`
      job.told.remedy = 'Bring the file in again.'
      this.#abandon(job, job.incoming, 'failed')
    })
  }

  #abandon(job: Job, incoming: IncomingFile, state: 'cancelled' | 'failed'): void {
    job.idle.cancel()
    job.work = incoming.remove()
    job.incoming = null
    this.#ended(job, state)
  }

  #ended(job: Job, state: Conversion['state']): void {
    job.told.state = state
    if (state === 'done') job.told.doneBytes = job.told.allBytes
    const ended = [...this.#jobs.values()].filter(({ told }) => told.state !== 'running')
    for (const { told } of ended.slice(0, -MAX_ENDED_CONVERSIONS)) this.#jobs.delete(told.id)
    this.#tell()
  }

  #progress(job: Job, doneBytes: number, allBytes: number): void {
    job.told.doneBytes = doneBytes
    job.told.allBytes = allBytes
    this.#tell()
  }

  #running(): Job[] {
    return [...this.#jobs.values()].filter(({ told }) => told.state === 'running')
  }

  #expectRoom(): void {
    if (this.#running().length >= MAX_CONVERSIONS)
      throw new ConsoleError('CONVERSIONS_TOO_MANY', `${MAX_CONVERSIONS} are running`, {
        limit: MAX_CONVERSIONS,
      })
  }

  #jobOf(id: number): Job {
    const job = this.#jobs.get(id)
    if (job === undefined) throw unknown(id)
    return job
  }

  #tell(): void {
    this.#version += 1
    for (const listener of [...this.#listeners]) listener()
  }
}

const unknown = (id: number): ConsoleError =>
  new ConsoleError('CONVERSION_UNKNOWN', `there is no export or import ${id} that could do this`, { id })

function judgeOf(
  filter: Parameters<typeof filterJudge>[0] | null,
  messageIds: readonly number[],
): ExportRun['newJudge'] {
  if (messageIds.length > 0) return () => numberJudge(new Set(messageIds))
  return filter === null ? undefined : () => filterJudge(filter)
}

const damageText = (damagedBytes: number, misread: number): string =>
  damagedBytes + misread === 0 ? '' : `${damagedBytes} bytes and ${misread} entries could not be read`

const stemOf = (name: string): string =>
  name.endsWith(RECORDING_EXTENSION) ? recordingStem(name) : name.replace(/(\.(rx|tx))?\.[a-z]+$/i, '')
