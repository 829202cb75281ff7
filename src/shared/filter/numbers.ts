import type { FilterValue } from './filter-types'
import type { FieldInfo } from './fields'
import { UNIT_WORDS } from './syntax'

export type NumberValue = FilterValue & { readonly kind: 'number' }

interface UnitSize {
  readonly of: 'ms' | 'B'
  readonly size: number
  /** Powers of ten move the decimal point, which loses nothing. */
  readonly exponent: number | null
}

const UNITS: ReadonlyMap<string, UnitSize> = new Map([
  ['us', { of: 'ms', size: 1e-3, exponent: -3 }],
  ['ms', { of: 'ms', size: 1, exponent: 0 }],
  ['s', { of: 'ms', size: 1e3, exponent: 3 }],
  ['min', { of: 'ms', size: 60_000, exponent: null }],
  ['B', { of: 'B', size: 1, exponent: 0 }],
  ['kB', { of: 'B', size: 1e3, exponent: 3 }],
  ['kiB', { of: 'B', size: 1024, exponent: null }],
  ['MB', { of: 'B', size: 1e6, exponent: 6 }],
])

const NUMBER = /^([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)([A-Za-zµ]*)$/
const INTEGER = /^[-+]?\d+$/

/** `50us` as `['50', 'us']`; undefined when it does not begin like a number. */
export function splitNumber(word: string): readonly [digits: string, unit: string] | undefined {
  const match = NUMBER.exec(word)
  return match === null ? undefined : [match[1]!, match[2] === 'µs' ? 'us' : match[2]!]
}

/** What was meant by a unit in other letters, such as `kb`; else the plain one of the field. */
export function unitMeant(unit: string, info: FieldInfo): string {
  const meant = UNIT_WORDS.find((known) => known.toLowerCase() === unit.toLowerCase()) ?? ''
  return meant !== '' && unitProblem(meant, info) === undefined ? meant : (info.unit ?? '')
}

/** What is wrong with a unit for a field, or undefined. */
export function unitProblem(unit: string, info: FieldInfo): string | undefined {
  const known = UNITS.get(unit)
  if (unit === '') return undefined
  if (known === undefined) return `${unit} is no unit; there are ${UNIT_WORDS.join(', ')}`
  if (info.type === 'any' || known.of === info.unit) return undefined
  if (info.unit === null) return `${info.name} has no unit`
  return info.unit === 'ms'
    ? `${info.name} is a time: us, ms, s or min`
    : `${info.name} is a length: B, kB, kiB or MB`
}

/**
 * The value in ms or bytes; integers stay exact, beyond 2^53 as bigint. The unit that was written is kept where the
 * value can be written with it again, else it becomes ms or B.
 *
 * @param unit - A known one, or empty.
 * @returns Undefined when the number is too large for a double and not an integer.
 */
export function numberValue(digits: string, unit: string): NumberValue | undefined {
  const value = exactValue(digits, UNITS.get(unit))
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined
  return withUnit(value, unit === '' ? null : unit)
}

/** A value in its normal form: `0` for `-0`, a bigint where a double would not be exact, a unit it can be written with. */
export function withUnit(value: number | bigint, unit: string | null): NumberValue {
  const plain = plainNumber(value)
  if (unit === null) return { kind: 'number', value: plain, unit: null }
  const known = UNITS.get(unit)!
  const isWritable = digitsFor(plain, known) !== undefined
  return { kind: 'number', value: plain, unit: isWritable ? unit : known.of }
}

/** `50us`: as it is written in the language. */
export function printNumber({ value, unit }: NumberValue): string {
  const known = unit === null ? undefined : UNITS.get(unit)
  return `${known === undefined ? String(value) : (digitsFor(value, known) ?? String(value))}${unit ?? ''}`
}

/** What is written in digits alone is a bigint beyond 2^53; what needs an exponent is a number. */
function plainNumber(value: number | bigint): number | bigint {
  if (typeof value === 'bigint') return BigInt.asIntN(54, value) === value ? Number(value) : value
  if (value === 0) return 0
  const isInDigits = Number.isInteger(value) && Math.abs(value) < 1e21
  return isInDigits && (value < -(2 ** 53) || value >= 2 ** 53) ? BigInt(value) : value
}

function exactValue(digits: string, unit: UnitSize | undefined): number | bigint {
  const isWhole = INTEGER.test(digits) && (unit === undefined || unit.size >= 1)
  if (isWhole) return BigInt(digits.replace('+', '')) * BigInt(unit?.size ?? 1)
  const { exponent, size } = unit ?? { exponent: 0, size: 1 }
  if (exponent === null) return Number(digits) * size
  const [mantissa, power] = digits.toLowerCase().split('e')
  return Number(`${mantissa}e${Number(power ?? 0) + exponent}`)
}

/** Digits that give exactly this value in this unit, if there are any. */
function digitsFor(value: number | bigint, unit: UnitSize): string | undefined {
  if (unit.size === 1) return String(value)
  if (typeof value === 'bigint') {
    const size = BigInt(Math.max(1, unit.size))
    return unit.size >= 1 && value % size === 0n ? String(value / size) : undefined
  }
  const shares = [value / unit.size, Number((value / unit.size).toPrecision(15))]
  return shares.map(String).find((digits) => Object.is(plainNumber(exactValue(digits, unit)), value))
}
