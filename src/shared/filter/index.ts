import type { FieldRef, FilterNode, FilterProblem, FilterResult } from './filter-types'
import { MAX_FILTER_LENGTH } from '../model/list-view'
import { aliasTakesValue } from './aliases'
import { FilterCheck } from './check'
import { compileNode, dependsOnNow, needsBody } from './compile'
import type { FilterScope } from './fields'
import { printFilter } from './print'
import { readSyntax } from './syntax'
import { SyntaxFault } from './tokens'

export { type CompletionItem, type Completions, completionsAt, type SeenValues } from './completions'
export { readField } from './evaluate'
export { FILTER_ALIASES } from './aliases'
export { COMPARE_FIELDS, type FieldInfo, FILTER_FIELDS, type FilterScope, fieldInfo } from './fields'
export { printField, printFilter } from './print'

export type ParsedFilter =
  | { readonly ok: true; readonly node: FilterNode }
  | { readonly ok: false; readonly problems: readonly FilterProblem[] }

/** Reads and checks a filter of at most `MAX_FILTER_LENGTH` characters. Never throws, whatever the text is. */
export function parseFilter(text: string, scope: FilterScope = 'messages'): ParsedFilter {
  if (text.length > MAX_FILTER_LENGTH) {
    const message = `the filter has more than ${MAX_FILTER_LENGTH} characters`
    return { ok: false, problems: [{ from: MAX_FILTER_LENGTH, to: text.length, message, suggestion: null }] }
  }
  try {
    const check = new FilterCheck(scope)
    const node = check.node(readSyntax(text, aliasTakesValue))
    return node === null ? { ok: false, problems: check.problems } : { ok: true, node }
  } catch (error) {
    if (error instanceof SyntaxFault) return { ok: false, problems: [error.problem] }
    throw error
  }
}

/**
 * Compiles a filter once; testing it is then cheap. Never throws: problems come with their place in the text. An empty
 * text holds for every message.
 *
 * @param scope - Where it is used: the fields of a comparison are a problem anywhere else.
 */
export function compileFilter(text: string, scope: FilterScope = 'messages'): FilterResult {
  const parsed = parseFilter(text, scope)
  if (!parsed.ok) return parsed
  const { node } = parsed
  const test = compileNode(node)
  const normal = printFilter(node) // longer than the text where that is made of short forms
  return {
    ok: true,
    filter: {
      text: normal.length > MAX_FILTER_LENGTH ? text.trim() : normal,
      node,
      needsBody: needsBody(node),
      dependsOnNow: dependsOnNow(node),
      test,
    },
  }
}

/**
 * Reads one field as it is written in a filter, for a column of a list: `body.temp.value`, `bytes[0:4]`.
 *
 * @returns What is wrong with it, when it is no field.
 */
export function parseField(text: string): FieldRef | FilterProblem {
  const parsed = parseFilter(text)
  if (!parsed.ok) return parsed.problems[0]!
  if (parsed.node.op === 'has') return parsed.node.field
  return { from: 0, to: text.length, message: 'this is no field', suggestion: null }
}
