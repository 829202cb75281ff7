import { compileNode } from '../../../shared/filter/compile'
import type { FilterNode, FilterValue } from '../../../shared/filter/filter-types'
import type { MessageColumns } from '../message-columns'
import { KINDS } from '../message-words'
import type { SubjectSource } from '../subject/message-cursor'
import type { MessageSubject } from '../subject/message-subject'
import { bodyBound } from './body-bound'
import { numberColumn } from './number-columns'

export type ColumnTest = (columns: MessageColumns, at: number, id: number) => boolean

/** What columns alone, and bytes of bodies that nobody decodes, can say of a filter. */
export interface ColumnBound {
  readonly test: ColumnTest
  /** False: what passes may match, what does not pass does not. */
  readonly isExact: boolean
}

const MAX_REMEMBERED_ROUTES = 4096
const RESPONSE = KINDS.number('response')

/**
 * The part of a filter that columns can answer, without making a value for any message; null when that is nothing.
 * Fields with few values (route, status, link …) are asked of the filter itself, once for each value.
 */
export function columnBound(
  node: FilterNode,
  subject: MessageSubject,
  source: SubjectSource,
): ColumnBound | null {
  switch (node.op) {
    case 'and': {
      const parts = node.parts.map((part) => columnBound(part, subject, source))
      const known = parts.filter((part) => part !== null)
      if (known.length === 0) return null
      return { test: all(known), isExact: parts.every((part) => part?.isExact === true) }
    }
    case 'or': {
      const parts = node.parts.map((part) => columnBound(part, subject, source))
      if (parts.some((part) => part === null)) return null
      const known = parts.filter((part) => part !== null)
      return { test: any(known), isExact: known.every(({ isExact }) => isExact) }
    }
    case 'not': {
      const part = columnBound(node.part, subject, source)
      if (part?.isExact !== true) return null
      const { test } = part
      return { test: (columns, at, id) => !test(columns, at, id), isExact: true }
    }
    case 'find':
      return null
    default: {
      const test = fieldTest(node, subject, source)
      if (test !== null) return { test, isExact: true }
      const bytes = bodyBound(node, source.messages)
      return bytes === null ? null : { test: bytes, isExact: false }
    }
  }
}

type FieldNode = FilterNode & { readonly op: 'has' | 'compare' | 'in' }

function fieldTest(node: FieldNode, subject: MessageSubject, source: SubjectSource): ColumnTest | null {
  const { name, slice } = node.field
  const read = slice === null ? numberColumn(name, source) : null
  if (read !== null) return numberTest(node, read)
  switch (name) {
    case 'msg.route':
      return routeTest(node, subject)
    case 'msg.kind':
    case 'msg.type':
      return smallTest(node, subject, (columns, at) => columns.kinds[at]!)
    case 'msg.status':
      return smallTest(node, subject, (columns, at) => columns.statuses[at]!)
    case 'msg.dir':
      return smallTest(node, subject, (columns, at) => columns.dirs[at]!)
    case 'msg.code':
      return smallTest(node, subject, (columns, at) => columns.codes[at]!)
    case 'link.name':
    case 'link.kind':
    case 'link.proto':
      return linkTest(node, subject)
    case 'rep':
      if (node.op !== 'has') return null
      return ({ partnerIds, kinds }, at) => partnerIds[at] !== 0 && kinds[at] !== RESPONSE
    case 'req':
      if (node.op !== 'has') return null
      return ({ partnerIds, kinds }, at) => partnerIds[at] !== 0 && kinds[at] === RESPONSE
    default:
      return null
  }
}

/** Every message of a route has the same answer. */
function routeTest(node: FieldNode, subject: MessageSubject): ColumnTest {
  const test = compileNode(node)
  const answers = new Map<string, boolean>()
  let lastRoute: string | undefined
  let last = false
  return ({ routes }, at, id) => {
    const route = routes[at]!
    if (route === lastRoute) return last
    let answer = answers.get(route)
    if (answer === undefined) {
      answer = subject.moveTo(id) && test(subject)
      if (answers.size >= MAX_REMEMBERED_ROUTES) answers.clear()
      answers.set(route, answer)
    }
    lastRoute = route
    last = answer
    return answer
  }
}

/** Every message of a link has the same answer. Links are numbered from 1 and never come back. */
function linkTest(node: FieldNode, subject: MessageSubject): ColumnTest {
  const test = compileNode(node)
  const answers = new Map<number, boolean>()
  return ({ linkIds }, at, id) => {
    const linkId = linkIds[at]!
    const known = answers.get(linkId)
    if (known !== undefined) return known
    const answer = subject.moveTo(id) && test(subject)
    answers.set(linkId, answer)
    return answer
  }
}

/** Every message with the same small number in a column has the same answer. */
function smallTest(
  node: FieldNode,
  subject: MessageSubject,
  read: (columns: MessageColumns, at: number) => number,
): ColumnTest {
  const test = compileNode(node)
  const answers: (boolean | undefined)[] = []
  return (columns, at, id) => {
    const value = read(columns, at)
    answers[value] ??= subject.moveTo(id) && test(subject)
    return answers[value]
  }
}

/** `read` gives NaN for what a message has not: no comparison holds for it. */
function numberTest(
  node: FieldNode,
  read: (columns: MessageColumns, at: number, id: number) => number,
): ColumnTest | null {
  if (node.op === 'has') return (columns, at, id) => !Number.isNaN(read(columns, at, id))
  if (node.op === 'in') {
    const wanted = node.values.map(exactNumber)
    if (wanted.some((value) => value === null)) return null
    const values = new Set(wanted)
    return (columns, at, id) => values.has(read(columns, at, id))
  }
  const wanted = exactNumber(node.value)
  if (wanted === null) return null
  switch (node.comparison) {
    case '==':
      return (columns, at, id) => read(columns, at, id) === wanted
    case '!=':
      return (columns, at, id) => {
        const value = read(columns, at, id)
        return value < wanted || value > wanted
      }
    case '<':
      return (columns, at, id) => read(columns, at, id) < wanted
    case '<=':
      return (columns, at, id) => read(columns, at, id) <= wanted
    case '>':
      return (columns, at, id) => read(columns, at, id) > wanted
    case '>=':
      return (columns, at, id) => read(columns, at, id) >= wanted
    default:
      return null
  }
}

/** Null for what is no number, or none that a double holds. */
function exactNumber(value: FilterValue): number | null {
  if (value.kind === 'time') return value.msOfDay
  if (value.kind !== 'number') return null
  const number = Number(value.value)
  if (Number.isNaN(number)) return null
  return typeof value.value === 'bigint' && BigInt(number) !== value.value ? null : number
}

function all(parts: readonly ColumnBound[]): ColumnTest {
  const tests = parts.map(({ test }) => test)
  return (columns, at, id) => {
    for (let part = 0; part < tests.length; part++) if (!tests[part]!(columns, at, id)) return false
    return true
  }
}

function any(parts: readonly ColumnBound[]): ColumnTest {
  const tests = parts.map(({ test }) => test)
  return (columns, at, id) => {
    for (let part = 0; part < tests.length; part++) if (tests[part]!(columns, at, id)) return true
    return false
  }
}
