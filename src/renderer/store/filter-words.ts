import { parseFilter } from '../../shared/filter'
import type { FieldRef, FilterNode, FilterValue } from '../../shared/filter/filter-types'
import { printTime, quoted } from '../../shared/filter/literals'
import { printFilter } from '../../shared/filter/print'

/** The filter narrowed by one more condition, or by its opposite; what is in force stays in force. */
export function narrowed(filter: string, condition: string, isExcluded = false): string {
  const before = filter.trim()
  const added = isExcluded ? opposite(condition) : condition
  if (before === '' || before === added) return added
  const isWide = opOf(before) === 'or'
  const narrow = opOf(added) === 'or' ? `(${added})` : added
  return isWide ? `(${before}) and ${narrow}` : `${before} and ${narrow}`
}

function opposite(condition: string): string {
  const op = opOf(condition)
  return op === 'and' || op === 'or' ? `not (${condition})` : `not ${condition}`
}

function opOf(filter: string): FilterNode['op'] | null {
  const parsed = parseFilter(filter)
  return parsed.ok ? parsed.node.op : null
}

const DAY_MS = 86_400_000

/** A span of the session as times of day. Over midnight it is the evening or the morning. */
export function timeIsWithin(startedAtMs: number, fromMs: number, toMs: number): string {
  const from = msOfDay(startedAtMs + Math.floor(fromMs * 1000) / 1000)
  const to = msOfDay(startedAtMs + Math.ceil(toMs * 1000) / 1000)
  const parts = [`time >= ${printTime(from)}`, `time < ${printTime(to)}`]
  return parts.join(from <= to ? ' and ' : ' or ')
}

/** The filter with this span instead of the one that was chosen before: two of them would hardly ever overlap. */
export function withSpan(filter: string, span: string): string {
  const parsed = parseFilter(filter)
  if (!parsed.ok) return span
  const { node } = parsed
  const parts = node.op === 'and' ? node.parts : [node]
  const others = parts.filter((part) => !isTime(part))
  if (others.length === 0) return span
  const place = { from: 0, to: 0 }
  const rest = others.length === 1 ? others[0]! : { ...place, op: 'and' as const, parts: others }
  return narrowed(printFilter(rest), span)
}

const isTime = (node: FilterNode): boolean =>
  node.op === 'compare'
    ? node.field.name === 'time'
    : (node.op === 'or' || node.op === 'and') && node.parts.every(isTime)

function msOfDay(epochMs: number): number {
  const midnight = new Date(epochMs)
  midnight.setHours(0, 0, 0, 0)
  return (epochMs - midnight.getTime()) % DAY_MS
}

export const routeIs = (route: string): string => `msg.route == ${quoted(route)}`
export const textIs = (field: string, value: string): string => `${field} == ${quoted(value)}`
export const numberIs = (field: string, value: number): string => `${field} == ${value}`
/** From this many milliseconds on: no two durations are equal. */
export const lastsAtLeast = (field: string, ms: number): string =>
  `${field} >= ${Math.floor(ms * 1000) / 1000}ms`
export const timeIsFrom = (startedAtMs: number, atMs: number): string =>
  `time >= ${printTime(msOfDay(startedAtMs + Math.floor(atMs * 1000) / 1000))}`

/** A header; undefined when its value is nothing to compare with. */
export function headerIs(name: string, value: unknown): string | undefined {
  const field: FieldRef = { name: 'header', path: [name], slice: null }
  const isShown = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isShown ? cellIs(field, String(value)) : undefined
}

/** A field that has a value, as the text of a cell shows it. */
export function cellIs(field: FieldRef, text: string): string {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text)
  const isTruth = text === 'true' || text === 'false'
  const value: FilterValue = isNumber
    ? { kind: 'number', value: text.includes('.') ? Number(text) : BigInt(text), unit: null }
    : isTruth
      ? { kind: 'boolean', value: text === 'true' }
      : { kind: 'text', text }
  return printFilter({ from: 0, to: 0, op: 'compare', field, comparison: '==', value })
}
