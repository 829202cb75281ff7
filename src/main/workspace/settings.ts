import { ConsoleError, hasCode } from '../../shared/errors'
import type { FileReading } from '../../shared/workspace/read-yaml'
import { parseSettings, SCREEN_SETTINGS } from '../../shared/workspace/screen-file'
import type { FileProblem } from '../../shared/workspace/workspace-types'
import { formatYaml, type YamlData } from '../../shared/workspace/write-yaml'
import type { Workspace } from './workspace'

const MAX_SETTINGS = 500
/** Another program may save the file again and again; so often it is tried. */
const SAVE_ATTEMPTS = 5

/** As the contract carries them. */
export interface SettingsState {
  readonly values: Readonly<Record<string, string>>
  /** What is wrong with the file; its choices do not hold then. */
  readonly problem: FileProblem | null
}

/**
 * Choices of the person at the screen, shared by all windows and hosts: texts by name. In the file, what is JSON stands as YAML,
 * so that people and diff can read it.
 */
export class Settings {
  readonly #workspace: Workspace
  #writing: Promise<unknown> = Promise.resolve()

  constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  read(): SettingsState {
    const { value, problem } = this.#reading(this.#text()?.text ?? '')
    if (problem) return { values: {}, problem }
    const values = Object.entries(value).map(([name, data]) => [name, settingText(data)] as const)
    return { values: Object.fromEntries(values), problem: null }
  }

  /**
   * Sets one value, or forgets it (null); all others stay as they are in the file, whoever wrote them.
   *
   * @throws ConsoleError `SETTINGS_INVALID` when the file makes no sense (it is not overwritten), `WORKSPACE_FULL`, `FILE_UNWRITABLE`.
   */
  set(name: string, value: string | null): Promise<void> {
    const work = this.#writing.then(() => this.#save(name, value))
    this.#writing = work.catch(() => undefined)
    return work
  }

  /** Calls `listener` after a change, by whomever. Returns how to end it. */
  watch(listener: () => void): () => void {
    return this.#workspace.watch('settings', listener)
  }

  async #save(name: string, value: string | null): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const file = this.#text()
      const { value: data, problem } = this.#reading(file?.text ?? '')
      if (problem) throw invalid(problem)
      const { [name]: before, ...others } = data
      if (value === null ? before === undefined : before !== undefined && settingText(before) === value)
        return
      if (value !== null && before === undefined && Object.keys(others).length >= MAX_SETTINGS) {
        throw new ConsoleError('WORKSPACE_FULL', `there are ${MAX_SETTINGS} settings already`)
      }
      // In the order of the file; a new one comes last.
      const next = { ...data, [name]: value === null ? undefined : settingData(value) }
      const text = formatYaml(next, file?.text ?? FIRST_LINES)
      try {
        await this.#workspace.save('settings', SCREEN_SETTINGS, text, file?.revision ?? null)
        return
      } catch (error) {
        if (!hasCode(error, 'WORKSPACE_CONFLICT') || attempt === SAVE_ATTEMPTS) throw error
      }
    }
  }

  #text(): { text: string; revision: string } | undefined {
    return this.#workspace.find('settings', SCREEN_SETTINGS)
  }

  #reading(text: string): FileReading<Readonly<Record<string, YamlData>>> {
    return parseSettings(text, `settings/${SCREEN_SETTINGS}.yaml`)
  }
}

const FIRST_LINES = '# Choices made on the screen. Safe to edit, and to delete.\n'

/** The text that the screen knows for what stands in the file. */
const settingText = (data: YamlData): string => (typeof data === 'string' ? data : JSON.stringify(data))

/** What stands in the file for a text: lists and mappings as such when they come back to the character. */
function settingData(text: string): YamlData {
  if (!/^[[{]/.test(text) || text.includes('"__proto__"')) return text
  try {
    const data = JSON.parse(text) as YamlData
    return JSON.stringify(data) === text ? data : text
  } catch {
    return text
  }
}

function invalid({ file, line, column, message, remedy }: FileProblem): ConsoleError {
  return new ConsoleError('SETTINGS_INVALID', `${file}:${line}:${column}: ${message}`, { remedy })
}
