import { ConsoleError } from '../../../shared/errors'
import type { CompiledFilter } from '../../../shared/filter/filter-types'
import {
  type CompareDetail,
  type CompareRow,
  type CompareRowSide,
  type CompareRoute,
  type CompareSide,
  type CompareSummary,
  DIFFERENCE_KINDS,
  type DifferenceKind,
  type LatencyShift,
  MAX_DETAIL_FIELDS,
  MAX_ROW_FIELDS,
} from '../../../shared/model/compare'
import { DIRECTIONS, KINDS } from '../../capture/message-words'
import { RouteHues } from '../../capture/route-hues'
import type { Explanation } from '../../../shared/model/explanation'
import { type AlignedSide, type Alignment, align } from './align'
import { CompareSubject } from './compare-subject'
import type { ComparedRecording } from './compared-recording'
import { type ComparedField, compareFields, type FieldsWanted } from './exchange-fields'
import { type Exchanges, readExchanges } from './exchanges'
import type { IgnoreRules } from './ignore-rules'
import { histogram, percentiles, significantShift } from './latency'
import { linkRoles } from './link-roles'
import { timeDifference, timeOf } from './time-difference'
import type { Steps } from './turns'

export interface CompareRules {
  readonly ignore: IgnoreRules
  readonly shiftMs: number
}

/** Rows between two places where the work can be laid down. */
const STEP = 512
const MAX_ROUTES = 200
const KIND_NUMBER = new Map(DIFFERENCE_KINDS.map((kind, number) => [kind, number]))
const SHIFTS: readonly LatencyShift[] = [null, 'slower', 'faster']

/** Two recordings, exchange by exchange. */
export class Comparison {
  readonly a: ComparedRecording
  readonly b: ComparedRecording
  readonly rules: CompareRules
  readonly alignment: Alignment
  readonly aExchanges: Exchanges
  readonly bExchanges: Exchanges
  readonly summary: CompareSummary
  readonly #kinds: Uint8Array
  readonly #shifts: Uint8Array
  /** Names of the fields that changed, of rows that did. */
  readonly #fields: ReadonlyMap<number, readonly string[]>
  readonly #hues: RouteHues

  private constructor(parts: ComparedParts, columns: RowColumns) {
    this.a = parts.a
    this.b = parts.b
    this.rules = parts.rules
    this.alignment = parts.alignment
    this.aExchanges = parts.aExchanges
    this.bExchanges = parts.bExchanges
    this.#kinds = columns.kinds
    this.#shifts = columns.shifts
    this.#fields = columns.fields
    this.#hues = huesOf(parts)
    this.summary = this.#summaryOf()
  }

  /** Compares what was read. The recordings are owned from now on, and must not change any more. */
  static *steps(a: ComparedRecording, b: ComparedRecording, rules: CompareRules): Steps<Comparison> {
    const ignoresStatus = rules.ignore.ignores('status', [])
    const aExchanges = yield* within(readExchanges(a.messages, a.digests, ignoresStatus), 0, 0.2)
    const bExchanges = yield* within(readExchanges(b.messages, b.digests, ignoresStatus), 0.2, 0.4)
    const roles = linkRoles(a.links, b.links)
    const side = (exchanges: Exchanges, numbers: ReadonlyMap<number, number>): AlignedSide => ({
      exchanges,
      roleOf: (linkId) => numbers.get(linkId) ?? linkId + 1_000_000,
    })
    const alignment = yield* within(align(side(aExchanges, roles.a), side(bExchanges, roles.b)), 0.4, 0.7)
    const parts = { a, b, rules, alignment, aExchanges, bExchanges }
    const columns = yield* within(classify(parts), 0.7, 1)
    return new Comparison(parts, columns)
  }

