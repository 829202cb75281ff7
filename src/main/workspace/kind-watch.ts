import { existsSync, type FSWatcher, watch } from 'node:fs'

/** Editors write a file in several steps: it is read when they are through. */
const SETTLE_MS = 50
/** Each costs a handle of the system. Changes in folders beyond are seen when something else changes. */
const MAX_WATCHED_FOLDERS = 500

/** Tells when something in some folders may have changed. Folders come and go: after each change it asks anew which there are. */
export class KindWatch {
  readonly #foldersOf: () => readonly string[]
  readonly #onChange: () => void
  readonly #watchers = new Map<string, FSWatcher>()
  #settling: NodeJS.Timeout | undefined
  #isClosed = false

  /** `onChange` is called once things have settled. Nothing here keeps the program alive. */
  constructor(foldersOf: () => readonly string[], onChange: () => void) {
    this.#foldersOf = foldersOf
    this.#onChange = onChange
    this.#follow()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#settling)
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #settle(): void {
    if (this.#isClosed) return
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => {
      this.#follow() // first, so that nothing is written between looking and listening
      this.#onChange()
    }, SETTLE_MS).unref()
  }

  #follow(): void {
    const wanted = new Set(this.#foldersOf().slice(0, MAX_WATCHED_FOLDERS))
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of wanted) {
      if (!this.#watchers.has(folder)) this.#add(folder)
    }
  }

  /** Where nothing can be watched, changes from outside are seen when the files are asked for the next time. */
  #add(folder: string): void {
    if (!existsSync(folder)) return
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        if (!existsSync(folder)) this.#drop(folder) // one of this name may come again, and is another folder
        this.#settle()
      })
      watcher.on('error', () => {
        this.#drop(folder)
        this.#settle()
      })
      this.#watchers.set(folder, watcher)
    } catch {
      // the system has no handle left
    }
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close()
    this.#watchers.delete(folder)
  }
}
