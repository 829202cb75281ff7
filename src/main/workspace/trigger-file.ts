import { type FSWatcher, readFileSync, statSync, watch } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ConsoleError } from '../../shared/errors'
import { MAX_TRIGGERS, type Trigger, type TriggerContent } from '../../shared/model/triggers'
import { replaceFile } from './replace-file'
import {
  formatTriggers,
  parseTriggers,
  replaceBlock,
  type TriggerBlock,
  type TriggerTexts,
} from './trigger-text'

const MAX_TRIGGER_FILE_BYTES = 1024 * 1024
/** Editors write a file in several steps: it is read when they are through. */
const SETTLE_MS = 50

/** The file of triggers in a workspace. */
export const triggersPath = (workspaceDir: string): string => join(workspaceDir, 'triggers.txt')

/** Triggers as one file that people may also write by hand: what is on disk is the truth, and changes are heard of. */
export class TriggerFile {
  readonly path: string
  #watcher: FSWatcher | undefined
  #settling: NodeJS.Timeout | undefined
  #writing: Promise<unknown> = Promise.resolve()

  constructor(path: string) {
    this.path = path
  }

  /** All triggers, those that make no sense with their problem; none when there is no file. @throws ConsoleError `FILE_UNREADABLE`. */
  read(): readonly TriggerBlock[] {
    return this.#texts().blocks
  }

  /**
   * Saves a trigger in place of the one with this number, else as a new one; returns it as it is kept.
   *
   * @throws ConsoleError `TRIGGER_INVALID`, `TRIGGER_UNKNOWN`, `TRIGGERS_TOO_MANY`, `FILE_UNREADABLE`, `FILE_UNWRITABLE`.
   */
  save(content: TriggerContent, triggerId?: string): Promise<Trigger> {
    return this.#inTurn(async () => {
      const { head, blocks } = this.#texts()
      const known = triggerId === undefined ? undefined : this.#expect(blocks, triggerId)
      if (known === undefined && blocks.length >= MAX_TRIGGERS) {
        throw new ConsoleError('TRIGGERS_TOO_MANY', `there are ${MAX_TRIGGERS} triggers already`)
      }
      const taken = new Set(blocks.map(({ trigger }) => trigger.triggerId))
      const block = replaceBlock(known, content, taken)
      await this.#write({
        head,
        blocks:
          known === undefined ? [...blocks, block] : blocks.map((each) => (each === known ? block : each)),
      })
      return block.trigger
    })
  }

  /** @throws ConsoleError `TRIGGER_UNKNOWN`, `FILE_UNREADABLE`, `FILE_UNWRITABLE`. */
  remove(triggerId: string): Promise<void> {
    return this.#inTurn(async () => {
      const { head, blocks } = this.#texts()
      const known = this.#expect(blocks, triggerId)
      await this.#write({ head, blocks: blocks.filter((block) => block !== known) })
    })
  }

  /** Calls `listener` after the file changed, by whomever. Where nothing can be watched, only our own changes are known. */
  watch(listener: () => void): void {
    if (this.#watcher !== undefined) return
    const name = basename(this.path)
    try {
      this.#watcher = watch(dirname(this.path), (_, changed) => {
        if (changed !== null && changed !== name) return
        clearTimeout(this.#settling)
        this.#settling = setTimeout(listener, SETTLE_MS)
      })
      this.#watcher.unref()
      this.#watcher.on('error', () => this.close())
    } catch {
      this.#watcher = undefined // there is no folder yet
    }
  }

  close(): void {
    clearTimeout(this.#settling)
    this.#watcher?.close()
    this.#watcher = undefined
  }

  #texts(): TriggerTexts {
    try {
      const { size } = statSync(this.path)
      if (size <= MAX_TRIGGER_FILE_BYTES) return parseTriggers(readFileSync(this.path, 'utf8'))
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { head: '', blocks: [] }
      throw new ConsoleError('FILE_UNREADABLE', `triggers cannot be read from ${this.path}`, {}, { cause })
    }
    throw new ConsoleError('FILE_UNREADABLE', `${this.path} has over ${MAX_TRIGGER_FILE_BYTES} bytes`)
  }

  #expect(blocks: readonly TriggerBlock[], triggerId: string): TriggerBlock {
    const known = blocks.find(({ trigger }) => trigger.triggerId === triggerId)
    if (known !== undefined) return known
    throw new ConsoleError('TRIGGER_UNKNOWN', `there is no trigger [${triggerId}]`, { triggerId })
  }

  async #write(texts: TriggerTexts): Promise<void> {
    const text = formatTriggers(texts)
    try {
      await mkdir(dirname(this.path), { recursive: true })
      await replaceFile(this.path, text)
    } catch (cause) {
      throw new ConsoleError('FILE_UNWRITABLE', `triggers cannot be saved to ${this.path}`, {}, { cause })
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(work)
    this.#writing = result.catch(() => undefined)
    return result
  }
}
