import { parseDocument } from 'yaml'
import { parseTask } from '../../../shared/workspace/task-file'
import type { FileProblem } from '../../../shared/workspace/workspace-types'
import { formatYaml, type YamlData, type YamlMapping } from '../../../shared/workspace/write-yaml'

/** The lines of a task as its form shows them: the text of the file is the truth, also while it makes no sense. */
export type TaskFields = Readonly<Record<string, unknown>>

export const WHENS = ['every', 'after', 'cron', 'on'] as const
export type When = (typeof WHENS)[number]
export const WHATS = ['send', 'snippet', 'cache'] as const
export type What = (typeof WHATS)[number]
export const CACHE_OPERATIONS = ['set', 'touch', 'expire', 'delete', 'clear'] as const
export type CacheWord = (typeof CACHE_OPERATIONS)[number]

export const NEW_TASK = 'every: 1s\nsend: ""\n'

const FIRST: Readonly<Record<When | What, YamlData>> = {
  every: '1s',
  after: '5s',
  cron: '0 22 * * *',
  on: 'msg.route == ""',
  send: '',
  snippet: '',
  cache: { set: '', value: '', ttl: '30s' },
}

const isMapping = (value: unknown): value is TaskFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Null for text that is no YAML mapping: only the file itself can be shown then. */
export function fieldsOf(text: string): TaskFields | null {
  const document = parseDocument(text, { stringKeys: true })
  if (document.errors.length > 0) return null
  const data = (document.toJS({ maxAliasCount: 100 }) ?? {}) as unknown
  return isMapping(data) ? data : null
}

/** The text with some lines changed; `undefined` removes one. Comments stay. */
export const withFields = (text: string, changes: Readonly<Record<string, YamlData | undefined>>): string =>
  formatYaml({ ...(fieldsOf(text) as YamlMapping | null), ...changes }, text)

export const whenOf = (fields: TaskFields): When =>
  WHENS.find((each) => fields[each] !== undefined) ?? 'every'
export const whatOf = (fields: TaskFields): What => WHATS.find((each) => fields[each] !== undefined) ?? 'send'

/** Another trigger: what belongs to the one before goes. */
export const withWhen = (text: string, when: When): string =>
  withFields(text, {
    every: undefined,
    after: undefined,
    cron: undefined,
    on: undefined,
    jitter: undefined,
    cooldown: undefined,
    [when]: FIRST[when],
  })

export const withWhat = (text: string, what: What): string =>
  withFields(text, { send: undefined, snippet: undefined, cache: undefined, [what]: FIRST[what] })

/** As text; empty for what is not there, or is not written as one value. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

export const cacheFields = (fields: TaskFields): TaskFields =>
  isMapping(fields['cache']) ? fields['cache'] : {}

export const operationOf = (cache: TaskFields): CacheWord =>
  CACHE_OPERATIONS.find((each) => cache[each] !== undefined) ?? 'set'

/** Route of a message that is written within the file; null when a message of the collections is named. */
export function inlineRoute(fields: TaskFields): string | null {
  const { send } = fields
  return isMapping(send) ? textOf(send['route']) : null
}

/** What is wrong, and the field of the form that is to blame; an empty name when it is none. */
export function problemOf(text: string): { readonly problem: FileProblem; readonly field: string } | null {
  const { problem } = parseTask(text, 'task')
  if (problem === undefined) return null
  const field = /^[a-z ]+(?=[:.]| must| is missing)/.exec(problem.message)?.[0] ?? ''
  return { problem, field }
}

/** Where the problem stands in the text, for the mark in the editor. */
export function placeOf(
  text: string,
  { line, column }: FileProblem,
): { readonly from: number; readonly to: number } {
  const lines = text.split('\n')
  const before = lines.slice(0, Math.max(0, line - 1)).reduce((sum, each) => sum + each.length + 1, 0)
  const from = Math.min(text.length, before + Math.max(0, column - 1))
  const end = before + (lines[Math.max(0, line - 1)]?.length ?? 0)
  return { from, to: Math.min(text.length, Math.max(from + 1, end)) }
}
