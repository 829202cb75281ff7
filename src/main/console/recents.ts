import { asConsoleError, type ConsoleError } from '../../shared/errors'
import type { RecentLink } from '../../shared/model/views'

export const MAX_RECENTS = 20

/** Where recent links are kept between sessions. */
export interface RecentsPort {
  /** @throws ConsoleError `FILE_UNREADABLE`. */
  load(): Promise<readonly RecentLink[]>
  /** @throws ConsoleError `FILE_UNWRITABLE`. */
  save(links: readonly RecentLink[]): Promise<void>
}

/** Links that were in use, latest first. Kept in memory whatever the disk does; its failures are reported, not thrown. */
export class Recents {
  readonly #port: RecentsPort
  readonly #onProblem: (problem: ConsoleError) => void
  readonly #loaded: Promise<void>
  #links: readonly RecentLink[] = []
  #saving: Promise<void> = Promise.resolve()
  #isSaveDue = false

  constructor(port: RecentsPort, onProblem: (problem: ConsoleError) => void) {
    this.#port = port
    this.#onProblem = onProblem
    this.#loaded = this.#load()
  }

  /** As far as they are loaded. */
  get current(): readonly RecentLink[] {
    return this.#links
  }

  async list(): Promise<readonly RecentLink[]> {
    await this.#loaded
    return this.#links
  }

  /** Puts a link first. Resolves when it is saved. */
  note(link: RecentLink): Promise<void> {
    return this.#change((links) => [link, ...links.filter(({ url }) => url !== link.url)])
  }

  forget(url: string): Promise<void> {
    return this.#change((links) => links.filter((link) => link.url !== url))
  }

  /** Resolves when everything noted so far is saved. */
  async settled(): Promise<void> {
    await this.#loaded
    await this.#saving
  }

  async #load(): Promise<void> {
    try {
      this.#links = (await this.#port.load()).slice(0, MAX_RECENTS)
    } catch (error) {
      this.#onProblem(asConsoleError(error))
    }
  }

  async #change(change: (links: readonly RecentLink[]) => readonly RecentLink[]): Promise<void> {
    await this.#loaded
    this.#links = change(this.#links).slice(0, MAX_RECENTS)
    if (!this.#isSaveDue) {
      this.#isSaveDue = true
      this.#saving = this.#saving.then(() => this.#save())
    }
    await this.#saving
  }

  async #save(): Promise<void> {
    this.#isSaveDue = false // changes from here on need another turn
    try {
      await this.#port.save(this.#links)
    } catch (error) {
      this.#onProblem(asConsoleError(error))
    }
  }
}
