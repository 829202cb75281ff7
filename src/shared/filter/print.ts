import type { FieldRef, FilterNode } from './filter-types'
import { FIELD_ROOTS } from './fields'
import { printValue, quoted, quotedPattern } from './literals'
import { KEYWORDS } from './syntax'

const PLAIN_KEY = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u

/** The normal form: one way to write each filter. Reading it gives the same tree again. */
export function printFilter(node: FilterNode): string {
  switch (node.op) {
    case 'and':
      return node.parts
        .map((part) => (part.op === 'or' ? `(${printFilter(part)})` : printFilter(part)))
        .join(' and ')
    case 'or':
      return node.parts.map(printFilter).join(' or ')
    case 'not':
      return `not ${node.part.op === 'and' || node.part.op === 'or' ? `(${printFilter(node.part)})` : printFilter(node.part)}`
    case 'has':
      return printField(node.field)
    case 'compare': {
      const isPattern = node.comparison === 'matches' && node.value.kind === 'text'
      const value = isPattern ? quotedPattern(node.value.text) : printValue(node.value)
      return `${printField(node.field)} ${node.comparison} ${value}`
    }
    case 'in':
      return `${printField(node.field)} in {${node.values.map(printValue).join(', ')}}`
    case 'find':
      return printText(node.text)
  }
}

/** A field as it is written: `body.items[0]."a b"`, `bytes[0:4]`. */
export function printField({ name, path, slice }: FieldRef): string {
  let text = name
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else text += PLAIN_KEY.test(step) ? `.${step}` : `.${quoted(step)}`
  }
  if (slice === null) return text
  return `${text}[${slice.offset === 0 ? '' : slice.offset}:${slice.length ?? ''}]`
}

/** Without quotes where nothing else could be meant. */
function printText(text: string): string {
  const isWord = /^[\p{L}\p{N}_/-][\p{L}\p{N}_/.-]*$/u.test(text)
  const isTaken = KEYWORDS.has(text) || FIELD_ROOTS.has(text.split('.')[0]!)
  return isWord && !isTaken ? text : quoted(text)
}
