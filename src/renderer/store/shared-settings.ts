import type { ContractClient } from '../../shared/contract/contract-client'
import { takeSettings, untoldSettings } from './kept-settings'

/** A splitter that is dragged changes its choice many times: the workspace is told when it has come to rest. */
const REST_MS = 300

/** Joins the choices of this page with those of the workspace, which all windows and hosts share. */
export class SharedSettings {
  readonly #client: ContractClient
  readonly #untold = untoldSettings(() => this.#tellSoon())
  #resting: ReturnType<typeof setTimeout> | undefined
  #isTelling = false

  constructor(client: ContractClient) {
    this.#client = client
  }

  /** Takes the choices of the workspace. A core that cannot tell them, or a file with a mistake, leaves those of last time. */
  async load(): Promise<void> {
    try {
      const { values, problem } = await this.#client.call('settings.read', {})
      if (problem === null) takeSettings(values)
    } catch {
      // the page says by itself that the core is gone; a mistake in the file is a standing problem
    }
  }

  /** From now on tells the workspace what is chosen here, and takes what is chosen elsewhere. */
  follow(): void {
    void this.#tell()
    this.#client.subscribe(
      'settings',
      {},
      ({ values, problem }) => {
        if (problem === null) takeSettings(values)
      },
      () => undefined, // the end of the channel is told once, by the channel
    )
    addEventListener('pagehide', () => void this.#tell())
  }

  #tellSoon(): void {
    clearTimeout(this.#resting)
    this.#resting = setTimeout(() => void this.#tell(), REST_MS)
  }

  /** One after the other; what the core refuses is told again with the next choice. */
  async #tell(): Promise<void> {
    if (this.#isTelling) return
    this.#isTelling = true
    try {
      for (let next = this.#untold.next(); next !== undefined; next = this.#untold.next()) {
        const [name, value] = next
        await this.#client.call('setting.set', { name, value })
        this.#untold.told(name, value)
      }
    } catch {
      // kept here until then
    } finally {
      this.#isTelling = false
    }
  }
}
