import type { RemarksPlace } from './tape-marks'
import { basename, join } from 'node:path'
import type { CommandName } from '../../../shared/contract/contract'
import { ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import type { LibraryNews, TrashItem } from '../../../shared/model/library'
import { isUnfinished } from '../../../shared/model/recording-name'
import { MAX_TAGS } from '../../../shared/workspace/recording-file'
import { Catalogue } from '../../recording/library/catalogue'
import { CatalogueFile } from '../../recording/library/catalogue-file'
import { recordingDetail } from '../../recording/library/recording-detail'
import type { LibraryItem, LinkWords } from '../../recording/library/library-item'
import { LibraryJobs } from '../../recording/library/library-jobs'
import { orderLibrary, searchLibrary } from '../../recording/library/library-search'
import type { RecordingFolder } from '../../recording/library/recording-folder'
import { RemarksFiles } from '../../recording/library/remarks-files'
import type { PlacedStrip } from '../../recording/library/strip-bins'
import { expectQuiet, filesOf, renameRecording } from '../../recording/library/rename-recording'
import { Trash } from '../../recording/library/trash'
import { loadDecompress } from '../../recording/read/unpack-block'
import { systemDisk } from '../../recording/write/recording-disk'
import type { Settings } from '../../workspace/settings'
import type { Feed } from '../console-types'
import { PacedFeed } from '../feeds/paced-feed'
import type { Handlers } from '../handlers/handlers'
import type { HostFiles } from '../host-files'
import { LibraryRetention } from './library-retention'

const LIBRARY_INTERVAL_MS = 200

export interface LibraryDeskOptions {
  readonly folder: RecordingFolder
  /** Folder for what the program notes by itself. */
  readonly stateDir: string
  readonly clock: Clock
  readonly settings: Settings
  /** The wall clock, in milliseconds since 1970. */
  readonly wallMs: () => number
  readonly describeLink: (url: string) => LinkWords
  /** Whether this program writes a recording now; a path with or without `.part`. */
  readonly isBeingWritten: (path: string) => boolean
  /** Program and version. */
  readonly library: string
  /** Null where there is no desktop. */
  readonly hostFiles: HostFiles | null
  readonly onProblem: (problem: ConsoleError) => void
}

type LibraryCommand = Extract<CommandName, `library.${string}`>

/** The recordings of the workspace: what there is, what is said of it, and what can be done with the files. */
export class LibraryDesk {
  readonly handlers: Pick<Handlers, LibraryCommand>
  readonly #options: LibraryDeskOptions
  readonly #catalogue: Catalogue
  readonly #remarks: RemarksFiles
  readonly #trash: Trash
  readonly #jobs: LibraryJobs
  readonly #retention: LibraryRetention
  readonly #listeners = new Set<() => void>()
  #stopCatalogue: (() => void) | undefined
  #trashed: readonly TrashItem[] = []
  #version = 0

  constructor(options: LibraryDeskOptions) {
    const { folder, wallMs, settings, clock, onProblem, library } = options
    this.#options = options
    this.#remarks = new RemarksFiles(folder)
    this.#trash = new Trash(folder, wallMs)
    const failed = (cause: unknown): void =>
      onProblem(
        cause instanceof ConsoleError
          ? cause
          : new ConsoleError(
              'FILE_UNWRITABLE',
              'the catalogue of recordings cannot be written',
              {},
              { cause },
            ),
      )
    this.#catalogue = new Catalogue({
      folder,
      cache: new CatalogueFile(join(options.stateDir, 'recordings.json')),
      remarks: this.#remarks,
      decompress: loadDecompress,
      describeLink: options.describeLink,
      nowMs: wallMs,
      isBeingWritten: options.isBeingWritten,
      onProblem: failed,
    })
    this.#jobs = new LibraryJobs({
      folder,
      disk: systemDisk,
      decompress: loadDecompress,
      library,
      onChange: () => this.#tell(),
      onRecovered: (from) => this.#recovered(from),
    })
    this.#retention = new LibraryRetention({
      settings,
      clock,
      wallMs,
      catalogue: this.#catalogue,
      trash: this.#trash,
      remove: (item) => this.#remove(item),
      onOn: () => this.#follow(),
      onChange: () => this.#tell(),
      onProblem: failed,
    })
    this.handlers = this.#makeHandlers()
  }

  /** What there is in short, whenever something about it changed. */
  feed(): Feed<LibraryNews> {
    this.#follow()
    const touch = (): void => feed.touch()
    this.#listeners.add(touch)
    let told = -1
    const feed = new PacedFeed<LibraryNews>(this.#options.clock, {
      intervalMs: LIBRARY_INTERVAL_MS,
      produce: () => {
        if (told === this.#version) return undefined
        told = this.#version
        return this.#news()
      },
      hasMore: () => false,
      close: () => void this.#listeners.delete(touch),
    })
    return feed
  }

  /** Where what is said of a recording stands: beside its first part. */
  async remarksOf(recording: string): Promise<RemarksPlace> {
    const item = await this.#item(recording)
    return {
      read: () => this.#remarks.read(item.row.recording).remarks,
      change: async (change) => this.#change(await this.#item(recording), change),
    }
  }

  /** The traffic of one file as far as it was read for the library; undefined when it was not, or is another by now. */
  async stripOf(recording: string): Promise<PlacedStrip | undefined> {
    const { files } = await this.#item(recording)
    return files.find(({ file }) => file.name === recording)?.facts ?? undefined
  }

  async close(): Promise<void> {
    this.#stopCatalogue?.()
    this.#retention.close()
    this.#listeners.clear()
    await this.#jobs.close()
    await this.#catalogue.close()
  }

  #makeHandlers(): Pick<Handlers, LibraryCommand> {
    const { folder, hostFiles } = this.#options
    return {
      'library.list': async ({ query, order, isDescending, from, count }) => {
        await this.#ready()
        const found = orderLibrary(searchLibrary(this.#catalogue.items, query), order, isDescending)
        const rows = found.slice(from, from + count).map(({ row }) => row)
        return { version: this.#version, total: found.length, from, rows }
      },
      'library.position': async ({ query, order, isDescending, recording }) => {
        await this.#ready()
        // one that has just been written
        if (this.#catalogue.itemOf(recording) === undefined && folder.has(recording))
          await this.#catalogue.listAgain()
        const found = orderLibrary(searchLibrary(this.#catalogue.items, query), order, isDescending)
        const position = found.findIndex(({ row }) => row.recording === recording)
        return { position: position < 0 ? null : position }
      },
      'library.detail': async ({ recording }) => ({ detail: recordingDetail(await this.#item(recording)) }),
      'library.tag': async ({ recordings, add, remove }) => {
        for (const item of await this.#items(recordings)) {
          await this.#change(item, (before) => {
            const tags = [...new Set([...before.tags.filter((tag) => !remove.includes(tag)), ...add])]
            if (tags.length > MAX_TAGS) throw tooManyTags(item)
            return { ...before, tags }
          })
        }
        return {}
      },
      'library.note': async ({ recording, text }) => {
        await this.#change(await this.#item(recording), (before) => ({ ...before, note: text }))
        return {}
      },
      'library.pin': async ({ recordings, isPinned }) => {
        for (const item of await this.#items(recordings))
          await this.#change(item, (before) => ({ ...before, isPinned }))
        return {}
      },
      'library.rename': async ({ recording, name }) => {
        const renamed = await renameRecording(folder, await this.#item(recording), name)
        await this.#catalogue.look()
        return { recording: renamed }
      },
      'library.remove': async ({ recordings, to }) => {
        const items = await this.#items(recordings)
        for (const item of items) expectQuiet(item)
        const trashIds: string[] = []
        for (const item of items) {
          if (to === 'trash') trashIds.push(await this.#remove(item))
          else await this.#removeToSystem(item)
        }
        await this.#catalogue.look()
        return { trashIds }
      },
      'library.restore': async ({ trashId }) => {
        const recording = await this.#trash.restore(trashId)
        await this.#lookAtTrash()
        await this.#catalogue.look()
        return { recording }
      },
      'library.empty-trash': async ({ trashId }) => {
        await this.#trash.empty(trashId)
        await this.#lookAtTrash()
        return {}
      },
      'library.verify': ({ recording }) => ({ jobId: this.#jobs.verify(recording) }),
      'library.recover': async ({ recording }) => {
        const item = await this.#item(recording)
        expectQuiet(item)
        return { jobId: this.#jobs.recover(recording) }
      },
      'library.cancel': ({ jobId }) => {
        this.#jobs.cancel(jobId)
        return {}
      },
      'library.reveal': ({ recording }) => {
        const path = folder.pathOf(recording)
        hostFiles?.reveal(path)
        return { path, isShown: hostFiles !== null }
      },
      'library.retention': async ({ retention, isSet }) => {
        await this.#ready()
        if (isSet) await this.#retention.set(retention)
        return { plan: this.#retention.plan(retention) }
      },
    }
  }

  #news(): LibraryNews {
    const { items } = this.#catalogue
    return {
      version: this.#version,
      recordings: items.length,
      fileBytes: items.reduce((sum, { row }) => sum + row.fileBytes, 0),
      reading: this.#catalogue.reading,
      skipped: this.#catalogue.skipped,
      tags: [...new Set(items.flatMap(({ row }) => row.tags))].sort(),
      trash: this.#trashed,
      trashBytes: this.#trashed.reduce((sum, { fileBytes }) => sum + fileBytes, 0),
      jobs: this.#jobs.jobs,
      retention: this.#retention.limits,
      hasFileManager: this.#options.hostFiles !== null,
    }
  }

  /** Follows the folder from the first moment somebody wants to know. */
  #follow(): void {
    if (this.#stopCatalogue !== undefined) return
    this.#stopCatalogue = this.#catalogue.onChange(() => {
      this.#tell()
      this.#retention.lookSoon()
    })
    void this.#lookAtTrash()
  }

  /** The files are listed, though not all of them read. */
  async #ready(): Promise<void> {
    this.#follow()
    await this.#catalogue.listed()
  }

  async #item(recording: string): Promise<LibraryItem> {
    await this.#ready()
    const path = this.#options.folder.pathOf(recording) // says what is wrong with the name
    const item = this.#catalogue.itemOf(basename(path))
    if (item !== undefined) return item
    await this.#catalogue.listAgain()
    const found = this.#catalogue.itemOf(basename(path))
    if (found !== undefined) return found
    throw new ConsoleError('RECORDING_UNKNOWN', `there is no recording "${recording}"`, { recording })
  }

  async #items(recordings: readonly string[]): Promise<LibraryItem[]> {
    const items: LibraryItem[] = []
    for (const recording of recordings) items.push(await this.#item(recording))
    return [...new Set(items)]
  }

  async #change(item: LibraryItem, change: Parameters<RemarksFiles['change']>[1]): Promise<void> {
    await this.#remarks.change(item.row.recording, change)
    this.#catalogue.remarksChanged()
  }

  async #remove(item: LibraryItem): Promise<string> {
    const trashId = await this.#trash.put(filesOf(this.#options.folder, item))
    await this.#lookAtTrash()
    return trashId
  }

  async #removeToSystem(item: LibraryItem): Promise<void> {
    const { folder, hostFiles } = this.#options
    if (hostFiles === null) throw new ConsoleError('SYSTEM_TRASH_MISSING', 'there is no desktop here')
    for (const { path } of filesOf(folder, item)) {
      try {
        await hostFiles.trash(path)
      } catch (cause) {
        throw new ConsoleError('FILE_UNWRITABLE', `${path} cannot be moved to the trash`, {}, { cause })
      }
    }
  }

  /** What broke off has a whole recording now: it goes to the trash, and what is said of it stays with the other. */
  async #recovered(from: string): Promise<void> {
    if (isUnfinished(from)) {
      await this.#trash.put([{ name: from, path: this.#options.folder.pathOf(from) }])
      await this.#lookAtTrash()
    }
    void this.#catalogue.look()
  }

  async #lookAtTrash(): Promise<void> {
    this.#trashed = await this.#trash.list()
    this.#tell()
  }

  #tell(): void {
    this.#version += 1
    for (const listener of [...this.#listeners]) listener()
  }
}

const tooManyTags = ({ row }: LibraryItem): ConsoleError =>
  new ConsoleError('RECORDING_TAGS_TOO_MANY', `${row.recording} would have over ${MAX_TAGS} tags`, {
    limit: MAX_TAGS,
  })
