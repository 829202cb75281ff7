import type { Headers, LosslessJson } from '../../shared/model/trace'

const BYTES_PER_VALUE = 16
const MAX_DEPTH = 100

/**
 * What the texts and headers of a message take in memory, in bytes, roughly: strings count twice their length (one
 * character may take two bytes), every other value a little. Enough to bound what a peer can make us keep.
 */
export function headWeight(texts: readonly string[], headers: Headers): number {
  let bytes = weigh(headers, 0)
  for (const text of texts) bytes += text.length * 2
  return bytes
}

function weigh(value: LosslessJson, depth: number): number {
  if (typeof value === 'string') return BYTES_PER_VALUE + value.length * 2
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return BYTES_PER_VALUE
  let bytes = BYTES_PER_VALUE
  if (isList(value)) for (const item of value) bytes += weigh(item, depth + 1)
  else for (const key in value) bytes += key.length * 2 + weigh(value[key] ?? null, depth + 1)
  return bytes
}

const isList = (value: readonly LosslessJson[] | Headers): value is readonly LosslessJson[] =>
  Array.isArray(value)
