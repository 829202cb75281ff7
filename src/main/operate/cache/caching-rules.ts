import { asConsoleError, ConsoleError, toWireError, type WireError } from '../../../shared/errors'
import { type CachingRule, type CachingRulesState, MAX_CACHING_RULES } from '../../../shared/model/cache'
import { CACHING_FILE, parseCaching, withoutRule, withRule } from '../../../shared/workspace/caching-file'
import type { FileProblem } from '../../../shared/workspace/workspace-types'
import type { Workspace } from '../../workspace/workspace'

const FILE = `settings/${CACHING_FILE}.yaml`

/** The caching rules of the workspace: read from their file, whoever changes it. With a mistake in it the last good ones stay. */
export class CachingRules {
  readonly #workspace: Workspace
  readonly #listeners = new Set<() => void>()
  readonly #stop: () => void
  #rules: readonly CachingRule[] = []
  #problem: WireError | null = null

  constructor(workspace: Workspace) {
    this.#workspace = workspace
    this.#load()
    this.#stop = workspace.watch('settings', () => this.#load())
  }

  get state(): CachingRulesState {
    return { rules: this.#rules, problem: this.#problem }
  }

  /** The first rule that fits a request. */
  ruleFor(route: string, linkName: string): CachingRule | undefined {
    return this.#rules.find(
      (rule) => rule.isEnabled && fits(rule.route, route) && (rule.link === '' || rule.link === linkName),
    )
  }

  /**
   * Adds a rule or replaces that of its route and link.
   *
   * @throws ConsoleError `CACHING_RULE_INVALID` while the file makes no sense, `CACHING_RULES_TOO_MANY`, and what
   * `Workspace.save` throws.
   */
  async save(rule: CachingRule): Promise<void> {
    const isNew = !this.#rules.some(({ route, link }) => route === rule.route && link === rule.link)
    if (isNew && this.#rules.length >= MAX_CACHING_RULES) {
      throw new ConsoleError('CACHING_RULES_TOO_MANY', `there are ${MAX_CACHING_RULES} rules already`)
    }
    await this.#change((text) => withRule(text, rule))
  }

  /** @throws as `save`. */
  async remove(place: Pick<CachingRule, 'route' | 'link'>): Promise<void> {
    await this.#change((text) => withoutRule(text, place))
  }

  onChange(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  close(): void {
    this.#stop()
  }

  async #change(edit: (text: string) => string): Promise<void> {
    const file = this.#workspace.find('settings', CACHING_FILE)
    const text = file?.text ?? ''
    const { problem } = parseCaching(text, FILE)
    if (problem) throw invalid(problem)
    await this.#workspace.save('settings', CACHING_FILE, edit(text), file?.revision ?? null)
    this.#load()
  }

  #load(): void {
    try {
      const { value, problem } = parseCaching(
        this.#workspace.find('settings', CACHING_FILE)?.text ?? '',
        FILE,
      )
      if (problem) throw invalid(problem)
      this.#rules = value
      this.#problem = null
    } catch (error) {
      this.#problem = toWireError(asConsoleError(error))
    }
    for (const listener of this.#listeners) listener()
  }
}

const fits = (pattern: string, route: string): boolean =>
  pattern.endsWith('*') ? route.startsWith(pattern.slice(0, -1)) : pattern === route

const invalid = ({ file, line, column, message, remedy }: FileProblem): ConsoleError =>
  new ConsoleError('CACHING_RULE_INVALID', `${file}:${line}:${column}: ${message}`, { remedy })
