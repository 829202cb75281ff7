import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { ConsoleError } from '../../shared/errors'
import type { SecretState } from '../../shared/model/drafts'
import { replaceFile } from './replace-file'

export const MAX_SECRETS = 1000
const MAX_SECRETS_BYTES = 32 * 1024 * 1024
/** A secret of any environment may come from the surroundings of the program, as in a build server. */
const VARIABLE_PREFIX = 'NETCORE_SECRET_'

/** A key store of the system: what it encrypts, only the same person can read again. */
export interface SecretCipher {
  /** False where there is none, or only one whose key everybody knows. */
  isAvailable(): Promise<boolean>
  /** @returns Text of printable characters. */
  encrypt(value: string): Promise<string>
  /** @throws any error when it was encrypted by somebody else. */
  decrypt(text: string): Promise<string>
}

export interface SecretStoreOptions {
  /** Outside of every workspace. */
  readonly path: string
  /** Values of the surroundings of the program. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Null where there is no key store: the file is then readable by its owner alone, and not encrypted. */
  readonly cipher: SecretCipher | null
}

const keptCheck = z.record(
  z.string(),
  z.strictObject({ how: z.enum(['clear', 'encrypted']), text: z.string() }),
)
type Kept = z.infer<typeof keptCheck>

/**
 * Values of secrets, which are named in environments and never stand in a workspace. No value leaves it but to be sent; what
 * screens and lists get is whether there is one.
 */
export class SecretStore {
  readonly #options: SecretStoreOptions
  /** Values by what stands for them in the file; null for what this key store cannot read. */
  readonly #opened = new Map<string, string | null>()
  #opening: Promise<void> = Promise.resolve()
  #writing: Promise<unknown> = Promise.resolve()

  constructor(options: SecretStoreOptions) {
    this.#options = options
    void this.ready()
  }

  /** The key store has been asked for everything that is in the file. Never rejects. */
  ready(): Promise<void> {
    this.#opening = this.#opening.then(() => this.#openAll())
    return this.#opening
  }

  /** The value; undefined when there is none, or none that can be read here. The surroundings of the program come first. */
  valueOf(environment: string, name: string): string | undefined {
    const given = this.#options.env[variableOf(name)]
    if (given !== undefined) return given
    const kept = this.#read()[keyOf(environment, name)]
    if (kept === undefined) return undefined
    return kept.how === 'clear' ? kept.text : (this.#opened.get(kept.text) ?? undefined)
  }

  /** Where the value of a secret is. */
  stateOf(environment: string, name: string): SecretState {
    return { environment, name, source: this.#sourceOf(environment, name) }
  }

  /** @throws ConsoleError `SECRETS_TOO_MANY`, `FILE_UNREADABLE`, `FILE_UNWRITABLE`. */
  set(environment: string, name: string, value: string): Promise<void> {
    return this.#change(async (kept) => {
      const key = keyOf(environment, name)
      if (kept[key] === undefined && Object.keys(kept).length >= MAX_SECRETS) {
        throw new ConsoleError('SECRETS_TOO_MANY', `there are ${MAX_SECRETS} secrets already`)
      }
      return { ...kept, [key]: await this.#locked(value) }
    })
  }

  /** Harmless when there is none. @throws ConsoleError `FILE_UNREADABLE`, `FILE_UNWRITABLE`. */
  forget(environment: string, name: string): Promise<void> {
    return this.#change((kept) => {
      const left = Object.entries(kept).filter(([key]) => key !== keyOf(environment, name))
      return Object.fromEntries(left)
    })
  }

  #sourceOf(environment: string, name: string): SecretState['source'] {
    if (this.#options.env[variableOf(name)] !== undefined) return 'variable'
    const kept = this.#read()[keyOf(environment, name)]
    if (kept === undefined) return 'none'
    if (kept.how === 'clear') return 'file'
    return this.valueOf(environment, name) === undefined ? 'locked' : 'key-store'
  }

  #change(change: (kept: Kept) => Kept | Promise<Kept>): Promise<void> {
    const work = this.#writing.then(async () => {
      const text = `${JSON.stringify(await change(this.#read()), null, 1)}\n`
      const { path } = this.#options
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await replaceFile(path, text)
      } catch (cause) {
        throw new ConsoleError('FILE_UNWRITABLE', `secrets cannot be kept in ${path}`, {}, { cause })
      }
    })
    this.#writing = work.catch(() => undefined)
    return work
  }

  async #locked(value: string): Promise<Kept[string]> {
    const { cipher } = this.#options
    if (cipher === null || !(await cipher.isAvailable())) return { how: 'clear', text: value }
    const text = await cipher.encrypt(value)
    this.#opened.set(text, value)
    return { how: 'encrypted', text }
  }

  async #openAll(): Promise<void> {
    const { cipher } = this.#options
    if (cipher === null) return
    try {
      if (!(await cipher.isAvailable())) return
      for (const { how, text } of Object.values(this.#read())) {
        if (how === 'clear' || this.#opened.has(text)) continue
        this.#opened.set(text, await cipher.decrypt(text).catch(() => null))
      }
    } catch {
      // told as soon as somebody asks for a value
    }
  }

  /** @throws ConsoleError `FILE_UNREADABLE`; its text tells nothing of what is in the file. */
  #read(): Kept {
    const { path } = this.#options
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {}
      throw new ConsoleError('FILE_UNREADABLE', `secrets cannot be read from ${path}`, {}, { cause })
    }
    const kept = text.length <= MAX_SECRETS_BYTES ? keptCheck.safeParse(jsonOf(text)).data : undefined
    if (kept !== undefined) return kept
    const remedy = 'Remove the file and set the secrets again.'
    throw new ConsoleError('FILE_UNREADABLE', `${path} is no file of secrets`, { remedy })
  }
}

/** Where the secrets of a workspace are kept: a folder of the person, outside of all workspaces. */
export function secretsPath(workspaceDir: string, env: Readonly<Record<string, string | undefined>>): string {
  const digest = createHash('sha256').update(resolve(workspaceDir)).digest('hex').slice(0, 16)
  return join(personDir(env), 'secrets', `${digest}.json`)
}

function personDir(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['NETCORE_PRIVATE_DIR'] ?? ''
  if (named !== '') return resolve(named)
  if (process.platform === 'win32')
    return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'netcore-console-private')
  if (process.platform === 'darwin')
    return join(homedir(), 'Library', 'Application Support', 'netcore-console-private')
  const config = env['XDG_CONFIG_HOME'] ?? ''
  return join(config === '' ? join(homedir(), '.config') : config, 'netcore-console-private')
}

/** `api-key` may be given as `NETCORE_SECRET_API_KEY`. */
const variableOf = (name: string): string =>
  VARIABLE_PREFIX + name.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase()

const keyOf = (environment: string, name: string): string => `${environment}:${name}`

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
