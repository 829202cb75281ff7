/**
 * The filter language (docs/filter-language.md): one text for list, lanes, colour rules, triggers and command line.
 * Parsing gives a `FilterNode`, checking gives problems with positions, compiling gives a predicate over subjects.
 */

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'matches'

/** `msg.route`, `body.a.b`, `bytes[0:4]`: dots and the last slice. */
export interface FieldRef {
  /** `msg.route`; for bodies and headers the path stands in `path`. */
  readonly name: string
  /** `body.temp.value` has name `body` and path `['temp', 'value']`. Indices of arrays are numbers. */
  readonly path: readonly (string | number)[]
  readonly slice: { readonly offset: number; readonly length: number | null } | null
}

export type FilterValue =
  | { readonly kind: 'text'; readonly text: string }
  /** In the field's own unit (ms, bytes): `50us` is 0.05. Integers beyond 2^53 stay exact. */
  | { readonly kind: 'number'; readonly value: number | bigint; readonly unit: string | null }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Time of day in ms since midnight, local; resolved against the session's start by the subject. */
  | { readonly kind: 'time'; readonly msOfDay: number }

interface Positioned {
  /** Characters of the source: first, and one after the last. */
  readonly from: number
  readonly to: number
}

export type FilterNode = Positioned &
  (
    | { readonly op: 'and' | 'or'; readonly parts: readonly FilterNode[] }
    | { readonly op: 'not'; readonly part: FilterNode }
    | { readonly op: 'has'; readonly field: FieldRef }
    | {
        readonly op: 'compare'
        readonly field: FieldRef
        readonly comparison: Comparison
        readonly value: FilterValue
      }
    | { readonly op: 'in'; readonly field: FieldRef; readonly values: readonly FilterValue[] }
    /** Plain text: found in route, body as text or note. */
    | { readonly op: 'find'; readonly text: string }
  )

export interface FilterProblem extends Positioned {
  readonly message: string
  /** What to write instead, e.g. the field that was probably meant; null when there is no idea. */
  readonly suggestion: string | null
}

export type FilterResult =
  | { readonly ok: true; readonly filter: CompiledFilter }
  | { readonly ok: false; readonly problems: readonly FilterProblem[] }

/** What a field of a message can be. Several values: `!=` then means that none is equal. */
export type SubjectValue = string | number | bigint | boolean | Uint8Array
export type SubjectValues = SubjectValue | readonly SubjectValue[] | undefined

/** A message as the filter sees it. Fields are asked for only when the answer depends on them. */
export interface FilterSubject {
  /** Undefined when the message has no such field: every comparison with it is false. */
  field(field: FieldRef): SubjectValues
}

export interface CompiledFilter {
  /** In normal form: parsing it again gives the same filter. */
  readonly text: string
  readonly node: FilterNode
  /** Needs bytes or text of bodies: costly, done in slices. */
  readonly needsBody: boolean
  /** Uses `age`: the answer for one message changes while only time passes. */
  readonly dependsOnNow: boolean
  test(subject: FilterSubject): boolean
}
