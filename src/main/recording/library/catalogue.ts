import type { RecordingState } from '../../../shared/model/library'
import { isUnfinished } from '../../../shared/model/recording-name'
import { KindWatch } from '../../workspace/kind-watch'
import { FileSource } from '../read/byte-source'
import type { Decompress } from '../read/plain-block'
import type { CatalogueFile, KnownFile } from './catalogue-file'
import { groupParts, type LibraryFile, type LibraryItem, libraryItem, type LinkWords } from './library-item'
import type { RecordingFile, RecordingFolder } from './recording-folder'
import { readFacts } from './read-facts'
import type { RemarksFiles } from './remarks-files'

export interface CatalogueOptions {
  readonly folder: RecordingFolder
  readonly cache: CatalogueFile
  readonly remarks: RemarksFiles
  readonly decompress: () => Promise<Decompress>
  readonly describeLink: (url: string) => LinkWords
  /** The wall clock, in milliseconds since 1970. */
  readonly nowMs: () => number
  /** Whether this program writes it now: then it is not unfinished, however quiet its line is. */
  readonly isBeingWritten: (path: string) => boolean
  readonly onProblem: (error: unknown) => void
}

/** What did not grow for so long is not being written any more: a recording, and a file that is being copied here. */
const QUIET_MS = 4000
const SETTLE_MS = 300
/** While files are read, the list is made anew this often, and never takes more than a tenth of the time. */
const SHOWN_EVERY_MS = 250
const SHARE_OF_SHOWING = 10
const SAVE_AFTER_MS = 1000

/**
 * All recordings of the folder with what is in them. Files are read one after the other in the background, and only when they
 * are not known as they are; the folder is followed, whoever changes it.
 */
export class Catalogue {
  readonly #options: CatalogueOptions
  readonly #listeners = new Set<() => void>()
  readonly #closing = new AbortController()
  #known: Map<string, KnownFile> | null = null
  #unreadable = new Map<string, string>()
  #files: readonly RecordingFile[] = []
  #skipped = 0
  #isListed = false
  #items: readonly LibraryItem[] = []
  #version = 0
  #watch: KindWatch | undefined
  #looking: Promise<void> | undefined
  #isLookDue = false
  #saveTimer: NodeJS.Timeout | undefined
  #quietTimer: NodeJS.Timeout | undefined
  #isUnsaved = false
  #saving = Promise.resolve()
  #builtAtMs = 0
  #buildTookMs = 0
  readonly #built = new Map<string, { readonly key: string; readonly item: LibraryItem }>()

  constructor(options: CatalogueOptions) {
    this.#options = options
  }

  /** Another one whenever something is another. */
  get version(): number {
    return this.#version
  }

  get items(): readonly LibraryItem[] {
    return this.#items
  }

  get skipped(): number {
    return this.#skipped
  }

  /** Files whose content is not known yet. */
  get reading(): number {
    return this.#files.filter((file) => this.#stateOf(file) === 'reading').length
  }

