import type { StoreApi } from 'zustand'
import type { ContractClient } from '../../shared/contract/contract-client'
import { asConsoleError, ConsoleError, hasCode, toWireError } from '../../shared/errors'
import { formatKeys, KEYS_FILE, type KeysFile, parseKeys } from '../../shared/workspace/keys-file'
import {
  formatLayouts,
  LAYOUTS_FILE,
  type NamedLayouts,
  parseLayouts,
} from '../../shared/workspace/layouts-file'
import type { FileReading } from '../../shared/workspace/read-yaml'
import type { WorkspaceEntry } from '../../shared/workspace/workspace-types'
import type { AppState } from './app-store'

interface Kept {
  readonly revision: string
  readonly text: string
  /** The file makes sense: what is written keeps what stands there. */
  readonly isSound: boolean
}

/**
 * Keys and layouts as they stand in the workspace: read whenever they change, by whomever, and written as a whole. A mistake in a
 * file leaves what held before and is told in the store.
 */
export class SettingsFiles {
  readonly #client: ContractClient
  readonly #store: StoreApi<AppState>
  readonly #kept = new Map<string, Kept>()

  constructor(client: ContractClient, store: StoreApi<AppState>) {
    this.#client = client
    this.#store = store
  }

  start(): void {
    this.#client.subscribe(
      'workspace',
      { kind: 'settings' },
      ({ entries }) => void this.#listed(entries),
      () => undefined, // the end of the channel is told once, by the channel
    )
  }

  /** @throws (rejects) ConsoleError `WORKSPACE_CONFLICT` when somebody else wrote the file since it was read. */
  async saveKeys(keys: KeysFile): Promise<void> {
    await this.#save(KEYS_FILE, (before) => formatKeys(keys, before))
  }

  /** @throws (rejects) ConsoleError `WORKSPACE_CONFLICT` when somebody else wrote the file since it was read. */
  async saveLayouts(layouts: NamedLayouts): Promise<void> {
    await this.#save(LAYOUTS_FILE, (before) => formatLayouts(layouts, before))
  }

  async #save(name: string, print: (before: string) => string): Promise<void> {
    const kept = this.#kept.get(name)
    if (kept?.isSound === false) {
      const { settingsProblems } = this.#store.getState()
      const { line = 0, message = '' } = settingsProblems[name] ?? {}
      throw new ConsoleError(
        'WORKSPACE_CONFLICT',
        `settings/${name}.yaml has a mistake in line ${line}: ${message}`,
      )
    }
    try {
      const text = print(kept?.text ?? '')
      const { file } = await this.#client.call('workspace.save', {
        kind: 'settings',
        name,
        text,
        revision: kept?.revision ?? null,
      })
      this.#take(name, file.revision, file.text)
    } catch (error) {
      // what the other one wrote is shown, so that it can be changed again
      if (hasCode(error, 'WORKSPACE_CONFLICT')) await this.#read(name)
      throw error
    }
  }

  async #listed(entries: readonly WorkspaceEntry[]): Promise<void> {
    for (const name of [KEYS_FILE, LAYOUTS_FILE]) {
      const entry = entries.find((one) => one.name === name)
      if (entry === undefined) {
        if (this.#kept.delete(name)) this.#apply(name, '')
      } else if (this.#kept.get(name)?.revision !== entry.revision) await this.#read(name)
    }
  }

  async #read(name: string): Promise<void> {
    try {
      const { file } = await this.#client.call('workspace.read', { kind: 'settings', name })
      this.#take(name, file.revision, file.text)
    } catch (error) {
      if (hasCode(error, 'CHANNEL_CLOSED')) return
      this.#store.getState().noticeShown(toWireError(asConsoleError(error)))
    }
  }

  #take(name: string, revision: string, text: string): void {
    if (this.#kept.get(name)?.revision === revision) return
    this.#kept.set(name, { revision, text, isSound: this.#apply(name, text) })
  }

  /** @returns Whether the text makes sense. */
  #apply(name: string, text: string): boolean {
    const state = this.#store.getState()
    const file = `settings/${name}.yaml`
    const told = <T>(reading: FileReading<T>, take: (value: T) => void): boolean => {
      state.settingsProblemFound(name, reading.problem ?? null)
      if (!reading.problem) take(reading.value)
      return !reading.problem
    }
    return name === KEYS_FILE
      ? told(parseKeys(text, file), ({ keys, letters }) => state.keysBound(keys, !letters))
      : told(parseLayouts(text, file), state.layoutsListed)
  }
}
