import { randomUUID } from 'node:crypto'
import type { ConsoleError } from '../../../shared/errors'
import type { ReplayPolicy } from '../../../shared/model/replay'
import type { TraceEvent } from '../../../shared/model/trace'
import type { Links } from '../../link/links'
import { SessionTime } from '../../recording/format/session-time'
import { Recorder } from '../../recording/write/recorder'
import { systemDisk } from '../../recording/write/recording-disk'
import { writerFacts } from '../../recording/write/writer-identity'
import type { ReplayProgress } from './replay-run'

export interface RunRecorderOptions {
  readonly links: Links
  /** Wall clock at session time 0, in milliseconds since 1970. */
  readonly startedAtMs: number
  /** Ends with `.mcap`; nothing has this name. */
  readonly path: string
  /** Program and version. */
  readonly library: string
  /** What is played. */
  readonly replayOf: string
  readonly policy: ReplayPolicy
  readonly speed: number | null
  readonly seed: number
  readonly url: string
  /** Whether an event of this link belongs to the run. */
  readonly isOfRun: (linkId: number) => boolean
  readonly onProblem: (problem: ConsoleError) => void
}

/** Writes a run down, and what it came to: a recording like any other, to be compared with the one that it played. */
export class RunRecorder {
  readonly #links: Links
  readonly #recorder: Recorder
  readonly #stop: () => void

  constructor(options: RunRecorderOptions) {
    const { links, startedAtMs, path, library, replayOf, policy, speed, seed, url, isOfRun, onProblem } =
      options
    this.#links = links
    this.#recorder = new Recorder({
      disk: systemDisk,
      clock: links.clock,
      time: new SessionTime(startedAtMs),
      path,
      library,
      sessionId: randomUUID(),
      facts: {
        ...writerFacts(),
        url,
        started: new Date(startedAtMs + links.clock.nowMs()).toISOString(),
        replay_of: replayOf,
        replay_policy: policy,
        replay_speed: speed === null ? 'max' : `${speed}`,
        replay_seed: `${seed}`,
      },
      onProblem,
    })
    this.#stop = links.observe((event: TraceEvent) => {
      if (isOfRun(event.linkId)) this.#recorder.observe(event)
    })
  }

  /**
   * Resolves when the file is complete.
   *
   * @throws ConsoleError `RECORDING_DISK_FULL`, `RECORDING_WRITE_FAILED`.
   */
  async end({ hash, orderHash, sent, total, differences, phase }: ReplayProgress): Promise<void> {
    this.#stop()
    const result = { phase, sent, total, differences, hash, orderHash }
    this.#recorder.operation(this.#links.clock.nowMs(), 'replay-result', result)
    await this.#recorder.end()
  }
}
