import type { LosslessJson } from '../../../shared/model/trace'

/** A header value as JSON text in which integers above 2^53 keep all their digits. */
export function losslessText(value: LosslessJson): string {
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(losslessText).join(', ')}]`
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${losslessText(field)}`)
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}

const isList = (value: object): value is readonly LosslessJson[] => Array.isArray(value)
