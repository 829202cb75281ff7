import { type JSX, useState } from 'react'
import { formatDuration, parseDuration } from '../../../shared/workspace/duration'
import type { BodyText, Responder, ResponderAnswer } from '../../../shared/workspace/workspace-types'
import { TextEditor } from '../../ui/editor/TextEditor'
import { Icon } from '../../ui/icons'
import { deviceTexts as t } from './texts'

const KINDS = ['json', 'msgpack', 'text', 'hex', 'file', 'echo', 'error', 'silence'] as const
type Kind = (typeof KINDS)[number]

interface ResponderFormProps {
  readonly responder: Responder
  readonly onChange: (responder: Responder) => void
  readonly onYaml: () => void
}

/** The usual responders in fields. What is half written stays in its field until it makes sense. */
export function ResponderForm({ responder, onChange, onYaml }: ResponderFormProps): JSX.Element {
  const { route, link, path, filter, delayMs, answer } = responder
  const [routeText, setRouteText] = useState(route)
  const [pathText, setPathText] = useState(path)
  const isPathBad = pathText !== '' && !pathText.startsWith('/')
  const [delayText, setDelayText] = useState(delayMs === 0 ? '' : formatDuration(delayMs))
  const isDelayBad = delayText !== '' && parseDuration(delayText) === undefined
  return (
    <div className="responder-form">
      <Field label={t.route} hint={t.routeHint} isBad={routeText === ''}>
        <input
          value={routeText}
          spellCheck={false}
          aria-invalid={routeText === ''}
          onChange={(event) => {
            setRouteText(event.target.value)
            if (event.target.value !== '') onChange({ ...responder, route: event.target.value })
          }}
        />
      </Field>
      <Field label={t.link} hint={t.linkHint}>
        <input
          value={link}
          placeholder={t.linkHint}
          spellCheck={false}
          onChange={(event) => onChange({ ...responder, link: event.target.value })}
        />
      </Field>
      <Field label={t.path} hint={isPathBad ? t.pathBad : t.pathHint} isBad={isPathBad}>
        <input
          value={pathText}
          placeholder={t.pathHint}
          aria-invalid={isPathBad}
          spellCheck={false}
          onChange={(event) => {
            const { value } = event.target
            setPathText(value)
            if (value === '' || value.startsWith('/')) onChange({ ...responder, path: value })
          }}
        />
      </Field>
      <Field label={t.when} hint={t.whenHint}>
        <input
          className="mono"
          value={filter}
          placeholder={t.whenHint}
          spellCheck={false}
          onChange={(event) => onChange({ ...responder, filter: event.target.value })}
        />
      </Field>
      <Field label={t.delay} hint={isDelayBad ? t.delayBad : t.delayHint} isBad={isDelayBad}>
        <input
          value={delayText}
          placeholder={t.delayHint}
          aria-invalid={isDelayBad}
          spellCheck={false}
          onChange={(event) => {
            setDelayText(event.target.value)
            const ms = event.target.value === '' ? 0 : parseDuration(event.target.value)
            if (ms !== undefined) onChange({ ...responder, delayMs: ms })
          }}
        />
      </Field>
      {answer.answer === 'sequence' ? (
        <div className="device-note">
          <span>{t.sequence}</span>
          <button type="button" className="btn sm" onClick={onYaml}>
            {t.toYaml}
          </button>
        </div>
      ) : (
        <AnswerFields answer={answer} onChange={(next) => onChange({ ...responder, answer: next })} />
      )}
    </div>
  )
}

interface FieldProps {
  readonly label: string
  readonly hint: string
  readonly isBad?: boolean
  readonly children: JSX.Element
}

const Field = ({ label, hint, isBad = false, children }: FieldProps): JSX.Element => (
  <label className={isBad ? 'field bad' : 'field'} title={hint}>
    <span className="lab">{label}</span>
    {children}
  </label>
)

type Single = Exclude<ResponderAnswer, { readonly answer: 'sequence' }>

const kindOf = (answer: Single): Kind => (answer.answer === 'body' ? answer.body.format : answer.answer)

interface AnswerFieldsProps {
  readonly answer: Single
  readonly onChange: (answer: Single) => void
}

function AnswerFields({ answer, onChange }: AnswerFieldsProps): JSX.Element {
  const kind = kindOf(answer)
  return (
    <>
      <label className="field">
        <span className="lab">{t.answer}</span>
        <select value={kind} onChange={(event) => onChange(turned(answer, event.target.value as Kind))}>
          {KINDS.map((each) => (
            <option key={each} value={each}>
              {t.kinds[each]}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </label>
      {answer.answer === 'echo' && <p className="t3">{t.echoHint}</p>}
      {answer.answer === 'silence' && <p className="t3">{t.silenceHint}</p>}
      {answer.answer === 'error' && (
        <>
          <Field label={t.code} hint={t.code} isBad={answer.code === ''}>
            <input
              value={answer.code}
              spellCheck={false}
              onChange={(event) => onChange({ ...answer, code: event.target.value || 'ERROR' })}
            />
          </Field>
          <Field label={t.message} hint={t.bodyHint}>
            <input
              value={answer.message}
              spellCheck={false}
              onChange={(event) => onChange({ ...answer, message: event.target.value })}
            />
          </Field>
        </>
      )}
      {answer.answer === 'body' && answer.body.format === 'file' && (
        <Field label={t.file} hint={t.file} isBad={answer.body.text === ''}>
          <input
            value={answer.body.text}
            spellCheck={false}
            onChange={(event) =>
              onChange({ ...answer, body: { format: 'file', text: event.target.value || ' ' } })
            }
          />
        </Field>
      )}
      {answer.answer === 'body' && answer.body.format !== 'file' && (
        <>
          <div className="responder-answer">
            <TextEditor
              label={t.body}
              language={answer.body.format === 'json' || answer.body.format === 'msgpack' ? 'json' : 'text'}
              size="fill"
              value={answer.body.text}
              onChange={(text) => onChange({ ...answer, body: { ...answer.body, text } as BodyText })}
            />
          </div>
          <p className="t3">{t.bodyHint}</p>
        </>
      )}
    </>
  )
}

/** The same answer in another way, with its text where it fits. */
function turned(answer: Single, kind: Kind): Single {
  if (kind === 'echo' || kind === 'silence') return { answer: kind }
  if (kind === 'error') return { answer: 'error', code: 'ERROR', message: '' }
  const before = answer.answer === 'body' ? answer : null
  const isJson = kind === 'json' || kind === 'msgpack'
  const wasJson = before?.body.format === 'json' || before?.body.format === 'msgpack'
  const text =
    before !== null && (isJson === wasJson || kind === 'text') ? before.body.text : isJson ? '{}' : ''
  return {
    answer: 'body',
    body: { format: kind, text: kind === 'file' ? 'answer.bin' : text },
    headers: before?.headers ?? {},
  }
}
