import { type JSX, useMemo } from 'react'
import { checkValue } from '../../../../shared/schema/check-value'
import type { FieldSchema } from '../../../../shared/schema/field-schema'
import { type JsonValue, printJsonValue } from '../../../../shared/schema/json-value'
import { texts } from '../texts'
import { FieldRows } from './FieldRows'
import { EMPTY_FORM, parseFormValue } from './form-value'
import './form.css'

interface SchemaFormProps {
  readonly schema: FieldSchema
  /** JSON text: what the form shows and changes. */
  readonly value: string
  readonly onChange: (value: string) => void
}

/**
 * A body filled in field by field. The JSON text is the truth: what the schema does not know stays in it, and the digits of
 * numbers are those that were typed.
 */
export function SchemaForm({ schema, value, onChange }: SchemaFormProps): JSX.Element {
  const json = useMemo(() => parseFormValue(value), [value])
  const problems = useMemo(
    () => new Map(checkValue(schema, json ?? undefined).map(({ path, message }) => [path, message])),
    [schema, json],
  )
  if (json === null || schema.type !== 'object') return <p className="form-note t2">{texts.notObject}</p>
  const change = (next: JsonValue | undefined): void => onChange(printJsonValue(next ?? EMPTY_FORM))
  return (
    <div className="schema-form scrolls" role="group" aria-label={texts.formEmpty}>
      <FieldRows fields={schema.fields} value={json} path="" problems={problems} onChange={change} />
    </div>
  )
}
