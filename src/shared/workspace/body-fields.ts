import { z } from 'zod'
import type { BodyText } from './workspace-types'
import type { YamlData } from './write-yaml'

const BODY_FORMATS = ['json', 'msgpack', 'text', 'hex', 'file'] as const

/** The body of a message in a file: one of these keys. JSON is written as YAML, or as a text that is JSON. */
export const bodyFields = {
  json: z.unknown().optional(),
  msgpack: z.unknown().optional(),
  text: z.string().optional(),
  hex: z.string().optional(),
  file: z.string().min(1).max(4096).optional(),
}

export interface WrittenBody {
  readonly json?: unknown
  readonly msgpack?: unknown
  readonly text?: string | undefined
  readonly hex?: string | undefined
  readonly file?: string | undefined
}

/** The body that the keys say; what is wrong with them, as text. */
export function bodyOf(written: WrittenBody): BodyText | string {
  const [format, ...others] = BODY_FORMATS.filter((name) => written[name] !== undefined)
  if (format === undefined) return 'says no body'
  if (others.length > 0) return `says the body ${others.length + 1} times: ${[format, ...others].join(', ')}`
  const value = written[format]
  if (typeof value === 'string') return { format, text: value }
  if (hasInexactNumber(value))
    return `has a number in ${format} that would lose digits; write the JSON as a text in quotes`
  return { format, text: JSON.stringify(value) }
}

/** Beyond these, the reader of YAML has rounded already. */
function hasInexactNumber(value: unknown): boolean {
  if (typeof value === 'number')
    return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInexactNumber)
}

/** The key and value of a body as a person would write them. */
export function writtenBody({ format, text }: BodyText): Readonly<Record<string, YamlData>> {
  if (format !== 'json' && format !== 'msgpack') return { [format]: text }
  return { [format]: yamlValueOf(text) ?? text }
}

/** What YAML shows as this JSON and gives back to the character; undefined for other text, which stays as it is written. */
function yamlValueOf(text: string): YamlData | undefined {
  try {
    const value = JSON.parse(text) as YamlData
    if (typeof value !== 'object' || value === null || hasInexactNumber(value)) return undefined
    return JSON.stringify(value) === text && !text.includes('"__proto__"') ? value : undefined
  } catch {
    return undefined
  }
}
