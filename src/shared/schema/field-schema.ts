/** What a value may be, as far as a form can help with it. Everything else is `any` and written as JSON. */
export type FieldSchema =
  | { readonly type: 'integer'; readonly min: bigint | null; readonly max: bigint | null }
  | { readonly type: 'number'; readonly min: number | null; readonly max: number | null }
  | { readonly type: 'string'; readonly minLength: number; readonly maxLength: number | null }
  /** Bytes, written as hex digits in a JSON text. */
  | { readonly type: 'bytes'; readonly maxBytes: number | null }
  | { readonly type: 'boolean' }
  | { readonly type: 'enum'; readonly values: readonly EnumValue[] }
  | {
      readonly type: 'array'
      readonly items: FieldSchema
      readonly minItems: number
      readonly maxItems: number | null
    }
  | { readonly type: 'object'; readonly fields: readonly SchemaField[] }
  | { readonly type: 'any' }

export type EnumValue = string | number | boolean | null

export interface SchemaField {
  readonly name: string
  readonly description: string
  readonly isRequired: boolean
  readonly schema: FieldSchema
  /** JSON text; null when there is none. */
  readonly initial: string | null
}

const MAX_DEPTH = 16
const MAX_FIELDS = 200
const MAX_ENUM = 500
const ANY: FieldSchema = { type: 'any' }

/** Whole numbers by the names that other schema languages give them. */
const INTEGER_FORMATS: Readonly<Record<string, readonly [bigint, bigint]>> = Object.fromEntries(
  [8, 16, 32, 64].flatMap((bits) => {
    const size = 1n << BigInt(bits)
    return [
      [`uint${bits}`, [0n, size - 1n]],
      [`int${bits}`, [-size / 2n, size / 2n - 1n]],
    ]
  }),
)

type Plain = Readonly<Record<string, unknown>>

/**
 * Reads a JSON Schema (2020-12, the part that says what fields there are): type, properties, required, enum, const, default,
 * limits, items, local `$ref`, a choice with null. Never throws: what it does not know is `any`.
 */
export function readFieldSchema(schema: unknown): FieldSchema {
  return new SchemaReader(schema).read(schema, 0)
}

class SchemaReader {
  readonly #root: unknown

  constructor(root: unknown) {
    this.#root = root
  }

  read(given: unknown, depth: number): FieldSchema {
    const schema = this.#resolved(given)
    if (schema === undefined || depth > MAX_DEPTH) return ANY
    const values = 'const' in schema ? [schema['const']] : schema['enum']
    if (Array.isArray(values)) return enumOf(values)
    const choices = [schema['anyOf'], schema['oneOf']].find(Array.isArray) as readonly unknown[] | undefined
    if (choices !== undefined) {
      const rest = choices.filter((choice) => this.#resolved(choice)?.['type'] !== 'null')
      return rest.length === 1 ? this.read(rest[0], depth + 1) : ANY
    }
    switch (typeOf(schema)) {
      case 'integer':
        return integerOf(schema)
      case 'number':
        return { type: 'number', min: numberOf(schema['minimum']), max: numberOf(schema['maximum']) }
      case 'boolean':
        return { type: 'boolean' }
      case 'string':
        return stringOf(schema)
      case 'array':
        return {
          type: 'array',
          items: this.read(schema['items'], depth + 1),
          minItems: numberOf(schema['minItems']) ?? 0,
          maxItems: numberOf(schema['maxItems']),
        }
      case 'object':
        return this.#object(schema, depth)
      default:
        return ANY
    }
  }

  #object(schema: Plain, depth: number): FieldSchema {
    const { properties, required } = schema
    if (!isPlain(properties)) return ANY
    const names = new Set(Array.isArray(required) ? required : [])
    const fields = Object.entries(properties)
      .slice(0, MAX_FIELDS)
      .map(([name, property]): SchemaField => {
        const plain = this.#resolved(property)
        return {
          name,
          description: textOf(plain?.['description']) || textOf(plain?.['title']),
          isRequired: names.has(name),
          schema: this.read(property, depth + 1),
          initial: plain !== undefined && 'default' in plain ? jsonOf(plain['default']) : null,
        }
      })
    return { type: 'object', fields }
  }

  /** The schema itself, or what its `$ref` within the same document names. */
  #resolved(given: unknown): Plain | undefined {
    let schema = given
    for (let hop = 0; hop < MAX_DEPTH && isPlain(schema); hop++) {
      const ref = schema['$ref']
      if (typeof ref !== 'string') return schema
      if (!ref.startsWith('#')) return undefined
      const steps = ref
        .slice(1)
        .split('/')
        .slice(1)
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
      schema = steps.reduce<unknown>(
        (place, step) => (isPlain(place) && Object.hasOwn(place, step) ? place[step] : undefined),
        this.#root,
      )
    }
    return undefined
  }
}

function typeOf(schema: Plain): unknown {
  const { type } = schema
  if (Array.isArray(type)) {
    const others: unknown[] = type.filter((name) => name !== 'null')
    return others.length === 1 ? others[0] : undefined
  }
  return type ?? (isPlain(schema['properties']) ? 'object' : undefined)
}

function integerOf(schema: Plain): FieldSchema {
  const [least, most] = INTEGER_FORMATS[textOf(schema['format'])] ?? [null, null]
  return { type: 'integer', min: bigOf(schema['minimum']) ?? least, max: bigOf(schema['maximum']) ?? most }
}

function stringOf(schema: Plain): FieldSchema {
  const isHex = schema['format'] === 'hex' || schema['contentEncoding'] === 'base16'
  const maxLength = numberOf(schema['maxLength'])
  if (isHex) return { type: 'bytes', maxBytes: maxLength === null ? null : Math.floor(maxLength / 2) }
  return { type: 'string', minLength: numberOf(schema['minLength']) ?? 0, maxLength }
}

function enumOf(values: readonly unknown[]): FieldSchema {
  const known = values.filter((value): value is EnumValue => value === null || typeof value !== 'object')
  return known.length === values.length && known.length <= MAX_ENUM ? { type: 'enum', values: known } : ANY
}

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value)
    ? value
    : typeof value === 'bigint'
      ? Number(value)
      : null
const bigOf = (value: unknown): bigint | null =>
  typeof value === 'bigint'
    ? value
    : typeof value === 'number' && Number.isSafeInteger(value)
      ? BigInt(value)
      : typeof value === 'string' && /^-?\d{1,20}$/.test(value)
        ? BigInt(value)
        : null
const jsonOf = (value: unknown): string | null => {
  const text: unknown = JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'bigint' ? Number(item) : item,
  )
  return typeof text === 'string' ? text : null
}
