import { ConsoleError } from '../../../shared/errors'
import type { CommandName } from '../../../shared/contract/contract'
import type { Clock } from '../../../shared/model/clock'
import type { OpenTape } from '../../../shared/model/tape'
import type { RecordingFolder } from '../../recording/library/recording-folder'
import type { PlacedStrip } from '../../recording/library/strip-bins'
import { RecordingFiles } from '../../recording/read/recording-files'
import { loadDecompress } from '../../recording/read/unpack-block'
import { PAGE_LIMITS, type PageLimits } from '../../recording/replay/page-tally'
import type { Feed, SourcePort } from '../console-types'
import type { Handlers } from '../handlers/handlers'
import { MAX_SOURCES, type Sources } from '../sources'
import { type RemarksPlace, TapeMarks } from './tape-marks'
import { TapeRecord } from './tape-record'
import { TapeSource } from './tape-source'

export interface TapeDeskOptions {
  readonly clock: Clock
  readonly folder: RecordingFolder
  readonly sources: Sources
  readonly live: SourcePort
  /** Where what is said of a recording stands. */
  readonly remarksOf: (recording: string) => Promise<RemarksPlace>
  /** Its traffic as far as the library knows it by now. */
  readonly stripOf: (recording: string) => Promise<PlacedStrip | undefined>
  readonly pageLimits?: PageLimits
}

type DeskCommand = Extract<CommandName, `tape.${string}`>

/** Opens recordings to be looked at, and closes those that nobody looks at when there is no more room. */
export class TapeDesk {
  readonly handlers: Pick<Handlers, DeskCommand>
  readonly #options: TapeDeskOptions
  readonly #tapes = new Map<number, TapeSource>()

  constructor(options: TapeDeskOptions) {
    this.#options = options
    const refuse = (): never => {
      throw new ConsoleError('SOURCE_IS_LIVE', 'the live session is no recording')
    }
    this.handlers = {
      'tape.open': async ({ recording }) => ({ source: await this.open(recording) }),
      'tape.list': () => ({ tapes: this.tapes }),
      'tape.close': refuse,
      'tape.play': refuse,
      'tape.speed': refuse,
      'tape.seek': refuse,
      'tape.step': refuse,
      'tape.loop': refuse,
    }
  }

  /** Recordings that are open. */
  get tapes(): OpenTape[] {
    return [...this.#tapes].map(([source, { recording }]) => ({ source, recording }))
  }

  feed(): Feed<never> {
    throw new ConsoleError('SOURCE_IS_LIVE', 'the live session is no recording')
  }

  /**
   * Opens a recording of the folder; it is read on while it is looked at. Returns the number of its source.
   *
   * @throws ConsoleError `RECORDING_NAME_INVALID`, `RECORDING_UNKNOWN`, `FILE_UNREADABLE`, `SOURCES_TOO_MANY`.
   */
  async open(recording: string): Promise<number> {
    const {
      clock,
      folder,
      sources,
      live,
      remarksOf,
      stripOf,
      pageLimits: limits = PAGE_LIMITS,
    } = this.#options
    const file = await RecordingFiles.open(folder.pathOf(recording))
    try {
      const decompress = await loadDecompress()
      const made: { tape?: TapeSource } = {}
      const onRead = (): void => made.tape?.readNews()
      const marks = new TapeMarks(await remarksOf(recording))
      const known = await stripOf(recording)
      const record = new TapeRecord({ source: file, decompress, clock, limits, marks, known, onRead })
      await record.begin()
      await this.#makeRoom()
      let source = 0
      const tape = new TapeSource({
        recording,
        record,
        clock,
        live,
        closeSource: () => sources.close(source),
        onClose: async () => {
          this.#tapes.delete(source)
          await file.close()
        },
      })
      made.tape = tape
      tape.readNews()
      source = sources.add(tape)
      this.#tapes.set(source, tape)
      return source
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** The one that was opened first among those that nobody looks at gives way. */
  async #makeRoom(): Promise<void> {
    if (this.#tapes.size < MAX_SOURCES) return
    const unseen = [...this.#tapes].find(([, tape]) => tape.watchers === 0)
    if (unseen !== undefined) await this.#options.sources.close(unseen[0])
  }
}
