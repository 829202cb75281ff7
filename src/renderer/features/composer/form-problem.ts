import { checkValue } from '../../../shared/schema/check-value'
import type { FieldSchema } from '../../../shared/schema/field-schema'
import { parseFormValue } from './form/form-value'

/** What keeps a form from being sent, in a few words; null for nothing. */
export function formProblemOf(schema: FieldSchema | null, text: string): string | null {
  const value = parseFormValue(text)
  if (schema === null || value === null) return null
  const [first] = checkValue(schema, value)
  return first === undefined ? null : `${first.path === '' ? '' : `${first.path}: `}${first.message}`
}
