import { asConsoleError, ConsoleError } from '../../../shared/errors'
import type { LibraryJob } from '../../../shared/model/library'
import { isUnfinished, RECORDING_EXTENSION, recordingStem } from '../../../shared/model/recording-name'
import { type ByteSource, FileSource } from '../read/byte-source'
import type { Damage } from '../read/damage'
import type { Decompress } from '../read/plain-block'
import { RecordingFiles } from '../read/recording-files'
import { recoverRecording } from '../read/recover'
import { isSoundFile, verifyParts } from '../read/verify'
import type { RecordingDisk } from '../write/recording-disk'
import type { RecordingFolder } from './recording-folder'

export const MAX_RUNNING_JOBS = 2
/** Ended ones that are kept, so that people see what came of them. */
export const MAX_KEPT_JOBS = 20

export interface LibraryJobsOptions {
  readonly folder: RecordingFolder
  readonly disk: RecordingDisk
  readonly decompress: () => Promise<Decompress>
  /** Program and version, for the header of what is recovered. */
  readonly library: string
  readonly onChange: () => void
  /** A recording was recovered from another one, as names. */
  readonly onRecovered: (from: string, to: string) => Promise<void>
}

interface Job {
  told: LibraryJob
  readonly cancel: AbortController
  readonly ended: Promise<void>
}

/** Recordings that are verified or recovered on request, with how far that is. */
export class LibraryJobs {
  readonly #options: LibraryJobsOptions
  readonly #jobs: Job[] = []
  #last = 0

  constructor(options: LibraryJobsOptions) {
    this.#options = options
  }

  /** Newest first. */
  get jobs(): LibraryJob[] {
    return this.#jobs.map(({ told }) => told).reverse()
  }

  /** @throws ConsoleError `RECORDING_UNKNOWN`, `RECORDING_NAME_INVALID`, `LIBRARY_JOBS_TOO_MANY`. */
  verify(recording: string): number {
    return this.#begin('verify', recording, (source, decompress) => this.#verify(source, decompress))
  }

