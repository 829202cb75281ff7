import { type JSX, type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { Priority } from '../../../shared/model/trace'
import { useApp } from '../../store/app-store'
import type { BodyFormat, SendKind } from '../../store/composer-slice'
import { selectSendLink } from '../../store/links-slice'
import type { Outgoing } from '../../store/session'
import { useSession } from '../../store/session-context'
import { useConfirmRoutes } from '../../store/use-confirm-routes'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import type { TextEditorHandle } from '../../ui/editor/text-editor-types'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { texts } from '../../ui/texts'
import { BodyPane } from './BodyPane'
import { ComposerFoot } from './ComposerFoot'
import { CostLine } from './CostLine'
import { convertDraft, readDraftBody } from './draft-body'
import { formProblemOf } from './form-problem'
import { LinkChoice } from './LinkChoice'
import { OpenPart } from './OpenPart'
import { RouteBox } from './RouteBox'
import { checkSend, type SendCheck } from './send-check'
import { texts as own } from './texts'
import { useDraftCheck } from './use-draft-check'
import { useHistoryKeys } from './use-history-keys'
import { useRouteSchema } from './use-route-schema'
import './composer.css'

const t = texts.composer
const FORMATS = (Object.keys(t.formats) as BodyFormat[]).map((value) => ({ value, label: t.formats[value] }))
const KINDS = (Object.keys(t.kinds) as SendKind[]).map((value) => ({
  value,
  label: t.kinds[value],
  title: t.kindHints[value],
}))
const PRIORITIES = [0, 1, 2, 3, 4, 5, 6, 7] as const

/** Writing a message by hand, and what became of it. */
export function Composer(): JSX.Element {
  const session = useSession()
  const draft = useApp((s) => s.draft)
  const isSending = useApp((s) => s.isSending)
  const link = useApp(selectSendLink)
  const isLost = useApp((s) => s.host.kind === 'lost')
  const { draftChanged } = useApp.getState()
  const body = useMemo(() => readDraftBody(draft.format, draft.body), [draft.format, draft.body])
  const schemas = useRouteSchema(draft.route.trim(), link?.linkId ?? null)
  const formProblem = useMemo(
    () => (draft.format === 'form' ? formProblemOf(schemas.schema, draft.body) : null),
    [schemas.schema, draft.format, draft.body],
  )
  const coreCheck = useDraftCheck(draft, link)
  const confirmRoutes = useConfirmRoutes()
  const check: SendCheck = isLost
    ? { kind: 'blocked', reason: t.coreGone }
    : checkSend(draft, body, link, formProblem)
  /** A field is not called wrong before the person tried to send. */
  const [hasTried, setHasTried] = useState(false)
  const [conversionNote, setConversionNote] = useState<string | null>(null)
  const [asked, setAsked] = useState<Outgoing | null>(null)
  /** What stood in the field before a file took its place, and the other way round. */
  const [kept, setKept] = useState('')
  const editor = useRef<TextEditorHandle>(null)
  const historyKey = useHistoryKeys()
  const isRaw = link?.dialect === 'raw'
  const isAnswered = draft.kind !== 'event' && !isRaw

  const send = (): void => {
    setHasTried(true)
    if (check.kind === 'ready' && !isSending) {
      setHasTried(false)
      if (draft.confirms || confirmRoutes.asksFor(check.message.draft.route)) setAsked(check.message)
      else session.send(check.message)
    } else if (check.kind === 'invalid' && check.body !== undefined) editor.current?.focus(check.body.at)
  }
  const pressed = (event: KeyboardEvent): void => {
    const isCommand = event.ctrlKey || event.metaKey
    if (!isCommand || event.shiftKey || event.altKey) return
    if (event.key === 'Enter') send()
    else if (event.key.toLowerCase() === 'r') useApp.getState().partToggled('history')
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const changeFormat = (format: BodyFormat): void => {
    if ((format === 'file') !== (draft.format === 'file')) {
      setConversionNote(null)
      setKept(draft.body)
      draftChanged({ format, body: kept })
      return
    }
    const converted = convertDraft(draft.format, format, draft.body)
    setConversionNote(
      converted.ok
        ? null
        : converted.reason === 'loses'
          ? t.loses(converted.what)
          : t.cannotConvert[converted.reason],
    )
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
              <RouteBox isBad={isBad('route')} offered={schemas.routes} />
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
        {isAnswered && (
          <label
            className={isBad('timeout') ? 'field timeout-field bad' : 'field timeout-field'}
            title={draft.kind === 'subscribe' ? t.timeoutHintMany : t.timeoutHint}
          >
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
      <OpenPart check={check} />
      <div className="edit">
        <BodyPane
          ref={editor}
          body={body}
          isBad={!body.ok || (formProblem !== null && hasTried)}
          schemas={schemas}
          variables={coreCheck?.variables ?? []}
          onKey={historyKey}
          onEdited={() => setConversionNote(null)}
        >
          <CostLine
            check={check}
            core={coreCheck}
            hasTried={hasTried}
            note={conversionNote}
            bodyBytes={body.ok ? body.bytes.length : 0}
          />
        </BodyPane>
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
      <ComposerFoot confirmRoutes={confirmRoutes} />
      {asked !== null && (
        <ConfirmDialog
          title={own.confirmTitle(asked.draft.route)}
          why={draft.confirms ? own.confirmWhyMessage : own.confirmWhyRoute}
          act={own.confirmOnce}
          cancel={own.confirmCancel}
          onAct={() => session.send(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  )
}
