import { type Document, isMap, isNode, isPair, isScalar, type LineCounter, type Node } from 'yaml'
import { z } from 'zod'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

interface PlacedProblem {
  readonly line: number
  readonly column: number
  readonly message: string
  readonly remedy: string
}

/** What a check found, put into words of the person who wrote the file, at the place where it stands. */
export function checkProblem(
  found: Issue,
  check: z.ZodType,
  document: Document,
  lines: LineCounter,
): PlacedProblem {
  const issue = mostTelling(found)
  const extraKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const place = extraKey === undefined ? issue.path : [...issue.path, extraKey]
  const isKey = extraKey !== undefined || (issue.code === 'custom' && issue.params?.['isKey'] === true)
  const offset = offsetOf(document, place, isKey, within(issue))
  const { line, col } = offset === undefined ? { line: 0, col: 0 } : lines.linePos(offset)
  return { line, column: col, ...words(issue, check) }
}

/** Of the ways that a value may be written, the one that came furthest is the one that was meant. */
function mostTelling(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue
  const deepest = issue.errors
    .flatMap((issues) => issues.slice(0, 1).map(mostTelling))
    .toSorted((left, right) => weight(right) - weight(left))[0]
  return deepest === undefined ? issue : { ...deepest, path: [...issue.path, ...deepest.path] }
}

const weight = ({ path, code }: Issue): number => path.length * 4 + (code === 'invalid_type' ? 0 : 1)

/** Character of a value that a check of ours blames, such as the place in a filter. */
function within(issue: Issue): number {
  const at: unknown = issue.code === 'custom' ? issue.params?.['at'] : undefined
  return typeof at === 'number' ? at : 0
}

/**
 * Where a value stands; of what is missing, the mapping that lacks it.
 *
 * @param at - Character within the value.
 */
function offsetOf(document: Document, path: Path, isKey: boolean, at: number): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const way = path.slice(0, length)
    const node = isKey && length === path.length ? keyNode(document, way) : document.getIn(way, true)
    if (isNode(node) && node.range) return node.range[0] + (length === path.length ? widthOf(node, at) : 0)
  }
  return undefined
}

/** Characters of the file that the first `at` characters of a value take, with its quote. In text over several lines: none. */
function widthOf(node: Node, at: number): number {
  if (at === 0 || !isScalar(node) || typeof node.value !== 'string') return 0
  const before = node.value.slice(0, at)
  if (node.type === 'PLAIN') return at
  if (node.type === 'QUOTE_SINGLE') return at + 1 + (before.match(/'/g)?.length ?? 0)
  if (node.type === 'QUOTE_DOUBLE') return at + 1 + (before.match(/["\\]/g)?.length ?? 0)
  return 0
}

function keyNode(document: Document, path: Path): Node | undefined {
  const parent = document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return undefined
  const pair = parent.items.find(
    (item) => isPair(item) && isScalar(item.key) && item.key.value === path.at(-1),
  )
  return isNode(pair?.key) ? pair.key : undefined
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping (lines of "key: value")',
  record: 'a mapping (lines of "key: value")',
  array: 'a list (lines that begin with "- ")',
  null: 'nothing',
}

const typeName = (type: string): string => TYPE_NAMES[type] ?? type

function words(issue: Issue, check: z.ZodType): Pick<PlacedProblem, 'message' | 'remedy'> {
  const name = nameOf(issue.path)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(check, issue.path)
      const key = issue.keys[0] ?? ''
      return {
        message: issue.path.length === 0 ? `"${key}" is not known here` : `"${key}" is not known in ${name}`,
        remedy: known.length === 0 ? 'Remove the line.' : `Known here: ${known.join(', ')}.`,
      }
    }
    case 'invalid_type': {
      const expected = typeName(issue.expected)
      return issue.input === undefined && issue.message.endsWith('undefined')
        ? { message: `${name} is missing`, remedy: `Add ${name}: ${expected}.` }
        : { message: `${name} must be ${expected}`, remedy: `Write ${expected} here.` }
    }
    case 'invalid_value':
      return {
        message: `${name} must be one of ${issue.values.map(String).join(', ')}`,
        remedy: `Write one of: ${issue.values.map(String).join(', ')}.`,
      }
    case 'too_big':
      return bounded(name, 'at most', Number(issue.maximum), issue.origin)
    case 'too_small':
      return bounded(name, 'at least', Number(issue.minimum), issue.origin)
    case 'custom': {
      const remedy: unknown = issue.params?.['remedy']
      return {
        message: issue.path.length === 0 ? issue.message : `${name}: ${issue.message}`,
        remedy: typeof remedy === 'string' ? remedy : 'Correct the value at this place.',
      }
    }
    default:
      return { message: `${name}: ${issue.message}`, remedy: 'Correct the value at this place.' }
  }
}

function bounded(
  name: string,
  side: string,
  limit: number,
  origin: string,
): Pick<PlacedProblem, 'message' | 'remedy'> {
  const unit = { string: ' characters', array: ' entries', record: ' entries', map: ' entries' }[origin] ?? ''
  return { message: `${name} must be ${side} ${limit}${unit}`, remedy: `Allowed: ${side} ${limit}${unit}.` }
}

function nameOf(path: Path): string {
  if (path.length === 0) return 'the file'
  return path
    .map((part, at) => (typeof part === 'number' ? `[${part + 1}]` : `${at === 0 ? '' : '.'}${String(part)}`))
    .join('')
}

/** Keys that the check knows at a place, as far as it can be looked into. */
export function knownKeys(check: z.core.$ZodType, path: Path): string[] {
  const inner = unwrapped(check)
  const [part, ...rest] = path
  if (inner instanceof z.ZodObject) {
    if (part === undefined) return Object.keys(inner.shape)
    const next: unknown = inner.shape[String(part)]
    return next instanceof z.ZodType ? knownKeys(next, rest) : []
  }
  if (inner instanceof z.ZodUnion) {
    const keys = inner.options.flatMap((option) => knownKeys(option, path))
    return [...new Set(keys)]
  }
  if (part === undefined) return []
  if (inner instanceof z.ZodArray) return knownKeys(inner.element, rest)
  if (inner instanceof z.ZodRecord) return knownKeys(inner.valueType, rest)
  return []
}

function unwrapped(check: z.core.$ZodType): z.core.$ZodType {
  if (check instanceof z.ZodOptional || check instanceof z.ZodDefault || check instanceof z.ZodNullable) {
    return unwrapped(check.unwrap())
  }
  if (check instanceof z.ZodPipe) return unwrapped(check.in)
  if (check instanceof z.ZodLazy) return unwrapped(check.unwrap())
  return check
}
