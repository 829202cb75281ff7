import { ConsoleError } from '../../../shared/errors'
import type { KnownVariable, SecretState } from '../../../shared/model/drafts'
import { parseEnvironment } from '../../../shared/workspace/environment-file'
import type { Environment } from '../../../shared/workspace/workspace-types'
import type { SecretStore } from '../../workspace/secret-store'
import type { Workspace } from '../../workspace/workspace'

const NOTHING: Environment = { variables: {}, secrets: [] }

/** Environments of a workspace with the values of their secrets. */
export class Environments {
  readonly #workspace: Workspace
  readonly #secrets: SecretStore

  constructor(workspace: Workspace, secrets: SecretStore) {
    this.#workspace = workspace
    this.#secrets = secrets
  }

  /**
   * What stands for variables, secrets among them; none for the empty name. Keep it no longer than the message needs.
   *
   * @throws ConsoleError `ENVIRONMENT_UNKNOWN`, `ENVIRONMENT_INVALID`, `FILE_UNREADABLE`.
   */
  variables(name: string): ReadonlyMap<string, string> {
    const { variables, secrets } = this.#environment(name)
    const values = new Map(Object.entries(variables))
    for (const secret of secrets) {
      const value = this.#secrets.valueOf(name, secret)
      if (value !== undefined) values.set(secret, value)
    }
    return values
  }

  /** Values of secrets that lie in a key store can be had. Never rejects. */
  ready(): Promise<void> {
    return this.#secrets.ready()
  }

  /** The same for screens: of secrets only whether they have a value. @throws as `variables`. */
  known(name: string): KnownVariable[] {
    const { variables, secrets } = this.#environment(name)
    const own = Object.entries(variables).map(([variable, value]) => ({
      name: variable,
      value,
      isSecret: false,
      isSet: true,
    }))
    const hidden = secrets.map((secret) => {
      const isSet = this.#secrets.valueOf(name, secret) !== undefined
      return { name: secret, value: null, isSecret: true, isSet }
    })
    return [...own, ...hidden]
  }

  /** Secrets that an environment names, and where their values are. @throws as `variables`. */
  secrets(name: string): SecretState[] {
    return this.#environment(name).secrets.map((secret) => this.#secrets.stateOf(name, secret))
  }

  /** Text with the values of an environment's secrets taken out again. Of an environment that cannot be read it knows none. */
  withoutSecrets(name: string, text: string): string {
    let result = text
    try {
      for (const secret of this.#environment(name).secrets) {
        const value = this.#secrets.valueOf(name, secret)
        if (value !== undefined && value.length >= LEAST_HIDDEN)
          result = result.replaceAll(value, `{{${secret}}}`)
      }
    } catch {
      // nothing is known of it, and so nothing of it was sent
    }
    return result
  }

  #environment(name: string): Environment {
    if (name === '') return NOTHING
    const file = this.#workspace.find('environments', name)
    if (file === undefined)
      throw new ConsoleError('ENVIRONMENT_UNKNOWN', `there is no environment "${name}"`, { name })
    const { value, problem } = parseEnvironment(file.text, `environments/${name}.yaml`)
    if (value !== undefined) return value
    const { line, column, message, remedy } = problem
    throw new ConsoleError('ENVIRONMENT_INVALID', `${problem.file}:${line}:${column}: ${message}`, { remedy })
  }
}

/** Shorter values stand in every text, and hiding them would tell what they are. */
const LEAST_HIDDEN = 4