  /** Writes what can be read of a recording to a new one; the damaged one stays. @throws as `verify`. */
  recover(recording: string): number {
    return this.#begin('recover', recording, (source, decompress) =>
      this.#recover(recording, source, decompress),
    )
  }

  /** @throws ConsoleError `LIBRARY_JOB_UNKNOWN`. */
  cancel(jobId: number): void {
    const job = this.#jobs.find(({ told }) => told.jobId === jobId)
    if (job === undefined)
      throw new ConsoleError('LIBRARY_JOB_UNKNOWN', `there is no work ${jobId}`, { jobId })
    job.cancel.abort()
  }

  async close(): Promise<void> {
    for (const { cancel } of this.#jobs) cancel.abort()
    await Promise.all(this.#jobs.map(({ ended }) => ended))
  }

  #begin(
    kind: LibraryJob['kind'],
    recording: string,
    work: (source: ByteSource, decompress: Decompress) => Promise<Outcome>,
  ): number {
    const path = this.#options.folder.pathOf(recording)
    const running = this.#jobs.filter(({ told }) => told.state === 'running')
    if (running.length >= MAX_RUNNING_JOBS) {
      throw new ConsoleError('LIBRARY_JOBS_TOO_MANY', `${MAX_RUNNING_JOBS} recordings are being worked on`, {
        limit: MAX_RUNNING_JOBS,
      })
    }
    const jobId = ++this.#last
    const cancel = new AbortController()
    const told: LibraryJob = {
      jobId,
      kind,
      recording,
      state: 'running',
      share: 0,
      result: '',
      remedy: '',
      isGood: true,
      made: '',
    }
    const job: Job = { told, cancel, ended: Promise.resolve().then(() => this.#run(job, path, work)) }
    this.#jobs.push(job)
    const ended = this.#jobs.filter((each) => each.told.state !== 'running')
    for (const old of ended.slice(0, Math.max(0, ended.length - MAX_KEPT_JOBS)))
      this.#jobs.splice(this.#jobs.indexOf(old), 1)
    this.#options.onChange()
    return jobId
  }

  async #run(
    job: Job,
    path: string,
    work: (source: ByteSource, decompress: Decompress) => Promise<Outcome>,
  ): Promise<void> {
    const change = (news: Partial<LibraryJob>): void => {
      job.told = { ...job.told, ...news }
      this.#options.onChange()
    }
    const { signal } = job.cancel
    try {
      const decompress = await this.#options.decompress()
      // what is recovered becomes a file: each part by itself
      const source = await (job.told.kind === 'verify' ? RecordingFiles : FileSource).open(path)
      try {
        const watched = watchedSource(source, signal, (share) => {
          if (share - job.told.share >= 0.01) change({ share })
        })
        change({ state: 'done', share: 1, ...(await work(watched, decompress)) })
      } finally {
        await source.close()
      }
    } catch (cause) {
      if (signal.aborted) {
        change({ state: 'cancelled', isGood: false })
        return
      }
      const error = asConsoleError(cause)
      change({ state: 'failed', result: error.message, remedy: error.remedy, isGood: false })
    }
  }

  async #verify(source: ByteSource, decompress: Decompress): Promise<Outcome> {
    let [entries, damageCount, lostMiddle] = [0, 0, 0]
    let [isEnded, isOrdered, isGood] = [true, true, true]
    const damage: (Damage & { readonly part: number })[] = []
    let part = 0
    for await (const found of verifyParts(source, decompress)) {
      part += 1
      entries += found.entries
      damageCount += found.damageCount
      lostMiddle += found.lostMiddle
      isEnded &&= found.isWhole || found.damageCount > 0
      isOrdered &&= found.isOrdered
      isGood &&= isSoundFile(found)
      for (const place of found.damage) damage.push({ ...place, part })
    }
    const [first] = damage
    const where = part > 1 ? ` of part ${first?.part ?? 0}` : ''
    const words = [
      `${entries} entries can be read`,
      damageCount > 0 && `${damageCount} damaged ${damageCount === 1 ? 'place' : 'places'}`,
      first !== undefined && `the first at byte ${first.offset}${where}: ${first.why}`,
      lostMiddle > 0 && `${lostMiddle} entries missing between others`,
      !isEnded && (part > 1 ? 'the end of a part is missing' : 'its end is missing'),
      !isOrdered && 'entries are out of order',
    ].filter((word) => word !== false)
    const isRepairable = damageCount > 0 && damage.every(({ recovery }) => recovery === 'made-again')
    const advice = isRepairable ? ' Recovering makes these places again, and no entry is lost.' : ''
    return {
      isGood,
      result: isGood
        ? `Whole: all ${entries} entries${part > 1 ? ` in ${part} parts` : ''} can be read, all checksums and indexes are right.`
        : `${words.join(', ')}.${advice}`,
      made: '',
    }
  }

  async #recover(recording: string, source: ByteSource, decompress: Decompress): Promise<Outcome> {
    const { folder, disk, library, onRecovered } = this.#options
    const stem = recordingStem(recording)
    const wanted = stem + RECORDING_EXTENSION
    // the unfinished one has the name by itself
    const isFree = isUnfinished(recording) && !folder.has(wanted)
    const made = isFree ? wanted : folder.freeName(`${stem} recovered`)
    const { entries, damagedBytes, lostMiddle } = await recoverRecording(
      source,
      decompress,
      disk,
      folder.placeOf(made),
      library,
    )
    await onRecovered(recording, made)
    const lost = [
      damagedBytes > 0 && `${damagedBytes} bytes could not be read`,
      lostMiddle > 0 && `${lostMiddle} entries are missing between others`,
    ].filter((word) => word !== false)
    return {
      isGood: true,
      result: `${entries} entries saved${lost.length === 0 ? ', nothing is missing' : `; ${lost.join(', ')}`}.`,
      made,
    }
  }
}

type Outcome = Pick<LibraryJob, 'isGood' | 'result' | 'made'>

/** Tells how far a source was read, and ends when that is no longer wanted. */
function watchedSource(
  source: ByteSource,
  signal: AbortSignal,
  onShare: (share: number) => void,
): ByteSource {
  return {
    size: source.size,
    starts: source.starts,
    read: (offset, count) => {
      signal.throwIfAborted()
      onShare(Math.min(1, offset / Math.max(1, source.size)))
      return source.read(offset, count)
    },
  }
}
