import { FILTER_ALIASES } from './aliases'
import { allFieldNames, type FieldInfo, fieldNamed, FILTER_FIELDS } from './fields'
import { quoted } from './literals'
import { SyntaxFault, type Token, tokensOf } from './tokens'

export type CompletionKind = 'field' | 'operator' | 'value' | 'word' | 'alias'

export interface CompletionItem {
  /** Replaces the characters from `from` to `to`. */
  readonly insert: string
  readonly label: string
  readonly kind: CompletionKind
  /** Type and meaning, for a second column. */
  readonly detail: string
}

export interface Completions {
  readonly from: number
  readonly to: number
  readonly items: readonly CompletionItem[]
}

/** What is known of the messages that are there. */
export interface SeenValues {
  /** Values that a field had: routes, names of links. */
  valuesOf(field: string): readonly string[]
  /** Paths inside bodies: `temp.value`. */
  readonly bodyPaths: readonly string[]
}

export const MAX_COMPLETIONS = 64
const NOTHING_SEEN: SeenValues = { valuesOf: () => [], bodyPaths: [] }
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>=', 'contains', 'matches', 'in']
const MEANINGS: Readonly<Record<string, string>> = {
  '==': 'equals',
  '!=': 'differs: none of several is equal',
  '<': 'less than',
  '<=': 'at most',
  '>': 'more than',
  '>=': 'at least',
  contains: 'has it somewhere inside',
  matches: 'fits a pattern (RE2)',
  in: 'is one of a list',
}

/**
 * What could stand where the caret is. Never throws, whatever the text is.
 *
 * @param caret - 0 to the length of the text; the word around it is what gets replaced.
 */
export function completionsAt(text: string, caret: number, seen: SeenValues = NOTHING_SEEN): Completions {
  const before = tokensBefore(text, caret)
  if (before === null) return { from: caret, to: caret, items: [] }
  const last = before.at(-1)
  const isTyping = last !== undefined && last.to === caret && (last.kind === 'word' || last.kind === 'alias')
  const from = isTyping ? last.from : caret
  const to = isTyping ? wordEnd(text, caret) : caret
  const place = isTyping ? before.slice(0, -1) : before
  const typed = text.slice(from, caret)
  return { from, to, items: ranked(itemsAt(place, typed, seen), typed) }
}

/** Null inside of a text between quotes: there is nothing to offer. */
function tokensBefore(text: string, caret: number): Token[] | null {
  try {
    return tokensOf(text.slice(0, caret)).slice(0, -1)
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error
    // A lone ~ or = is the beginning of something.
    const start = error.problem.from
    if (text[start] === '"') return null
    return text[start] === '~' && start + 1 === caret
      ? [...tokensOf(text.slice(0, start)).slice(0, -1), { kind: 'alias', text: '', from: start, to: caret }]
      : []
  }
}

function itemsAt(before: readonly Token[], typed: string, seen: SeenValues): readonly CompletionItem[] {
  const last = before.at(-1)
  if (typed.startsWith('~')) return aliasItems()
  const isValueNext =
    last !== undefined &&
    (COMPARISONS.includes(last.text) || ((last.text === '{' || last.text === ',') && isInList(before)))
  if (isValueNext)
    return last.text === 'in' ? [word('{', 'a list of values')] : valueItems(fieldBefore(before), seen)
  if (last === undefined || isOpening(last))
    return [...fieldItems(typed, seen), word('not ', 'the opposite'), ...aliasItems()]
  const info = last.kind === 'word' || last.text === ']' ? fieldBefore([...before, END]) : undefined
  return [...operatorItems(info), word('and ', 'both hold'), word('or ', 'one of both holds')]
}

const END: Token = { kind: 'symbol', text: '==', from: 0, to: 0 }

const isOpening = ({ kind, text }: Token): boolean =>
  kind !== 'string' && ['(', '!', '&&', '||', 'and', 'or', 'not'].includes(text)

function isInList(before: readonly Token[]): boolean {
  const open = before.findLastIndex(({ text }) => text === '{')
  return open >= 0 && !before.slice(open).some(({ text }) => text === '}')
}

