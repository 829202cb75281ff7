import { type JSX, useEffect, useState } from 'react'
import type { WorkspaceKind } from '../../../shared/workspace/workspace-types'
import type { YamlData } from '../../../shared/workspace/write-yaml'
import { useApp } from '../../store/app-store'
import { linkWords } from '../../store/link-words'
import { selectLinks } from '../../store/links-slice'
import { useSession } from '../../store/session-context'
import { ComboBox } from '../../ui/ComboBox'
import { Segmented } from '../../ui/Segmented'
import {
  CACHE_OPERATIONS,
  cacheFields,
  inlineRoute,
  operationOf,
  type TaskFields,
  textOf,
  WHATS,
  WHENS,
  whatOf,
  whenOf,
  withFields,
  withWhat,
  withWhen,
} from './task-text'
import { taskTexts as t } from './texts'

interface TaskFormProps {
  readonly text: string
  readonly fields: TaskFields
  /** The line that is to blame; empty when none is. */
  readonly badField: string
  readonly saidId: string
  readonly onChange: (text: string) => void
}

const options = <T extends string>(values: readonly T[], labels: Readonly<Record<T, string>>) =>
  values.map((value) => ({ value, label: labels[value] }))

/** The lines of a task as fields. What is written in the file stays as it is written until a field is changed. */
export function TaskForm({ text, fields, badField, saidId, onChange }: TaskFormProps): JSX.Element {
  const links = useApp(selectLinks)
  const messages = useNames('messages')
  const snippets = useNames('snippets')
  const environments = useNames('environments')
  const when = whenOf(fields)
  const what = whatOf(fields)
  const cache = cacheFields(fields)
  const operation = operationOf(cache)
  const route = inlineRoute(fields)
  const set = (name: string, value: YamlData | undefined): void =>
    onChange(withFields(text, { [name]: value === '' ? undefined : value }))
  /** What a task must say stands in the file even while it is empty. */
  const need = (name: string, value: string): void => onChange(withFields(text, { [name]: value }))
  const setCache = (changes: Readonly<Record<string, YamlData | undefined>>): void =>
    onChange(withFields(text, { cache: { ...(cache as Record<string, YamlData>), ...changes } }))
  const field = (
    name: string,
    label: string,
    value: string,
    change: (value: string) => void,
    isMono = false,
  ) => (
    <Field
      label={label}
      value={value}
      isMono={isMono}
      isBad={badField === name}
      saidId={saidId}
      onChange={change}
    />
  )
  const choice = (
    name: string,
    label: string,
    items: readonly string[],
    change: (value: string) => void,
    placeholder = '',
  ) => (
    <div className="tasks-cell">
      <span aria-hidden="true">{label}</span>
      <span className={badField === name ? 'field bad' : 'field'}>
        <ComboBox
          label={label}
          value={textOf(fields[name])}
          options={items}
          placeholder={placeholder}
          isBad={badField === name}
          onChange={change}
        />
      </span>
    </div>
  )
  return (
    <div className="tasks-form scrolls" tabIndex={-1}>
      <fieldset>
        <legend>{t.when}</legend>
        <Segmented
          label={t.when}
          value={when}
          options={options(WHENS, t.whens)}
          onChange={(next) => onChange(withWhen(text, next))}
        />
        {field(
          when,
          t.fields[when],
          textOf(fields[when]),
          (value) => need(when, value),
          when === 'on' || when === 'cron',
        )}
        {when === 'every' &&
          field('jitter', t.fields.jitter, textOf(fields['jitter']), (value) => set('jitter', value))}
        {when === 'on' &&
          field('cooldown', t.fields.cooldown, textOf(fields['cooldown']), (value) => set('cooldown', value))}
      </fieldset>
      <fieldset>
        <legend>{t.what}</legend>
        <Segmented
          label={t.what}
          value={what}
          options={options(WHATS, t.whats)}
          onChange={(next) => onChange(withWhat(text, next))}
        />
        {what === 'send' &&
          (route === null ? (
            choice('send', t.fields.send, messages, (value) => need('send', value))
          ) : (
            <p className="t2">{t.inlineMessage(route)}</p>
          ))}
        {what === 'snippet' &&
          choice('snippet', t.fields.snippet, snippets, (value) => need('snippet', value))}
        {what === 'cache' && (
          <>
            <Segmented
              label={t.operation}
              value={operation}
              options={options(CACHE_OPERATIONS, t.operations)}
              onChange={(next) => {
                const key = textOf(cache[operation])
                const isSet = next === 'set'
                const cleared = {
                  set: undefined,
                  touch: undefined,
                  expire: undefined,
                  delete: undefined,
                  clear: undefined,
                }
                setCache({
                  ...cleared,
                  [next]: next === 'clear' ? true : operation === 'clear' ? '' : key,
                  value: isSet ? textOf(cache['value']) : undefined,
                  ttl: isSet ? textOf(cache['ttl']) || undefined : undefined,
                })
              }}
            />
            {operation !== 'clear' &&
              field(
                'cache',
                t.fields.key,
                textOf(cache[operation]),
                (key) => setCache({ [operation]: key }),
                true,
              )}
            {operation === 'set' && (
              <>
                {field('cache', t.fields.value, textOf(cache['value']), (value) => setCache({ value }), true)}
                {field('cache', t.fields.ttl, textOf(cache['ttl']), (ttl) =>
                  setCache({ ttl: ttl || undefined }),
                )}
              </>
            )}
          </>
        )}
      </fieldset>
      {what !== 'cache' && (
        <fieldset>
          <legend>{t.link}</legend>
          {choice(
            'link',
            t.fields.link,
            links.map((link) => linkWords(link).name),
            (value) => set('link', value),
            t.linkPlaceholder,
          )}
          {choice(
            'environment',
            t.fields.environment,
            environments,
            (value) => set('environment', value),
            t.optional,
          )}
          {field(
            'stop when',
            t.fields.stopWhen,
            textOf(fields['stop when']),
            (value) => set('stop when', value),
            true,
          )}
        </fieldset>
      )}
      <label className="tasks-check">
        <input
          type="checkbox"
          checked={fields['enabled'] !== false}
          onChange={(event) => set('enabled', event.target.checked ? undefined : false)}
        />
        {t.enabled}
      </label>
    </div>
  )
}

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly isMono: boolean
  readonly isBad: boolean
  readonly saidId: string
  readonly onChange: (value: string) => void
}

function Field({ label, value, isMono, isBad, saidId, onChange }: FieldProps): JSX.Element {
  return (
    <label className="tasks-cell">
      {label}
      <span className={isBad ? 'field bad' : 'field'}>
        <input
          className={isMono ? 'mono' : undefined}
          value={value}
          aria-invalid={isBad}
          aria-describedby={isBad ? saidId : undefined}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      </span>
    </label>
  )
}

/** Names of the files of a kind, as they are now. */
function useNames(kind: WorkspaceKind): readonly string[] {
  const { client } = useSession()
  const [names, setNames] = useState<readonly string[]>([])
  useEffect(
    () => client.subscribe('workspace', { kind }, ({ entries }) => setNames(entries.map(({ name }) => name))),
    [client, kind],
  )
  return names
}
