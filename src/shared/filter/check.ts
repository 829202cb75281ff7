import type { FieldRef, FilterNode, FilterProblem, FilterValue } from './filter-types'
import { aliasNamed, expandAlias, FILTER_ALIASES, meaningAt } from './aliases'
import {
  allFieldNames,
  FIELD_ROOTS,
  type FieldInfo,
  fieldNamed,
  type FilterScope,
  isInScope,
  partnerFieldName,
  splitPartner,
} from './fields'
import { hexBytes, isPlainHex, quoted, timeOfDay, unescaped, unescapedPattern } from './literals'
import { nearestOf } from './nearest'
import { numberValue, splitNumber, unitMeant, unitProblem, withUnit } from './numbers'
import { compilePattern } from './pattern'
import { shownMeaning } from './shown-words'
import type { FieldSegment, SyntaxNode, WrittenField, WrittenValue } from './syntax'

/** Gives what was written its meaning: fields by their names, values by the fields they are compared with. */
export class FilterCheck {
  readonly problems: FilterProblem[] = []
  readonly #scope: FilterScope

  constructor(scope: FilterScope = 'messages') {
    this.#scope = scope
  }

  /** Null when something in it is wrong; `problems` then says what. */
  node(syntax: SyntaxNode): FilterNode | null {
    const { from, to } = syntax
    switch (syntax.op) {
      case 'and':
      case 'or': {
        const parts = syntax.parts.map((part) => this.node(part))
        if (!parts.every((part) => part !== null)) return null
        const flat = parts.flatMap((part) => (part.op === syntax.op ? part.parts : [part]))
        return { op: syntax.op, parts: flat, from, to }
      }
      case 'not': {
        const part = this.node(syntax.part)
        return part && { op: 'not', part, from, to }
      }
      case 'alias': {
        const meaning = expandAlias(syntax)
        if (meaning !== undefined) return this.node(meaning)
        const nearest = nearestOf(syntax.name, FILTER_ALIASES.map(({ name }) => name).filter(aliasNamed))
        const known = FILTER_ALIASES.map(({ name }) => `~${name}`).join(' ')
        return this.#fail(
          syntax,
          `~${syntax.name} is no short form; there are ${known}`,
          nearest && `~${nearest}`,
        )
      }
      case 'find':
        return { op: 'find', text: unescaped(syntax.written.text), from, to }
      case 'bare': {
        if (!isFieldLike(syntax.field)) return { op: 'find', text: syntax.text, from, to }
        const field = this.#field(syntax.field)
        return field && { op: 'has', field: field.ref, from, to }
      }
      case 'in': {
        const field = this.#field(syntax.field)
        if (field === null || !this.#isComparable(field.info, syntax.field)) return null
        const values = syntax.values.map((value) => this.#value(field, '==', value))
        if (!values.every((value) => value !== null)) return null
        return { op: 'in', field: field.ref, values, from, to }
      }
      case 'compare':
        return this.#comparison(syntax)
    }
  }

  #comparison(syntax: SyntaxNode & { readonly op: 'compare' }): FilterNode | null {
    const { comparison, comparisonAt, from, to } = syntax
    const field = this.#field(syntax.field)
    if (field === null || !this.#isComparable(field.info, syntax.field)) return null
    const { name, type } = field.info
    if (comparison === 'matches' && type !== 'text' && type !== 'any') {
      const instead = type === 'bytes' ? ', text is the body as text' : ''
      return this.#fail(
        comparisonAt,
        `matches is for text, ${name} is ${typeWords(type)}${instead}`,
        bestFor(type),
      )
    }
    if (comparison === 'contains' && type !== 'text' && type !== 'bytes' && type !== 'any') {
      return this.#fail(
        comparisonAt,
        `contains is for text and bytes, ${name} is ${typeWords(type)}`,
        bestFor(type),
      )
    }
    if (type === 'boolean' && comparison !== '==' && comparison !== '!=') {
      return this.#fail(comparisonAt, `${name} is true or false: compare it with == or !=`, '==')
    }
    const meaning = this.#shown(field, comparison, syntax.value)
    if (meaning !== undefined) {
      return this.node(meaningAt(comparison === '!=' ? `${name} and not (${meaning})` : meaning, syntax))
    }
    const value = this.#value(field, comparison, syntax.value)
    return value && { op: 'compare', field: field.ref, comparison, value, from, to }
  }

  /** What a word of the list stands for, where a whole value is compared. */
  #shown({ info, ref }: ResolvedField, comparison: string, written: WrittenValue): string | undefined {
    if ((comparison !== '==' && comparison !== '!=') || ref.slice !== null) return undefined
    return shownMeaning(info.name, written.kind === 'string' ? unescaped(written.text) : written.text)
  }

  #isComparable({ name, type, hasPath }: FieldInfo, at: WrittenField): boolean {
    if (type === 'message') {
      this.#fail(at, `${name} is a message: compare one of its fields`, `${name}.status`)
      return false
    }
    if (hasPath && at.segments.length === (splitPartner(name)[0] === null ? 1 : 2)) {
      this.#fail(at, `${name} is compared by a path: ${name}.NAME`, name.endsWith('body') ? 'text' : null)
      return false
    }
    return true
  }

  #field(written: WrittenField): ResolvedField | null {
    const keys = leadingKeys(written.segments)
    for (let count = Math.min(3, keys.length); count > 0; count--) {
      const name = normalName(keys.slice(0, count).join('.'))
      const info = fieldNamed(name)
      if (info === undefined) continue
      if (isInScope(name, this.#scope)) return this.#withPath(info, written, count)
      return this.#fail(written, `${name} is about two recordings: it can be used where they are compared`)
    }
    const typed = keys.join('.')
    const nearest = nearestOf(typed, allFieldNames(this.#scope)) ?? nearestMember(typed)
    return this.#fail(written, `there is no field ${typed || 'here'}`, nearest)
  }

  #withPath(info: FieldInfo, written: WrittenField, used: number): ResolvedField | null {
    const path: (string | number)[] = []
    let slice: FieldRef['slice'] = null
    for (const segment of written.segments.slice(used)) {
      if (slice !== null) return this.#fail(segment, 'nothing can follow a slice')
      if (segment.kind === 'key') {
        if (!info.hasPath) return this.#fail(written, `${info.name} has nothing inside`, info.name)
        const isIndex = !segment.isQuoted && /^\d{1,9}$/.test(segment.text)
        path.push(isIndex ? Number(segment.text) : segment.isQuoted ? unescaped(segment.text) : segment.text)
        continue
      }
      const isIndex = info.hasPath && /^\d{1,9}$/.test(segment.text)
      if (isIndex) path.push(Number(segment.text))
      else {
        slice = sliceOf(segment.text)
        if (slice === null) {
          return this.#fail(segment, 'a slice is [offset:length], or [offset] for one byte', '[0:4]')
        }
        if (info.type !== 'text' && info.type !== 'bytes' && info.type !== 'any') {
          return this.#fail(segment, `${info.name} is ${typeWords(info.type)}: slices are of text and bytes`)
        }
      }
    }
    return { info, ref: { name: info.name, path, slice } }
  }

  #value({ info, ref }: ResolvedField, comparison: string, written: WrittenValue): FilterValue | null {
    const { text, kind, unit } = written
    const isQuoted = kind === 'string'
    if (comparison === 'matches') return this.#pattern(written)
    if (comparison === 'contains' && info.type === 'any' && !isQuoted && splitNumber(text) !== undefined) {
      return this.#fail(written, 'contains looks for text or bytes', quoted(text))
    }
    switch (info.type) {
      case 'text':
        return this.#text(info, ref, comparison, written)
      case 'number': {
        const value = isQuoted ? null : this.#number(info, written)
        if (value !== null || this.#hasProblemAt(written)) return value
        return this.#fail(written, `${info.name} is a number`, isQuoted && splitNumber(text) ? text : null)
      }
      case 'boolean': {
        if (text === 'true' || text === 'false') return { kind: 'boolean', value: text === 'true' }
        return this.#fail(
          written,
          `${info.name} is true or false`,
          nearestOf(text, ['true', 'false']) ?? 'true',
        )
      }
      case 'time': {
        const msOfDay = isQuoted ? undefined : timeOfDay(text)
        if (msOfDay !== undefined && unit === '') return { kind: 'time', msOfDay }
        return this.#fail(written, `${info.name} is a time of day, such as 10:42:00.5`, '10:42:00')
      }
      case 'bytes':
        return this.#bytes(written)
      default:
        return this.#anything(info, ref, written)
    }
  }

  #text(info: FieldInfo, ref: FieldRef, comparison: string, written: WrittenValue): FilterValue | null {
    const isQuoted = written.kind === 'string'
    const text = isQuoted ? unescaped(written.text) : written.text
    const looksElse = !isQuoted && (splitNumber(text) !== undefined || hexBytes(text) !== undefined)
    if (looksElse || written.unit !== '') {
      const instead = quoted(written.unit === '' ? text : `${text} ${written.unit}`)
      return this.#fail(written, `${info.name} is text: put quotes around the value`, instead)
    }
    const isWhole = (comparison === '==' || comparison === '!=') && ref.slice === null
    if (isWhole && info.isClosed && !info.values.includes(text)) {
      const nearest = nearestOf(text, info.values)
      const known = info.values.join(', ')
      return this.#fail(
        written,
        `${info.name} is never ${quoted(text)}; it is one of ${known}`,
        nearest && quoted(nearest),
      )
    }
    return { kind: 'text', text }
  }

  #number(info: FieldInfo, written: WrittenValue): FilterValue | null {
    if (isPlainHex(written.text)) return withUnit(BigInt(written.text), null)
    const split = splitNumber(written.text)
    if (split === undefined) return null
    const [digits, ownUnit] = split
    const unit = written.unit || ownUnit
    const wrong = unitProblem(unit, info)
    if (wrong !== undefined) return this.#fail(written, wrong, digits + unitMeant(unit, info))
    return numberValue(digits, unit) ?? this.#fail(written, 'the number is too large')
  }

  #bytes(written: WrittenValue): FilterValue | null {
    if (written.kind === 'string') return { kind: 'text', text: unescaped(written.text) }
    const bytes = hexBytes(written.text)
    if (bytes !== undefined) return { kind: 'bytes', bytes }
    if (isPlainHex(written.text)) {
      return this.#fail(written, 'half a byte: hex needs pairs of digits', `0x0${written.text.slice(2)}`)
    }
    const meant = /^[0-9a-f]{2}$/i.test(written.text) ? `0x${written.text}` : quoted(written.text)
    return this.#fail(
      written,
      `${written.text} is no pattern of bytes: write 7e:01:ff, 0x7e01ff or text in quotes`,
      meant,
    )
  }

  #anything(info: FieldInfo, ref: FieldRef, written: WrittenValue): FilterValue | null {
    const { text } = written
    if (written.kind === 'string') return { kind: 'text', text: unescaped(text) }
    if (text === 'true' || text === 'false') return { kind: 'boolean', value: text === 'true' }
    const bytes = hexBytes(text)
    if (bytes !== undefined && (ref.slice !== null || !isPlainHex(text))) return { kind: 'bytes', bytes }
    const number = this.#number(info, written)
    if (number !== null || this.#hasProblemAt(written)) return number
    return { kind: 'text', text }
  }

  #pattern(written: WrittenValue): FilterValue | null {
    if (written.kind !== 'string') {
      return this.#fail(written, 'put quotes around the pattern', `"${written.text}"`)
    }
    const text = unescapedPattern(written.text)
    const compiled = compilePattern(text)
    return typeof compiled === 'string' ? this.#fail(written, compiled) : { kind: 'text', text }
  }

  #hasProblemAt({ from, to }: { readonly from: number; readonly to: number }): boolean {
    return this.problems.some((problem) => problem.from === from && problem.to === to)
  }

  #fail(
    at: { readonly from: number; readonly to: number },
    message: string,
    suggestion: string | null = null,
  ): null {
    this.problems.push({ from: at.from, to: at.to, message, suggestion })
    return null
  }
}