/** The field left of the operator that the tokens end with, or of the list they end in. */
function fieldBefore(before: readonly Token[]): FieldInfo | undefined {
  const open = isInList(before) ? before.findLastIndex(({ text }) => text === '{') - 1 : before.length - 1
  let at = open - 1
  while (at > 0 && !(before[at]!.kind === 'word' && before[at]!.to !== before[at + 1]?.from)) {
    if (before[at]!.kind === 'word' && before[at - 1]?.text !== '[') break
    at -= 1
  }
  const name = before[at]?.text ?? ''
  const exact = fieldNamed(name)
  if (exact !== undefined) return exact
  const dots = name.split('.')
  for (let count = dots.length - 1; count > 0; count--) {
    const info = fieldNamed(dots.slice(0, count).join('.'))
    if (info?.hasPath) return info
  }
  return undefined
}

function fieldItems(typed: string, seen: SeenValues): CompletionItem[] {
  const isOfPartner = /^(?:rep|req)\./.test(typed)
  const names = isOfPartner
    ? allFieldNames().filter((name) => name.startsWith(typed.slice(0, 4)))
    : FILTER_FIELDS.map(({ name }) => name)
  const items = names.map((name): CompletionItem => {
    const info = fieldNamed(name)!
    return { insert: info.hasPath ? `${name}.` : name, label: name, kind: 'field', detail: detailOf(info) }
  })
  const paths = seen.bodyPaths.map((path): CompletionItem => {
    const name = `body.${path}`
    return { insert: name, label: name, kind: 'field', detail: 'seen in a body' }
  })
  return [...items, ...paths]
}

const detailOf = ({ type, unit, description }: FieldInfo): string =>
  `${type}${unit === null ? '' : ` in ${unit}`} · ${description}`

function operatorItems(info: FieldInfo | undefined): CompletionItem[] {
  if (info === undefined || info.type === 'message') return []
  const suiting = COMPARISONS.filter((operator) => suits(operator, info.type))
  return suiting.map((label) => ({
    insert: `${label} `,
    label,
    kind: 'operator',
    detail: MEANINGS[label]!,
  }))
}

function suits(operator: string, type: FieldInfo['type']): boolean {
  if (type === 'any') return true
  if (operator === 'matches') return type === 'text'
  if (operator === 'contains') return type === 'text' || type === 'bytes'
  return type !== 'boolean' || operator === '==' || operator === '!=' || operator === 'in'
}

function valueItems(info: FieldInfo | undefined, seen: SeenValues): CompletionItem[] {
  if (info === undefined) return []
  const values =
    info.type === 'text' ? [...new Set([...info.values, ...seen.valuesOf(info.name)])] : info.values
  return values.map((label) => ({
    insert: info.type === 'text' ? quoted(label) : label,
    label,
    kind: 'value',
    detail: info.name,
  }))
}

const aliasItems = (): CompletionItem[] =>
  FILTER_ALIASES.map(({ name, meaning, description }) => ({
    insert: meaning.includes('$') ? `~${name} ` : `~${name}`,
    label: `~${name}`,
    kind: 'alias',
    detail: `${description} · ${meaning.replace('$', '…')}`,
  }))

const word = (insert: string, detail: string): CompletionItem => ({
  insert,
  label: insert.trim(),
  kind: 'word',
  detail,
})

/** What begins with the typed letters first, then what has them behind a dot, then what has them anywhere. */
function ranked(items: readonly CompletionItem[], typed: string): CompletionItem[] {
  const wanted = typed.toLowerCase()
  const rank = ({ label }: CompletionItem): number => {
    const lower = label.toLowerCase()
    if (lower.startsWith(wanted)) return 0
    if (lower.includes(`.${wanted}`)) return 1
    return lower.includes(wanted) ? 2 : 3
  }
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .filter(({ rank: of }) => of < 3)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MAX_COMPLETIONS)
    .map(({ item }) => item)
}

function wordEnd(text: string, caret: number): number {
  const rest = /^[^\s()[\]{},"=!<>&|~]*/.exec(text.slice(caret))!
  return caret + rest[0].length
}
