import { z } from 'zod'
import { ConsoleError } from '../../../shared/errors'
import { compilePattern, type Pattern } from '../../../shared/filter/pattern'
import { MAX_RULES_LENGTH } from '../../../shared/model/exports'
import { readYaml } from '../../../shared/workspace/read-yaml'

const MAX_RULES = 100
const MAX_PATHS = 100
export const MAX_RULES_BYTES = MAX_RULES_LENGTH

const short = z.string().min(1).max(1024)
const rule = z.strictObject({
  route: short.default('*'),
  body: z.union([z.literal('all'), z.array(short).min(1).max(MAX_PATHS)]).optional(),
  pattern: short.optional(),
  headers: z.array(short).min(1).max(MAX_PATHS).default([]),
})
const file = z.strictObject({ rules: z.array(rule).min(1).max(MAX_RULES) })

/** What is left out of the messages of one route. */
export interface RedactionRule {
  /** `*` at its end stands for any end. */
  readonly route: string
  /** `all`, or paths of values such as `user.token`, where `*` stands for any name or place; null: nothing of it. */
  readonly body: 'all' | readonly (readonly string[])[] | null
  /** A body in which it is found is left out as a whole. */
  readonly pattern: Pattern | null
  /** Names of headers whose values are left out; capitals do not count. */
  readonly headers: readonly string[]
}

/**
 * Reads a file of rules.
 *
 * @throws ConsoleError `REDACTION_INVALID` with line and column.
 */
export function parseRedaction(text: string, path: string): readonly RedactionRule[] {
  const reading = readYaml(text, path, file)
  if (reading.problem) {
    const { line, column, message, remedy } = reading.problem
    throw new ConsoleError('REDACTION_INVALID', `${path}:${line}:${column}: ${message}`, { remedy })
  }
  return reading.value.rules.map(({ route, body, pattern, headers }) => {
    if (body === undefined && pattern === undefined && headers.length === 0)
      throw new ConsoleError('REDACTION_INVALID', `${path}: the rule of ${route} leaves nothing out`)
    const compiled = pattern === undefined ? null : compilePattern(pattern)
    if (typeof compiled === 'string') throw new ConsoleError('REDACTION_INVALID', `${path}: ${compiled}`)
    return {
      route,
      body: body === undefined || body === 'all' ? (body ?? null) : body.map((each) => each.split('.')),
      pattern: compiled,
      headers: headers.map((name) => name.toLowerCase()),
    }
  })
}

/** What a rule masks, in words that give nothing away: a pattern is not among them. */
export function wordsOf({ route, body, pattern, headers }: RedactionRule): string {
  const parts = [
    ...(body === null
      ? []
      : [`body: ${body === 'all' ? 'all' : body.map((path) => path.join('.')).join(', ')}`]),
    ...(pattern === null ? [] : ['bodies with a pattern']),
    ...(headers.length === 0 ? [] : [`headers: ${headers.join(', ')}`]),
  ]
  return `${route} | ${parts.join(' | ')}`
}

/** The rules that are about messages of a route. */
export const rulesOf = (rules: readonly RedactionRule[], route: string): readonly RedactionRule[] =>
  rules.filter(({ route: wanted }) =>
    wanted.endsWith('*') ? route.startsWith(wanted.slice(0, -1)) : route === wanted,
  )
