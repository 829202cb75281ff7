import { basename } from 'node:path'
import type { RecordingNow } from '../../../shared/model/recorder'
import type { Capture } from '../../capture/capture'
import type { Recorder } from '../../recording/write/recorder'
import { NoteLedger } from './note-ledger'

/** The recording that is being written, and what its screens see of it. */
export class LiveRecording {
  readonly recorder: Recorder
  readonly notes: NoteLedger
  /** Addresses of the profiles that it was begun for. */
  readonly urls = new Set<string>()
  readonly #startedMs: number
  readonly #by: RecordingNow['by']
  isEnding = false

  constructor(
    recorder: Recorder,
    capture: Pick<Capture, 'notes' | 'noteVersion' | 'locate'>,
    startedMs: number,
    by: RecordingNow['by'],
  ) {
    this.recorder = recorder
    this.notes = new NoteLedger(capture)
    this.#startedMs = startedMs
    this.#by = by
  }

  /** Name of the part that is written now. */
  get recording(): string {
    return basename(this.recorder.path)
  }

  /** A link is closed. Returns true when the recording was for it, and for no other that is still open. */
  isThroughWith(url: string): boolean {
    return this.#by === 'profile' && !this.isEnding && this.urls.delete(url) && this.urls.size === 0
  }

  lengthMs(nowMs: number): number {
    return Math.max(0, nowMs - this.#startedMs)
  }

  view(nowMs: number): RecordingNow {
    const counts = this.recorder.counts
    return {
      recording: this.recording,
      part: counts.parts,
      startedMs: this.#startedMs,
      lengthMs: Math.floor(this.lengthMs(nowMs) / 1000) * 1000,
      by: this.#by,
      bytes: counts.allBytes,
      entries: counts.entries,
      durableEntries: counts.durableEntries,
      waitingBytes: counts.queuedBytes,
      gaps: counts.gaps,
      lostEntries: counts.droppedEntries,
      lostBytes: counts.droppedBytes,
      leftOut: counts.droppedDerived,
      isEnding: this.isEnding,
    }
  }
}