  /** @param row - 0 to `alignment.rows`, exclusively. */
  row(row: number): CompareRow {
    const kind = this.kindOf(row)
    const { aAt, bAt } = this.#places(row)
    const [own, at] = aAt >= 0 ? ([this.a, aAt] as const) : ([this.b, bAt] as const)
    const exchanges = aAt >= 0 ? this.aExchanges : this.bExchanges
    const id = exchanges.messageIds[at]!
    const columns = own.messages.columnsOf(id)
    const index = own.messages.indexOf(id)
    const route = columns.routes[index]!
    const names = this.fieldsOf(row)
    return {
      row,
      kind,
      shift: this.shiftOf(row),
      shiftMs: this.shiftMsOf(row),
      route: route.slice(0, 1024),
      hue: this.hueOf(route),
      dir: DIRECTIONS.word(columns.dirs[index]!),
      messageKind: KINDS.word(columns.kinds[index]!),
      a: sideOf(this.a, this.aExchanges, aAt),
      b: sideOf(this.b, this.bExchanges, bAt),
      field:
        names.length === 0 ? null : (this.#compare(row, { most: 1, withEqual: false }).fields[0] ?? null),
      fields: names.length,
    }
  }

  /** @throws ConsoleError `MESSAGE_UNKNOWN` when there is no such row. */
  detail(row: number): CompareDetail {
    if (row >= this.alignment.rows)
      throw new ConsoleError('MESSAGE_UNKNOWN', `there is no row ${row}`, { row })
    const { fields, more } = this.#compare(row, { most: MAX_DETAIL_FIELDS, withEqual: true })
    const [a, b] = this.explanations(row)
    return {
      ...this.row(row),
      all: fields,
      more,
      times: { a: a && timeOf(a), b: b && timeOf(b) },
      sentence: a !== null && b !== null ? timeDifference(a, b) : '',
    }
  }

  /** Rows that a filter lets pass, in order; all of them without one. */
  *select(filter: CompiledFilter | null): Steps<Uint32Array> {
    const found = new Uint32Array(this.alignment.rows)
    const subject = new CompareSubject(this)
    let count = 0
    for (let row = 0; row < this.alignment.rows; row++) {
      if (row % 64 === 0) yield row / this.alignment.rows
      if (filter !== null) {
        subject.moveTo(row)
        if (!filter.test(subject)) continue
      }
      found[count++] = row
    }
    return found.slice(0, count)
  }

  kindOf(row: number): DifferenceKind {
    return DIFFERENCE_KINDS[this.#kinds[row]!]!
  }

  shiftOf(row: number): LatencyShift {
    return SHIFTS[this.#shifts[row]!]!
  }

  /** Null where not both round trips are known. */
  shiftMsOf(row: number): number | null {
    const { aAt, bAt } = this.#places(row)
    if (aAt < 0 || bAt < 0) return null
    const byMs = this.bExchanges.roundTripMs[bAt]! - this.aExchanges.roundTripMs[aAt]!
    return Number.isNaN(byMs) ? null : byMs
  }

  /** Names of the fields that changed; at most `MAX_ROW_FIELDS`. */
  fieldsOf(row: number): readonly string[] {
    return this.#fields.get(row) ?? []
  }

  hueOf(route: string): number {
    return this.#hues.hueOf(route)
  }

  /** Where the time went in both; null on a side that has nothing. */
  explanations(row: number): readonly [Explanation | null, Explanation | null] {
    const { aAt, bAt } = this.#places(row)
    return [explained(this.a, this.aExchanges, aAt), explained(this.b, this.bExchanges, bAt)]
  }

  #places(row: number): { readonly aAt: number; readonly bAt: number } {
    return { aAt: this.alignment.aAt[row]!, bAt: this.alignment.bAt[row]! }
  }

  #compare(row: number, wanted: FieldsWanted): { fields: readonly ComparedField[]; more: number } {
    const { aAt, bAt } = this.#places(row)
    if (aAt < 0 || bAt < 0) return { fields: [], more: 0 }
    return fieldsBetween(this, aAt, bAt, wanted)
  }

  #summaryOf(): CompareSummary {
    const counts = { equal: 0, changed: 0, missing: 0, added: 0, reordered: 0 }
    let [slower, faster] = [0, 0]
    for (let row = 0; row < this.alignment.rows; row++) {
      counts[this.kindOf(row)] += 1
      const shift = this.shiftOf(row)
      if (shift === 'slower') slower += 1
      else if (shift === 'faster') faster += 1
    }
    const a = timesByRoute(this.a, this.aExchanges)
    const b = timesByRoute(this.b, this.bExchanges)
    return {
      a: summarySide(this.a, this.aExchanges),
      b: summarySide(this.b, this.bExchanges),
      rows: this.alignment.rows,
      counts,
      slower,
      faster,
      roundTrips: { a: percentiles(a.all), b: percentiles(b.all) },
      histogram: histogram(a.all, b.all),
      routes: this.#routes(a.byRoute, b.byRoute),
      shiftMs: this.rules.shiftMs,
      ignored: this.rules.ignore.texts,
      isCoarse: this.alignment.isCoarse,
      droppedBodies: this.a.capture.memory.droppedBodies + this.b.capture.memory.droppedBodies,
      isEqual: counts.changed + counts.missing + counts.added + counts.reordered === 0,
    }
  }

  #routes(a: RouteTimes, b: RouteTimes): CompareRoute[] {
    const count = (route: string): number => (a.get(route)?.length ?? 0) + (b.get(route)?.length ?? 0)
    const none = new Float64Array(0)
    return [...new Set([...a.keys(), ...b.keys()])]
      .sort((left, right) => count(right) - count(left) || (left < right ? -1 : 1))
      .slice(0, MAX_ROUTES)
      .map((route) => ({
        route: route.slice(0, 1024),
        hue: this.hueOf(route),
        a: percentiles(a.get(route) ?? none),
        b: percentiles(b.get(route) ?? none),
      }))
  }
}

interface ComparedParts {
  readonly a: ComparedRecording
  readonly b: ComparedRecording
  readonly rules: CompareRules
  readonly alignment: Alignment
  readonly aExchanges: Exchanges
  readonly bExchanges: Exchanges
}

interface RowColumns {
  readonly kinds: Uint8Array
  readonly shifts: Uint8Array
  readonly fields: ReadonlyMap<number, readonly string[]>
}