interface ResolvedField {
  readonly info: FieldInfo
  readonly ref: FieldRef
}

/** `[offset:length]`; `[3]` is one. Null when it is neither. */
function sliceOf(text: string): FieldRef['slice'] {
  const match = /^(-?\d{1,9})?:(\d{1,9})?$/.exec(text)
  if (match !== null) {
    const length = match[2] === undefined ? null : Number(match[2])
    return { offset: Number(match[1] ?? 0) || 0, length }
  }
  return /^-?\d{1,9}$/.test(text) ? { offset: Number(text) || 0, length: 1 } : null
}

/** Names before the first brackets or quotes: a field's name stands among them. */
function leadingKeys(segments: readonly FieldSegment[]): string[] {
  const keys: string[] = []
  for (const segment of segments) {
    if (segment.kind !== 'key' || segment.isQuoted) break
    keys.push(segment.text)
  }
  return keys
}

/** `rep.msg.status` is `rep.status`. */
function normalName(name: string): string {
  const [partner, own] = splitPartner(name)
  return partner === null ? name : partnerFieldName(partner, own)
}

/** `msg.foo` is a field misspelt; `cfg.put` is text to look for, and so is `msg` alone. */
function isFieldLike(field: WrittenField): boolean {
  const keys = leadingKeys(field.segments)
  return FIELD_ROOTS.has(keys[0] ?? '') && (keys.length > 1 || fieldNamed(keys[0]!) !== undefined)
}

/** `route` is `msg.route`. */
function nearestMember(typed: string): string | null {
  const last = typed.split('.').at(-1)!
  const names = allFieldNames()
  return names.find((name) => name.endsWith(`.${last}`)) ?? null
}

/** An operator that suits the type. */
const bestFor = (type: FieldInfo['type']): string | null =>
  type === 'number' || type === 'time' ? '>=' : type === 'boolean' ? '==' : null

function typeWords(type: FieldInfo['type']): string {
  switch (type) {
    case 'number':
      return 'a number'
    case 'time':
      return 'a time of day'
    case 'boolean':
      return 'true or false'
    case 'message':
      return 'a message'
    default:
      return type
  }
}
