import { type JsonValue, parseJsonValue } from '../../../../shared/schema/json-value'

export const EMPTY_FORM: JsonValue = { kind: 'object', members: [] }

/** An empty text is an empty object; null for what no form can show. */
export function parseFormValue(text: string): JsonValue | null {
  if (text.trim() === '') return EMPTY_FORM
  const value = parseJsonValue(text)
  return value?.kind === 'object' ? value : null
}
