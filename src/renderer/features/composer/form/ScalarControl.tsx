import { type JSX, useState } from 'react'
import { isEnumValue } from '../../../../shared/schema/check-value'
import type { EnumValue, FieldSchema } from '../../../../shared/schema/field-schema'
import { type JsonValue, parseJsonValue, printJsonValue } from '../../../../shared/schema/json-value'
import { Icon } from '../../../ui/icons'
import { texts } from '../texts'

interface ScalarControlProps {
  readonly label: string
  readonly schema: FieldSchema
  readonly value: JsonValue | undefined
  readonly isBad: boolean
  readonly describedBy: string
  readonly onChange: (value: JsonValue | undefined) => void
}

/** The control of one value: a choice for few values, else a line of text. */
export function ScalarControl(props: ScalarControlProps): JSX.Element {
  const { label, schema, value, isBad, describedBy, onChange } = props
  if (schema.type === 'boolean' || schema.type === 'enum') {
    const values: readonly EnumValue[] = schema.type === 'boolean' ? [false, true] : schema.values
    const at = value === undefined ? -1 : values.findIndex((one) => isEnumValue(value, one))
    return (
      <span className={isBad ? 'field bad' : 'field'}>
        <select
          aria-label={label}
          aria-invalid={isBad}
          aria-describedby={describedBy}
          value={at}
          onChange={(event) => onChange(valueOf(values[Number(event.target.value)] ?? null))}
        >
          {at < 0 && <option value={-1}>{value === undefined ? texts.notSet : printJsonValue(value)}</option>}
          {values.map((one, index) => (
            <option key={String(one)} value={index}>
              {String(one)}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </span>
    )
  }
  return <LineControl {...props} />
}

/** What is typed stays as it is typed, also while it is no number yet; then it stands in the JSON as text. */
function LineControl({
  label,
  schema,
  value,
  isBad,
  describedBy,
  onChange,
}: ScalarControlProps): JSX.Element {
  const [typed, setTyped] = useState({ text: textOf(schema, value), value })
  // changed elsewhere, such as by undo or another route
  const text = typed.value === value || sameValue(typed.value, value) ? typed.text : textOf(schema, value)
  const change = (next: string): void => {
    const meant = meaning(schema, next)
    setTyped({ text: next, value: meant })
    onChange(meant)
  }
  const isNumber = schema.type === 'integer' || schema.type === 'number'
  return (
    <span className={isBad ? 'field bad' : 'field'}>
      <input
        className="mono"
        aria-label={label}
        aria-invalid={isBad}
        aria-describedby={describedBy}
        inputMode={isNumber ? 'decimal' : 'text'}
        spellCheck={false}
        value={text}
        onChange={(event) => change(event.target.value)}
      />
    </span>
  )
}

const sameValue = (left: JsonValue | undefined, right: JsonValue | undefined): boolean =>
  left !== undefined && right !== undefined && printJsonValue(left) === printJsonValue(right)

function textOf(schema: FieldSchema, value: JsonValue | undefined): string {
  if (value === undefined) return ''
  return value.kind === 'string' && schema.type !== 'any' ? value.text : printJsonValue(value)
}

function meaning({ type }: FieldSchema, text: string): JsonValue | undefined {
  if (type === 'string' || type === 'bytes') return { kind: 'string', text }
  if (text.trim() === '') return undefined
  const value = parseJsonValue(text)
  if (type === 'any') return value ?? { kind: 'string', text }
  return value?.kind === 'number' ? value : { kind: 'string', text }
}

const valueOf = (value: EnumValue): JsonValue =>
  typeof value === 'string'
    ? { kind: 'string', text: value }
    : typeof value === 'number'
      ? { kind: 'number', text: String(value) }
      : { kind: 'word', value }
