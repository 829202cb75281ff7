/** JSON that keeps its numbers as they are written, its names in their order, and those that are repeated. */
export type JsonValue =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'word'; readonly value: boolean | null }
  | { readonly kind: 'array'; readonly items: readonly JsonValue[] }
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
export interface JsonMember {
  readonly name: string
  readonly value: JsonValue
}

const TOKEN = /[ \t\n\r]*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{}:,])/y

/** Reads text that is known to be JSON, nested no deeper than a hundred levels; undefined for what is none. */
export function parseJsonValue(text: string): JsonValue | undefined {
  let at = 0
  const next = (): string => {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(text)?.[1] ?? ''
    if (token !== '') at = TOKEN.lastIndex
    return token
  }
  const value = (token: string, depth: number): JsonValue => {
    if (depth > 100) throw new SyntaxError('too deep')
    const lead = token[0]
    if (lead === '"') return { kind: 'string', text: JSON.parse(token) as string }
    if (lead === '[') {
      const items: JsonValue[] = []
      for (let token = next(); token !== ']'; token = next() === ',' ? next() : ']')
        items.push(value(token, depth + 1))
      return { kind: 'array', items }
    }
    if (lead === '{') {
      const members: JsonMember[] = []
      for (let token = next(); token !== '}'; token = next() === ',' ? next() : '}') {
        const name = JSON.parse(token) as string
        next()
        members.push({ name, value: value(next(), depth + 1) })
      }
      return { kind: 'object', members }
    }
    if (token === 'true' || token === 'false') return { kind: 'word', value: token === 'true' }
    if (token === 'null') return { kind: 'word', value: null }
    if (token === '') throw new SyntaxError('no value')
    return { kind: 'number', text: token }
  }
  try {
    JSON.parse(text)
    return value(next(), 0)
  } catch {
    return undefined
  }
}

/** JSON text over several lines where it holds other values. */
export function printJsonValue(value: JsonValue, indent = ''): string {
  const inner = `${indent}  `
  switch (value.kind) {
    case 'number':
      return value.text
    case 'string':
      return JSON.stringify(value.text)
    case 'word':
      return String(value.value)
    case 'array':
      return value.items.length === 0
        ? '[]'
        : `[${value.items.map((item) => printJsonValue(item, indent)).join(', ')}]`
    case 'object':
      if (value.members.length === 0) return '{}'
      return `{\n${value.members
        .map(({ name, value: member }) => `${inner}${JSON.stringify(name)}: ${printJsonValue(member, inner)}`)
        .join(',\n')}\n${indent}}`
  }
}

/** A value by plain data, such as a default of a schema. */
export const memberOf = (value: JsonValue | undefined, name: string): JsonValue | undefined =>
  value?.kind === 'object' ? value.members.findLast((member) => member.name === name)?.value : undefined

/** The object with another value in this place, at its end when it is new; without it for undefined. */
export function withMember(
  object: JsonValue | undefined,
  name: string,
  value: JsonValue | undefined,
): JsonValue {
  const members = object?.kind === 'object' ? object.members : []
  const at = members.findLastIndex((member) => member.name === name)
  if (value === undefined) return { kind: 'object', members: members.filter((_, index) => index !== at) }
  if (at < 0) return { kind: 'object', members: [...members, { name, value }] }
  return { kind: 'object', members: members.with(at, { name, value }) }
}
