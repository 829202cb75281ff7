import { parseDocument } from 'yaml'
import { z } from 'zod'
import { type FieldSchema, readFieldSchema } from '../schema/field-schema'
import { type FileReading, readYaml } from './read-yaml'

/** What bodies on a route look like: for forms. */
export interface RouteSchema {
  /** A route as it is; with `*` at the end all that begin so. */
  readonly route: string
  readonly description: string
  readonly request: FieldSchema
}

const check = z.strictObject({
  route: z.string().min(1).max(1024),
  description: z.string().max(1000).default(''),
  /** JSON Schema, as far as `readFieldSchema` knows it. */
  request: z.record(z.string(), z.unknown()),
  /** Kept for readers; forms have no use for it. */
  response: z.record(z.string(), z.unknown()).optional(),
})

/** Reads a file of the folder `schemas`. Whole numbers of 64 bits keep their digits. */
export function parseSchema(text: string, file: string): FileReading<RouteSchema> {
  const reading = readYaml(text, file, check)
  if (reading.problem !== undefined) return reading
  const exact = parseDocument(text, { intAsBigInt: true }).toJS() as { readonly request?: unknown }
  const { route, description } = reading.value
  return { value: { route, description, request: readFieldSchema(exact.request) } }
}

/** Whether a schema is meant for a route. */
export const coversRoute = (pattern: string, route: string): boolean =>
  pattern.endsWith('*') ? route.startsWith(pattern.slice(0, -1)) : pattern === route
