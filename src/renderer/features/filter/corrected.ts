import { compileFilter } from '../../../shared/filter'

/** The text with the suggestion of a problem in the place of what is wrong, or before it where something is missing. */
export function corrected(text: string, from: number, to: number, suggestion: string): string {
  const replaced = text.slice(0, from) + suggestion + text.slice(to)
  const inserted = text.slice(0, from) + suggestion + text.slice(from)
  return !compileFilter(replaced).ok && compileFilter(inserted).ok ? inserted : replaced
}
