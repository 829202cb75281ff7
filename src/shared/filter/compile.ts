import type {
  Comparison,
  FieldRef,
  FilterNode,
  FilterSubject,
  FilterValue,
  SubjectValue,
} from './filter-types'
import { caselessFinder } from './caseless'
import { contains, equals, isSeveral, isThere, ordered, readField, type ValueTest } from './evaluate'
import { fieldInfo, splitPartner } from './fields'
import { compilePattern } from './pattern'

type Predicate = (subject: FilterSubject) => boolean

const ROUTE: FieldRef = { name: 'msg.route', path: [], slice: null }
const NOTE: FieldRef = { name: 'note', path: [], slice: null }
const TEXT: FieldRef = { name: 'text', path: [], slice: null }

/** A predicate for a checked filter. It holds no state and, for single values, allocates nothing when it is run. */
export function compileNode(node: FilterNode): Predicate {
  switch (node.op) {
    case 'and':
      return all(cheapFirst(node.parts).map(compileNode))
    case 'or':
      return any(cheapFirst(node.parts).map(compileNode))
    case 'not': {
      const part = compileNode(node.part)
      return (subject) => !part(subject)
    }
    case 'has': {
      const { field } = node
      return (subject) => isThere(readField(subject, field))
    }
    case 'compare':
      return comparison(node.field, node.comparison, node.value)
    case 'in': {
      const tests = node.values.map(equals)
      return anyValue(node.field, (value) => {
        for (let at = 0; at < tests.length; at++) if (tests[at]!(value)) return true
        return false
      })
    }
    case 'find':
      return finder(node.text)
  }
}

/** Whether bytes or text of bodies have to be looked at. */
export function needsBody(node: FilterNode): boolean {
  switch (node.op) {
    case 'and':
    case 'or':
      return node.parts.some(needsBody)
    case 'not':
      return needsBody(node.part)
    case 'find':
      return true
    default:
      return fieldInfo(node.field).isCostly
  }
}

/** Whether the answer for one message changes while only time passes. */
export function dependsOnNow(node: FilterNode): boolean {
  switch (node.op) {
    case 'and':
    case 'or':
      return node.parts.some(dependsOnNow)
    case 'not':
      return dependsOnNow(node.part)
    case 'find':
      return false
    default:
      return splitPartner(node.field.name)[1] === 'age'
  }
}

/** Parts have no effects, so those that answer quickly may answer first. */
const cheapFirst = (parts: readonly FilterNode[]): FilterNode[] => [
  ...parts.filter((part) => !needsBody(part)),
  ...parts.filter(needsBody),
]

function all(parts: readonly Predicate[]): Predicate {
  return (subject) => {
    for (let at = 0; at < parts.length; at++) if (!parts[at]!(subject)) return false
    return true
  }
}

function any(parts: readonly Predicate[]): Predicate {
  return (subject) => {
    for (let at = 0; at < parts.length; at++) if (parts[at]!(subject)) return true
    return false
  }
}

function comparison(field: FieldRef, operator: Comparison, wanted: FilterValue): Predicate {
  switch (operator) {
    case '==':
      return anyValue(field, equals(wanted))
    case '!=':
      return noValue(field, equals(wanted))
    case '<':
      return anyValue(
        field,
        ordered(wanted, (order) => order < 0),
      )
    case '<=':
      return anyValue(
        field,
        ordered(wanted, (order) => order <= 0),
      )
    case '>':
      return anyValue(
        field,
        ordered(wanted, (order) => order > 0),
      )
    case '>=':
      return anyValue(
        field,
        ordered(wanted, (order) => order >= 0),
      )
    case 'contains':
      return anyValue(field, contains(wanted))
    case 'matches': {
      const pattern = compilePattern(wanted.kind === 'text' ? wanted.text : '')
      if (typeof pattern === 'string') return () => false // the check has refused it before
      return anyValue(field, (value) => typeof value === 'string' && pattern.test(value))
    }
  }
}

function anyValue(field: FieldRef, test: ValueTest): Predicate {
  return (subject) => {
    const values = readField(subject, field)
    if (values === undefined) return false
    return isSeveral(values) ? someOf(values, test) : test(values)
  }
}

function noValue(field: FieldRef, test: ValueTest): Predicate {
  return (subject) => {
    const values = readField(subject, field)
    if (values === undefined) return false
    return isSeveral(values) ? values.length > 0 && !someOf(values, test) : !test(values)
  }
}

function someOf(values: readonly SubjectValue[], test: ValueTest): boolean {
  for (let at = 0; at < values.length; at++) if (test(values[at]!)) return true
  return false
}

function finder(text: string): Predicate {
  const find = caselessFinder(text)
  const test: ValueTest = (value) => typeof value === 'string' && find(value)
  return any([ROUTE, NOTE, TEXT].map((field) => anyValue(field, test)))
}