  /** Begins to follow the folder with the first who wants to know. Returns how to end it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    if (this.#watch === undefined && !this.#closing.signal.aborted) {
      const { folder } = this.#options
      // the folder of the workspace too, since that of the recordings comes with the first
      this.#watch = new KindWatch(
        () => [folder.dir, folder.workspaceDir],
        () => void this.look(),
      )
      void this.look()
    }
    return () => void this.#listeners.delete(listener)
  }

  /** Looks at the folder now. Resolves when what no longer grows was read. */
  look(): Promise<void> {
    this.#isLookDue = true
    this.#looking ??= this.#lookAround().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  /** Resolves when the files are listed, whether or not they were read. */
  async listed(): Promise<void> {
    if (!this.#isListed) await this.listAgain()
  }

  /** Looks which files there are; what is in new ones comes with `look`. */
  async listAgain(): Promise<void> {
    await this.#list()
    void this.look()
  }

  /** What is said of a recording is another: shows it at once. */
  remarksChanged(): void {
    this.#build()
  }

  itemOf(recording: string): LibraryItem | undefined {
    return this.#items.find(({ files }) => files.some(({ file }) => file.name === recording))
  }

  async close(): Promise<void> {
    this.#watch?.close()
    clearTimeout(this.#quietTimer)
    this.#closing.abort()
    await this.#looking
    clearTimeout(this.#saveTimer)
    await this.#save()
  }

  async #lookAround(): Promise<void> {
    while (this.#isLookDue && !this.#closing.signal.aborted) {
      this.#isLookDue = false
      await this.#list()
      for (const file of this.#files) {
        if (this.#isInterrupted()) break
        if (this.#stateOf(file) !== 'reading' || this.#waitMs(file) > 0) continue
        await this.#read(file)
        this.#showInTime()
      }
      this.#build()
      this.#lookLater()
    }
  }

  /** Somebody asked for another look, or for an end, while files were read. */
  #isInterrupted(): boolean {
    return this.#isLookDue || this.#closing.signal.aborted
  }

  async #list(): Promise<void> {
    this.#known ??= await this.#options.cache.load()
    const { files, skipped } = await this.#options.folder.list()
    this.#files = files
    this.#skipped = skipped
    this.#isListed = true
    const names = new Set(files.map(({ name }) => name))
    for (const name of this.#known.keys()) {
      if (!names.has(name)) this.#known.delete(name)
    }
    for (const name of this.#unreadable.keys()) if (!names.has(name)) this.#unreadable.delete(name)
    this.#options.remarks.keepOnly(names)
    this.#build()
  }

  async #read(file: RecordingFile): Promise<void> {
    const { signal } = this.#closing
    try {
      const decompress = await this.#options.decompress()
      const source = await FileSource.open(file.path)
      try {
        const facts = await readFacts(source, decompress, signal)
        this.#known?.set(file.name, { stamp: file.stamp, facts })
      } finally {
        await source.close()
      }
      this.#saveSoon()
    } catch {
      if (signal.aborted) return
      this.#unreadable.set(file.name, file.stamp)
    }
  }

  /** So long it may still be growing; 0 when it may be read. */
  #waitMs({ name, path, changedAtMs }: RecordingFile): number {
    const quietMs = isUnfinished(name) ? QUIET_MS : SETTLE_MS
    if (this.#options.isBeingWritten(path)) return quietMs
    const ageMs = this.#options.nowMs() - changedAtMs
    // a time to come is that of another clock
    return ageMs < 0 ? 0 : Math.max(0, quietMs - ageMs)
  }

  #showInTime(): void {
    const everyMs = Math.max(SHOWN_EVERY_MS, this.#buildTookMs * SHARE_OF_SHOWING)
    if (performance.now() - this.#builtAtMs >= everyMs) this.#build()
  }

  #stateOf(file: RecordingFile): RecordingState {
    const { name, stamp } = file
    if (isUnfinished(name) && this.#waitMs(file) > 0) return 'writing'
    const known = this.#known?.get(name)
    if (known?.stamp === stamp) {
      if (known.facts.isWhole) return 'whole'
      if (isUnfinished(name) || (!known.facts.isEnded && known.facts.damaged === 0)) return 'unfinished'
      return known.facts.entries === 0 ? 'unreadable' : 'damaged'
    }
    if (this.#unreadable.get(name) === stamp) return 'unreadable'
    return 'reading'
  }

  #build(): void {
    this.#builtAtMs = performance.now()
    const files = this.#files.map((file): LibraryFile => {
      const known = this.#known?.get(file.name)
      return { file, facts: known?.stamp === file.stamp ? known.facts : null, state: this.#stateOf(file) }
    })
    const names = new Set<string>()
    this.#items = groupParts(files).map((group) => {
      names.add(group[0].file.name)
      return this.#itemOf(group)
    })
    for (const name of this.#built.keys()) if (!names.has(name)) this.#built.delete(name)
    this.#buildTookMs = performance.now() - this.#builtAtMs
    this.#version += 1
    for (const listener of [...this.#listeners]) listener()
  }

  /** An item is made anew when one of its files, or what is said of it, is another. */
  #itemOf(group: readonly [LibraryFile, ...LibraryFile[]]): LibraryItem {
    const { remarks, describeLink } = this.#options
    const said = remarks.read(group[0].file.name)
    const key = [said.stamp, ...group.map(({ file, state }) => `${file.name} ${file.stamp} ${state}`)].join(
      '\n',
    )
    const before = this.#built.get(group[0].file.name)
    if (before?.key === key) return before.item
    const item = libraryItem(group, said.remarks, said.problem, describeLink)
    this.#built.set(group[0].file.name, { key, item })
    return item
  }

  /** What may still be growing is looked at when it no longer is. */
  #lookLater(): void {
    const waits = this.#files
      .filter((file) => ['reading', 'writing'].includes(this.#stateOf(file)))
      .map((file) => this.#waitMs(file))
    if (waits.length === 0 || this.#closing.signal.aborted) return
    clearTimeout(this.#quietTimer)
    this.#quietTimer = setTimeout(() => void this.look(), Math.max(SETTLE_MS, Math.min(...waits))).unref()
  }

  #saveSoon(): void {
    this.#isUnsaved = true
    this.#saveTimer ??= setTimeout(() => {
      this.#saveTimer = undefined
      void this.#save()
    }, SAVE_AFTER_MS).unref()
  }

  /** One after the other: whoever waits for this one waits for those before it. */
  #save(): Promise<void> {
    this.#saving = this.#saving.then(async () => {
      if (!this.#isUnsaved || this.#known === null) return
      this.#isUnsaved = false
      try {
        await this.#options.cache.save(this.#known)
      } catch (error) {
        this.#options.onProblem(error)
      }
    })
    return this.#saving
  }
}
