import type { Headers, LosslessJson } from '../../shared/model/trace'

/** A frame of the contract nests 100 levels at most, a few of which are its own. */
const MAX_LEVELS = 64
const DEEPER = '… (nested deeper)'

/**
 * Headers as the contract can carry them: integers beyond 2^53, which only exist as bigint, become their digits, and
 * what nests too deep is cut.
 */
export function screenHeaders(headers: Headers): Headers {
  return screenMap(headers, 1)
}

function screenMap(map: Headers, level: number): Headers {
  const shown = Object.create(null) as { [key: string]: LosslessJson }
  for (const [key, value] of Object.entries(map)) shown[key] = screenValue(value, level)
  return shown
}

function screenValue(value: LosslessJson, level: number): LosslessJson {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (level >= MAX_LEVELS) return DEEPER
  if (isList(value)) return value.map((item) => screenValue(item, level + 1))
  return screenMap(value, level + 1)
}

const isList = (value: readonly LosslessJson[] | Headers): value is readonly LosslessJson[] =>
  Array.isArray(value)
