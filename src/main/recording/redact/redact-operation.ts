import { tryUtf8, utf8 } from '../../../shared/bytes'
import { redactBody } from './redact-body'
import { type RedactionRule, rulesOf } from './redaction-rules'

/**
 * What the operator did, with its details masked by the rules of its route; where it has none, by all that name values or
 * look for a pattern. Null: it cannot be read, so nothing is known of it.
 */
export function redactOperation(data: Uint8Array, rules: readonly RedactionRule[]): Uint8Array | null {
  const entry = readJson(data) as { readonly operation?: unknown; readonly detail?: unknown } | undefined
  if (typeof entry?.operation !== 'string') return null
  const { operation, detail } = entry
  const route = (detail as { readonly route?: unknown } | null | undefined)?.route
  const concerned =
    typeof route === 'string'
      ? rulesOf(rules, route)
      : rules.filter((rule) => rule.body !== 'all' || rule.route === '*')
  const masked = readJson(redactBody(utf8(JSON.stringify(detail ?? null)), concerned))
  return utf8(JSON.stringify({ operation, detail: masked ?? null }))
}

/** Undefined for what is no JSON: a mask over all of it is none. */
function readJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(tryUtf8(data) ?? '') as unknown
  } catch {
    return undefined
  }
}
