import { type JSX, type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { Priority } from '../../../shared/model/trace'
import { useApp } from '../../store/app-store'
import type { BodyFormat, SendKind } from '../../store/composer-slice'
import { linkWords } from '../../store/link-words'
import { isUsable, selectLinks, selectSendLink } from '../../store/links-slice'
import { useSession } from '../../store/session-context'
import { ComboBox } from '../../ui/ComboBox'
import { TextEditor } from '../../ui/editor/TextEditor'
import type { TextEditorHandle, TextProblem } from '../../ui/editor/text-editor-types'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { texts } from '../../ui/texts'
import { sendCost } from './cost'
import { convertDraft, type DraftBody, readDraftBody } from './draft-body'
import { Outcome } from './Outcome'
import { checkSend, type SendCheck } from './send-check'
import './composer.css'

const t = texts.composer
const FORMATS = (Object.keys(t.formats) as BodyFormat[]).map((value) => ({ value, label: t.formats[value] }))
const KINDS = (Object.keys(t.kinds) as SendKind[]).map((value) => ({ value, label: t.kinds[value] }))
const PRIORITIES = [0, 1, 2, 3, 4, 5, 6, 7] as const
/** Routes of the simulated device and of every demo endpoint. */
const DEMO_ROUTES = [
  'echo',
  'add',
  'slow',
  'big',
  'fail',
  'count',
  '/device/info',
  '/device/read',
  '/device/firmware',
]

/** Writing a message by hand, and what became of it. */
export function Composer(): JSX.Element {
  const session = useSession()
  const draft = useApp((s) => s.draft)
  const isSending = useApp((s) => s.isSending)
  const link = useApp(selectSendLink)
  const { draftChanged } = useApp.getState()
  const body = useMemo(() => readDraftBody(draft.format, draft.body), [draft.format, draft.body])
  const isLost = useApp((s) => s.host.kind === 'lost')
  const check: SendCheck = isLost ? { kind: 'blocked', reason: t.coreGone } : checkSend(draft, body, link)
  /** A field is not called wrong before the person tried to send. */
  const [hasTried, setHasTried] = useState(false)
  const [conversionNote, setConversionNote] = useState<string | null>(null)
  const editor = useRef<TextEditorHandle>(null)
  const problems = useMemo(() => problemsOf(body), [body])
  const isRaw = link?.dialect === 'raw'
  const isRequest = draft.kind === 'request' && !isRaw

  const send = (): void => {
    setHasTried(true)
    if (check.kind === 'ready' && !isSending) {
      session.send(check.message)
      setHasTried(false)
    } else if (check.kind === 'invalid' && check.body !== undefined) {
      editor.current?.focus(check.body.at)
    }
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.stopPropagation()
    send()
  }
  const changeFormat = (format: BodyFormat): void => {
    const converted = convertDraft(draft.format, format, draft.body)
    setConversionNote(converted.ok ? null : t.cannotConvert[converted.reason])
    if (converted.ok) draftChanged({ format, body: converted.text })
  }
  const isBad = (field: 'route' | 'timeout'): boolean =>
    hasTried && check.kind === 'invalid' && check.field === field

  return (
    <section className="pane comp" aria-label={t.pane} data-pane="composer" onKeyDown={pressed}>
      <div className="row">
        <LinkChoice />
        {isRaw ? (
          <span className="t2">{t.raw}</span>
        ) : (
          <>
            <span className={isBad('route') ? 'field route-field bad' : 'field route-field'}>
              <span className="lab">{t.route}</span>
              <RouteBox isBad={isBad('route')} />
            </span>
            <Segmented
              label={t.kindLabel}
              value={draft.kind}
              options={KINDS}
              onChange={(kind) => draftChanged({ kind })}
            />
          </>
        )}
        <label className="field priority-field" title={t.priorityHint}>
          <span className="lab">{t.priority}</span>
          <select
            value={draft.priority}
            onChange={(event) => draftChanged({ priority: Number(event.target.value) as Priority })}
          >
            {PRIORITIES.map((priority) => (
              <option key={priority}>{priority}</option>
            ))}
          </select>
          <Icon name="down" />
        </label>
        {isRequest && (
          <label className={isBad('timeout') ? 'field timeout-field bad' : 'field timeout-field'}>
            <span className="lab">{t.timeout}</span>
            <input
              inputMode="decimal"
              value={draft.timeoutText}
              aria-invalid={isBad('timeout')}
              onChange={(event) => draftChanged({ timeoutText: event.target.value })}
            />
            <span className="t3">{t.seconds}</span>
          </label>
        )}
        <span className="grow" />
        <Segmented label={t.formatLabel} value={draft.format} options={FORMATS} onChange={changeFormat} />
      </div>
      <div className="edit">
        <div className={body.ok ? 'code' : 'code bad'}>
          <TextEditor
            ref={editor}
            id="composer-body"
            isPaneFocus
            size="grow"
            language={draft.format === 'json' ? 'json' : 'text'}
            label={t.body}
            problems={problems}
            describedBy="composer-cost"
            placeholder={t.placeholder[draft.format]}
            value={draft.body}
            onChange={(text) => {
              setConversionNote(null)
              draftChanged({ body: text })
            }}
          />
          <CostLine
            check={check}
            hasTried={hasTried}
            note={conversionNote}
            bodyBytes={body.ok ? body.bytes.length : 0}
          />
        </div>
        <button
          type="button"
          className="btn primary"
          aria-disabled={check.kind !== 'ready' || isSending}
          aria-describedby="composer-cost"
          onClick={send}
        >
          {t.send}
          <kbd>Ctrl ⏎</kbd>
        </button>
      </div>
      <Outcome />
    </section>
  )
}

const problemsOf = (body: DraftBody): readonly TextProblem[] =>
  body.ok ? [] : [{ from: body.problem.at, to: body.problem.at + 1, message: body.problem.message }]

interface CostLineProps {
  readonly check: SendCheck
  readonly hasTried: boolean
  readonly note: string | null
  readonly bodyBytes: number
}

/** What it costs, or why it cannot go: always one line, so that nothing moves. */
function CostLine({ check, hasTried, note, bodyBytes }: CostLineProps): JSX.Element {
  const link = useApp(selectSendLink)
  const draft = useApp((s) => s.draft)
  const bytes = useDeferredValue(bodyBytes)
  if (check.kind === 'invalid' && (check.field === 'body' || hasTried)) {
    return (
      <span id="composer-cost" className="cost err" role="alert">
        <Icon name="x" small />
        {check.body === undefined ? check.reason : `${check.body.code}, ${check.reason}`}
      </span>
    )
  }
  if (note !== null) {
    return (
      <span id="composer-cost" className="cost" role="status">
        {note}
      </span>
    )
  }
  if (check.kind !== 'ready') {
    return (
      <span id="composer-cost" className="cost">
        {check.reason}
      </span>
    )
  }
  const cost = link === undefined ? null : sendCost({ route: draft.route, kind: draft.kind, bytes }, link)
  return (
    <span id="composer-cost" className="cost">
      {cost !== null && t.cost(cost)}
    </span>
  )
}

function RouteBox({ isBad }: { readonly isBad: boolean }): JSX.Element {
  const { rows } = useSession()
  const route = useApp((s) => s.draft.route)
  const sentRoutes = useApp((s) => s.sentRoutes)
  const isDemo = useApp((s) => selectSendLink(s)?.scheme === 'sim')
  const { draftChanged } = useApp.getState()
  const [seen, setSeen] = useState<readonly string[]>([])
  const options = useMemo(
    () => [...new Set([...sentRoutes, ...(isDemo ? DEMO_ROUTES : []), ...seen])],
    [sentRoutes, isDemo, seen],
  )
  return (
    <span className="grow route-box" onFocus={() => setSeen(rows.routes())}>
      <ComboBox
        label={t.route}
        value={route}
        options={options}
        placeholder={t.routePlaceholder}
        isBad={isBad}
        onChange={(next) => draftChanged({ route: next })}
      />
    </span>
  )
}

/** Which link to send over; only asked when there is a choice. */
function LinkChoice(): JSX.Element | null {
  const links = useApp(
    useShallow((s) =>
      selectLinks(s)
        .filter(isUsable)
        .map((link) => `${link.linkId} ${linkWords(link).name} · ${linkWords(link).settings}`),
    ),
  )
  const active = useApp((s) => selectSendLink(s)?.linkId)
  const { linkChosen } = useApp.getState()
  if (links.length < 2) return null
  return (
    <label className="field link-field">
      <span className="lab">{t.link}</span>
      <select value={active} onChange={(event) => linkChosen(Number(event.target.value))}>
        {links.map((link) => {
          const [linkId, ...title] = link.split(' ')
          return (
            <option key={linkId} value={linkId}>
              {title.join(' ')}
            </option>
          )
        })}
      </select>
      <Icon name="down" />
    </label>
  )
}