function* classify(parts: ComparedParts): Steps<RowColumns> {
  const { alignment, aExchanges, bExchanges, rules } = parts
  const kinds = new Uint8Array(alignment.rows)
  const shifts = new Uint8Array(alignment.rows)
  const fields = new Map<number, readonly string[]>()
  const names = new Map<string, string>()
  for (let row = 0; row < alignment.rows; row++) {
    if (row % STEP === 0) yield row / alignment.rows
    const aAt = alignment.aAt[row]!
    const bAt = alignment.bAt[row]!
    let kind: DifferenceKind = aAt < 0 ? 'added' : bAt < 0 ? 'missing' : 'equal'
    if (kind === 'equal') {
      const shift = significantShift(
        aExchanges.roundTripMs[aAt]!,
        bExchanges.roundTripMs[bAt]!,
        rules.shiftMs,
      )
      shifts[row] = SHIFTS.indexOf(shift)
      if (alignment.isReordered[row] === 1) kind = 'reordered'
      else if (aExchanges.contentKeys[aAt] !== bExchanges.contentKeys[bAt]) {
        yield row / alignment.rows
        const found = fieldsBetween(parts, aAt, bAt, { most: MAX_ROW_FIELDS, withEqual: false }).fields
        if (found.length > 0) {
          kind = 'changed'
          fields.set(
            row,
            found.map(({ path }) => shared(names, path)),
          )
        }
      }
    }
    kinds[row] = KIND_NUMBER.get(kind)!
  }
  return { kinds, shifts, fields }
}

/** Names of fields repeat: one text for all of them. */
function shared(names: Map<string, string>, name: string): string {
  const known = names.get(name)
  if (known !== undefined) return known
  if (names.size < 65_536) names.set(name, name)
  return name
}

function fieldsBetween(
  { a, b, aExchanges, bExchanges, rules }: Omit<ComparedParts, 'alignment'>,
  aAt: number,
  bAt: number,
  wanted: FieldsWanted,
) {
  return compareFields(
    {
      a: { store: a.messages, id: aExchanges.messageIds[aAt]! },
      b: { store: b.messages, id: bExchanges.messageIds[bAt]! },
      aReply: { store: a.messages, id: aExchanges.answerIds[aAt]! },
      bReply: { store: b.messages, id: bExchanges.answerIds[bAt]! },
    },
    rules.ignore,
    wanted,
  )
}

function* within<T>(steps: Steps<T>, from: number, to: number): Steps<T> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    yield from + (to - from) * step.value
  }
}

/** One hue per route in both recordings: those of the first one first. */
function huesOf({ a, b, aExchanges, bExchanges }: ComparedParts): RouteHues {
  const hues = new RouteHues()
  for (const [recording, exchanges] of [
    [a, aExchanges],
    [b, bExchanges],
  ] as const) {
    for (let at = 0; at < exchanges.count; at++) hues.hueOf(routeOf(recording, exchanges.messageIds[at]!))
  }
  return hues
}

const routeOf = ({ messages }: ComparedRecording, id: number): string =>
  messages.columnsOf(id).routes[messages.indexOf(id)]!

function sideOf(recording: ComparedRecording, exchanges: Exchanges, at: number): CompareRowSide | null {
  if (at < 0) return null
  const roundTripMs = exchanges.roundTripMs[at]!
  return {
    messageId: exchanges.messageIds[at]!,
    atMs: exchanges.startMs[at]! - recording.startMs,
    roundTripMs: Number.isNaN(roundTripMs) ? null : roundTripMs,
  }
}

function explained(recording: ComparedRecording, exchanges: Exchanges, at: number): Explanation | null {
  if (at < 0) return null
  const rate = recording.lineRate(exchanges.linkIds[at]!)
  return recording.capture.explain(exchanges.messageIds[at]!, recording.endMs, rate)
}

type RouteTimes = ReadonlyMap<string, Float64Array>

function timesByRoute(
  recording: ComparedRecording,
  exchanges: Exchanges,
): { readonly all: Float64Array; readonly byRoute: RouteTimes } {
  const all: number[] = []
  const byRoute = new Map<string, number[]>()
  for (let at = 0; at < exchanges.count; at++) {
    const ms = exchanges.roundTripMs[at]!
    if (Number.isNaN(ms)) continue
    all.push(ms)
    const route = routeOf(recording, exchanges.messageIds[at]!)
    const known = byRoute.get(route)
    if (known !== undefined) known.push(ms)
    else if (byRoute.size < 65_536) byRoute.set(route, [ms])
  }
  return {
    all: Float64Array.from(all).sort(),
    byRoute: new Map([...byRoute].map(([route, times]) => [route, Float64Array.from(times).sort()])),
  }
}

const summarySide = (recording: ComparedRecording, exchanges: Exchanges): CompareSide => ({
  recording: recording.name,
  messages: recording.messages.kept,
  exchanges: exchanges.count,
  lengthMs: recording.endMs - recording.startMs,
  links: recording.links.map(({ url }) => url.slice(0, 1024)).slice(0, 64),
  damagedBytes: recording.damagedBytes,
})
