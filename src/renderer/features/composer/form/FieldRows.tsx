import { type JSX, useId } from 'react'
import { initialValue, schemaWords } from '../../../../shared/schema/check-value'
import type { FieldSchema, SchemaField } from '../../../../shared/schema/field-schema'
import { type JsonValue, memberOf, parseJsonValue, withMember } from '../../../../shared/schema/json-value'
import { Icon } from '../../../ui/icons'
import { texts } from '../texts'
import { ScalarControl } from './ScalarControl'

interface FieldRowsProps {
  readonly fields: readonly SchemaField[]
  readonly value: JsonValue
  /** Where the object stands: empty for the whole body. */
  readonly path: string
  readonly problems: ReadonlyMap<string, string>
  readonly onChange: (value: JsonValue | undefined) => void
}

/** The fields of an object, one below the other; what may be left out can be added and left out again. */
export function FieldRows({ fields, value, path, problems, onChange }: FieldRowsProps): JSX.Element {
  return (
    <>
      {fields.map((field) => {
        const place = path === '' ? field.name : `${path}.${field.name}`
        const member = memberOf(value, field.name)
        const change = (next: JsonValue | undefined): void => onChange(withMember(value, field.name, next))
        return member === undefined && !field.isRequired ? (
          <AbsentField key={field.name} field={field} onAdd={() => change(firstValue(field))} />
        ) : (
          <FieldRow
            key={field.name}
            label={field.name}
            hint={field.description}
            schema={field.schema}
            value={member}
            path={place}
            problems={problems}
            canRemove={!field.isRequired}
            onChange={change}
          />
        )
      })}
    </>
  )
}

const firstValue = ({ initial, schema }: SchemaField): JsonValue =>
  (initial === null ? undefined : parseJsonValue(initial)) ?? initialValue(schema)

function AbsentField({
  field,
  onAdd,
}: {
  readonly field: SchemaField
  readonly onAdd: () => void
}): JSX.Element {
  return (
    <div className="form-row">
      <span className="form-label t3 ell" title={field.description}>
        {field.name}
      </span>
      <span className="form-control">
        <button
          type="button"
          className="btn ghost sm"
          aria-label={texts.addField(field.name)}
          onClick={onAdd}
        >
          <Icon name="plus" small />
          {texts.notSet}
        </button>
      </span>
      <span className="form-hint t3 ell">{schemaWords(field.schema)}</span>
    </div>
  )
}

interface FieldRowProps {
  readonly label: string
  readonly hint: string
  readonly schema: FieldSchema
  readonly value: JsonValue | undefined
  readonly path: string
  readonly problems: ReadonlyMap<string, string>
  readonly canRemove: boolean
  readonly onChange: (value: JsonValue | undefined) => void
}

function FieldRow(props: FieldRowProps): JSX.Element {
  const { label, hint, schema, value, path, problems, canRemove, onChange } = props
  const hintId = useId()
  const problem = problems.get(path)
  const isGroup = schema.type === 'object' || schema.type === 'array'
  const remove = canRemove && (
    <button
      type="button"
      className="btn ghost sm sq"
      aria-label={texts.removeField(path)}
      title={texts.removeField(path)}
      onClick={() => onChange(undefined)}
    >
      <Icon name="x" small />
    </button>
  )
  const note = (
    <span id={hintId} className={problem === undefined ? 'form-hint t3 ell' : 'form-hint err ell'}>
      {problem ?? (hint === '' ? schemaWords(schema) : `${schemaWords(schema)} · ${hint}`)}
    </span>
  )
  if (!isGroup) {
    return (
      <div className="form-row">
        <span className="form-label ell" title={hint === '' ? label : hint}>
          {label}
        </span>
        <span className="form-control">
          <ScalarControl
            label={path}
            schema={schema}
            value={value}
            isBad={problem !== undefined}
            describedBy={hintId}
            onChange={onChange}
          />
          {remove}
        </span>
        {note}
      </div>
    )
  }
  return (
    <div className="form-group" role="group" aria-label={path}>
      <div className="form-row">
        <span className="form-label ell">{label}</span>
        <span className="form-control">
          {schema.type === 'array' && (
            <button
              type="button"
              className="btn ghost sm"
              aria-label={texts.addItem(path)}
              onClick={() =>
                onChange({ kind: 'array', items: [...itemsOf(value), initialValue(schema.items)] })
              }
            >
              <Icon name="plus" small />
              {itemsOf(value).length}
            </button>
          )}
          {remove}
        </span>
        {note}
      </div>
      <div className="form-inner">
        {schema.type === 'object' ? (
          <FieldRows
            fields={schema.fields}
            value={value ?? { kind: 'object', members: [] }}
            path={path}
            problems={problems}
            onChange={onChange}
          />
        ) : (
          <ItemRows {...props} items={itemsOf(value)} itemSchema={schema.items} />
        )}
      </div>
    </div>
  )
}

const itemsOf = (value: JsonValue | undefined): readonly JsonValue[] =>
  value?.kind === 'array' ? value.items : []

interface ItemRowsProps extends FieldRowProps {
  readonly items: readonly JsonValue[]
  readonly itemSchema: FieldSchema
}

function ItemRows({ items, itemSchema, path, problems, onChange }: ItemRowsProps): JSX.Element[] {
  return items.map((item, index) => (
    <FieldRow
      // an entry has no name but its place
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      key={index}
      label={`${index + 1}`}
      hint=""
      schema={itemSchema}
      value={item}
      path={`${path}[${index + 1}]`}
      problems={problems}
      canRemove
      onChange={(next) =>
        onChange({
          kind: 'array',
          items: next === undefined ? items.filter((_, at) => at !== index) : items.with(index, next),
        })
      }
    />
  ))
}
