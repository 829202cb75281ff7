import { z } from 'zod'
import type { Clock } from '../../../shared/model/clock'
import {
  MAX_RETENTION_BYTES,
  MAX_RETENTION_DAYS,
  type Retention,
  type RetentionPlan,
} from '../../../shared/model/library'
import type { Catalogue } from '../../recording/library/catalogue'
import type { LibraryItem } from '../../recording/library/library-item'
import { retentionPlan } from '../../recording/library/retention-plan'
import type { Trash } from '../../recording/library/trash'
import type { Settings } from '../../workspace/settings'

const RETENTION_SETTING = 'recordings.retention'
const EVERY_MS = 3_600_000
const DAY_MS = 86_400_000
/** What retention removed can be had back for so long. */
export const TRASH_DAYS = 7
const MAX_LISTED = 200

const check = z.object({
  maxAgeDays: z.number().min(0.04).max(MAX_RETENTION_DAYS).nullable(),
  maxBytes: z.number().min(0).max(MAX_RETENTION_BYTES).nullable(),
})
const NONE: Retention = { maxAgeDays: null, maxBytes: null }

export interface LibraryRetentionOptions {
  readonly settings: Settings
  readonly clock: Clock
  /** Milliseconds since 1970. */
  readonly wallMs: () => number
  readonly catalogue: Pick<Catalogue, 'items' | 'reading' | 'look'>
  readonly trash: Trash
  readonly remove: (item: LibraryItem) => Promise<unknown>
  /** There is a limit: recordings are to be followed. */
  readonly onOn: () => void
  readonly onChange: () => void
  readonly onProblem: (error: unknown) => void
}

/** Removes recordings by age and size when somebody has set limits. What it removes lies in the trash for a week. */
export class LibraryRetention {
  readonly #options: LibraryRetentionOptions
  readonly #stopSettings: () => void
  #limits: Retention = NONE
  #cancel: (() => void) | undefined
  #isWorking = false
  /** Something changed since the last look began. */
  #isDue = false
  #isClosed = false

  constructor(options: LibraryRetentionOptions) {
    this.#options = options
    this.#stopSettings = options.settings.watch(() => this.#read())
    this.#read()
  }

  get limits(): Retention {
    return this.#limits
  }

  /** What these limits would remove now. */
  plan(retention: Retention): RetentionPlan {
    const { catalogue, wallMs } = this.#options
    const removals = retentionPlan(catalogue.items, retention, wallMs())
    return {
      retention,
      removed: removals.slice(0, MAX_LISTED).map(({ item: { row }, why }) => ({
        recording: row.recording,
        fileBytes: row.fileBytes,
        why,
      })),
      removedBytes: removals.reduce((sum, { item }) => sum + item.row.fileBytes, 0),
      moreRemoved: Math.max(0, removals.length - MAX_LISTED),
    }
  }

  /** @throws ConsoleError `SETTINGS_INVALID`, `FILE_UNWRITABLE`. */
  async set(retention: Retention): Promise<void> {
    const isOff = retention.maxAgeDays === null && retention.maxBytes === null
    await this.#options.settings.set(RETENTION_SETTING, isOff ? null : JSON.stringify(retention))
    this.#read()
  }

  /** The recordings are others: looks whether some are to go, when all of them are known. */
  lookSoon(): void {
    if (this.#isOff || this.#options.catalogue.reading > 0) return
    void this.#work()
  }

  close(): void {
    this.#isClosed = true
    this.#stopSettings()
    this.#cancel?.()
  }

  get #isOff(): boolean {
    return this.#isClosed || (this.#limits.maxAgeDays === null && this.#limits.maxBytes === null)
  }

  #read(): void {
    const text = this.#options.settings.read().values[RETENTION_SETTING]
    const before = JSON.stringify(this.#limits)
    this.#limits = limitsIn(text)
    this.#cancel?.()
    this.#cancel = undefined
    if (!this.#isOff) {
      this.#options.onOn()
      this.#lookEveryHour()
      this.lookSoon()
    }
    if (JSON.stringify(this.#limits) !== before) this.#options.onChange()
  }

  #lookEveryHour(): void {
    const { clock } = this.#options
    this.#cancel = clock.schedule(clock.nowMs() + EVERY_MS, () => {
      this.lookSoon()
      this.#lookEveryHour()
    })
  }

  async #work(): Promise<void> {
    this.#isDue = true
    if (this.#isWorking) return
    this.#isWorking = true
    const { catalogue, wallMs, remove, trash, onProblem } = this.#options
    try {
      while (this.#isDue && !this.#isOff) {
        this.#isDue = false
        const removals = retentionPlan(catalogue.items, this.#limits, wallMs())
        for (const { item } of removals) await remove(item)
        await trash.emptyBefore(wallMs() - TRASH_DAYS * DAY_MS)
        if (removals.length > 0) await catalogue.look()
      }
    } catch (error) {
      onProblem(error)
    } finally {
      this.#isWorking = false
    }
  }
}

/** Limits that make no sense are none: nothing is removed by mistake. */
function limitsIn(text: string | undefined): Retention {
  try {
    return check.parse(JSON.parse(text ?? ''))
  } catch {
    return NONE
  }
}
