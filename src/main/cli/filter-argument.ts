import { ConsoleError } from '../../shared/errors'
import { compileFilter, type FilterScope } from '../../shared/filter'
import type { CompiledFilter, FilterProblem } from '../../shared/filter/filter-types'
import type { Output } from './output'

/**
 * Compiles `--filter`. What is wrong with it is shown under the text before the error is thrown.
 *
 * @throws ConsoleError `FILTER_INVALID`.
 */
export function readFilter(text: string, out: Output, scope: FilterScope = 'messages'): CompiledFilter {
  const result = compileFilter(text, scope)
  if (result.ok) return result.filter
  for (const problem of result.problems) out.note(pointedAt(text, problem))
  const { message, suggestion } = result.problems[0]!
  const meant = suggestion === null ? '' : ` (perhaps ${suggestion})`
  throw new ConsoleError('FILTER_INVALID', `${message}${meant}`, { filter: text, problems: result.problems })
}

/** The line of the filter that a problem lies in, with carets under the place. */
function pointedAt(text: string, { from, to }: FilterProblem): string {
  const lineFrom = text.lastIndexOf('\n', from - 1) + 1
  const lineEnd = text.indexOf('\n', lineFrom)
  const line = text.slice(lineFrom, lineEnd < 0 ? text.length : lineEnd).replaceAll(/\p{C}/gu, ' ')
  const length = Math.max(1, Math.min(to, lineFrom + line.length) - from)
  return `  ${line}\n  ${' '.repeat(from - lineFrom)}${'^'.repeat(length)}`
}
