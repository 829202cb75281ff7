import { lstatSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { ConsoleError } from '../../../shared/errors'
import {
  formatRemarks,
  MAX_SIDECAR_BYTES,
  NO_REMARKS,
  parseRemarks,
  type RecordingRemarks,
} from '../../../shared/workspace/recording-file'
import { recordingStem } from '../../../shared/model/recording-name'
import type { FileProblem } from '../../../shared/workspace/workspace-types'
import { replaceFile } from '../../workspace/replace-file'
import type { RecordingFolder } from './recording-folder'

export interface ReadRemarks {
  readonly remarks: RecordingRemarks
  readonly problem: FileProblem | null
  /** Another one whenever the file was written. */
  readonly stamp: string
}

/** Tags, note and pin of recordings, as they stand beside them. Files that did not change are not read again. */
export class RemarksFiles {
  readonly #folder: RecordingFolder
  readonly #known = new Map<string, ReadRemarks>()
  #writing: Promise<unknown> = Promise.resolve()

  constructor(folder: RecordingFolder) {
    this.#folder = folder
  }

  /** What is said of a recording; nothing when its file makes no sense. */
  read(recording: string): ReadRemarks {
    const path = this.#folder.sidecarPlaceOf(recording)
    const stamp = stampOf(path)
    const before = this.#known.get(path)
    if (before?.stamp === stamp) return before
    const known = { ...this.#readFile(path, recording, stamp), stamp }
    this.#known.set(path, known)
    return known
  }

  /** Forgets what stood beside recordings that are there no longer. */
  keepOnly(recordings: Iterable<string>): void {
    const kept = new Set([...recordings].map((recording) => this.#folder.sidecarPlaceOf(recording)))
    for (const path of this.#known.keys()) if (!kept.has(path)) this.#known.delete(path)
  }

  /**
   * Changes what is said of a recording; comments and what others keep in the file stay.
   *
   * @throws ConsoleError `RECORDING_REMARKS_INVALID` when the file makes no sense (it is not overwritten), `NOTES_TOO_MANY` when it
   * would grow too large, `FILE_UNWRITABLE`.
   */
  change(recording: string, change: (before: RecordingRemarks) => RecordingRemarks): Promise<void> {
    const work = this.#writing.then(() => this.#change(recording, change))
    this.#writing = work.catch(() => undefined)
    return work
  }

  async #change(recording: string, change: (before: RecordingRemarks) => RecordingRemarks): Promise<void> {
    const path = this.#folder.sidecarPlaceOf(recording)
    const { remarks, problem } = this.read(recording)
    if (problem !== null) {
      const { file, line, column, message, remedy } = problem
      throw new ConsoleError('RECORDING_REMARKS_INVALID', `${file}:${line}:${column}: ${message}`, { remedy })
    }
    const before = stampOf(path) === 'none' ? '' : readFileSync(path, 'utf8')
    const text = formatRemarks(change(remarks), before)
    if (Buffer.byteLength(text) > MAX_SIDECAR_BYTES) {
      throw new ConsoleError('NOTES_TOO_MANY', `what is said of it has over ${MAX_SIDECAR_BYTES} bytes`)
    }
    this.#known.delete(path)
    try {
      if (text.trim() === '{}') await rm(path, { force: true })
      else await replaceFile(path, text)
    } catch (cause) {
      throw new ConsoleError('FILE_UNWRITABLE', `${path} cannot be written`, {}, { cause })
    }
  }

  #readFile(path: string, recording: string, stamp: string): Omit<ReadRemarks, 'stamp'> {
    if (stamp === 'none') return { remarks: NO_REMARKS, problem: null }
    const file = `recordings/${recordingStem(recording)}.yaml`
    const told = (message: string, remedy: string): Omit<ReadRemarks, 'stamp'> => ({
      remarks: NO_REMARKS,
      problem: { file, line: 0, column: 0, message, remedy },
    })
    if (stamp === 'other') return told('this is not a file', 'Put a file in its place, or remove it.')
    if (stamp === 'large') {
      return told(`the file has over ${MAX_SIDECAR_BYTES} bytes`, 'Keep long texts in a file of their own.')
    }
    try {
      const { value, problem } = parseRemarks(readFileSync(path, 'utf8'), file)
      return problem ? { remarks: NO_REMARKS, problem } : { remarks: value, problem: null }
    } catch {
      return told('the file cannot be read', 'Check your rights to the file.')
    }
  }
}

/** Links are not followed. */
function stampOf(path: string): string {
  try {
    const stats = lstatSync(path, { bigint: true })
    if (!stats.isFile()) return 'other'
    if (stats.size > MAX_SIDECAR_BYTES) return 'large'
    return `${stats.ino}-${stats.size}-${stats.mtimeNs}-${stats.ctimeNs}`
  } catch {
    return 'none'
  }
}
