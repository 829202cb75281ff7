import type { JSX, KeyboardEvent, MouseEvent, ReactNode } from 'react'
import { tryUtf8 } from '../../../shared/bytes'
import type { MessageDetail } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import type { InspectorTab } from '../../store/inspect-slice'
import type { DetailState } from '../../store/detail-source'
import { peerErrorOf } from '../../../shared/model/peer-error'
import { useDetail } from '../../store/session-context'
import { headerRows } from '../../store/draft-message'
import { useSessionNow } from '../../store/use-session-now'
import { formatDuration, formatElapsed } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { kindWord } from '../../ui/kind-word'
import { Tabs } from '../../ui/Tabs'
import { statusLook } from '../../ui/status-look'
import { texts } from '../../ui/texts'
import { revealLine } from '../../ui/visible-text'
import { CopyMenu } from './CopyMenu'
import { DiffTab } from './DiffTab'
import { HexTab } from './HexTab'
import { JsonTab } from './JsonTab'
import { ResizeHandle } from './ResizeHandle'
import { SummaryTab } from './SummaryTab'
import { TextTab } from './TextTab'
import { TreeTab } from './TreeTab'
import './inspector.css'

const TABS = (Object.keys(texts.inspector.tabs) as InspectorTab[]).map((value) => ({
  value,
  label: texts.inspector.tabs[value],
}))
const PANEL_ID = 'inspector-panel'
const t = texts.inspector

interface InspectorProps {
  /** Where the time of the message went: another feature draws it. */
  readonly timeTab?: (detail: MessageDetail) => ReactNode
  /** The same in short, for the summary. */
  readonly timeSummary?: (detail: MessageDetail) => ReactNode
}

/** The selected message, whole. */
export function Inspector({ timeTab, timeSummary }: InspectorProps): JSX.Element {
  const selectedId = useApp((s) => s.selectedId)
  const selectedBy = useApp((s) => s.selectedBy)
  const state = useDetail(selectedId)
  const tab = useApp((s) => s.inspectorTab)
  const { messageSelected, inspectorTabChosen } = useApp.getState()
  const focusList = (): void => document.querySelector<HTMLElement>('.list-grid')?.focus()
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    focusList()
  }
  const isOpen = selectedId !== null && selectedBy !== 'composer'
  return (
    <aside
      id="inspector"
      className={isOpen ? 'pane insp is-open' : 'pane insp'}
      aria-label={t.pane}
      data-pane="inspector"
      tabIndex={-1}
      onKeyDown={pressed}
      onClick={filteredOn}
    >
      <ResizeHandle />
      {state?.kind === 'known' && (
        <MessageHead
          detail={state.detail}
          onClose={() => {
            messageSelected(null, 'inspector')
            focusList()
          }}
        />
      )}
      <Tabs<InspectorTab>
        label={t.pane}
        value={tab}
        tabs={timeTab === undefined ? TABS.filter(({ value }) => value !== 'time') : TABS}
        panelId={PANEL_ID}
        onChange={inspectorTabChosen}
      />
      <div id={PANEL_ID} role="tabpanel" aria-label={t.tabs[tab]} className="insp-panel">
        <TabPanel
          tab={tab}
          state={state}
          {...(timeTab !== undefined && { timeTab })}
          {...(timeSummary !== undefined && { timeSummary })}
        />
      </div>
    </aside>
  )
}

/** Alt and a click filter on the value, with Shift they exclude it. */
function filteredOn(event: MouseEvent): void {
  if (!event.altKey || !(event.target instanceof Element)) return
  const filter = event.target.closest('[data-filter]')?.getAttribute('data-filter')
  if (filter !== null && filter !== undefined) useApp.getState().filterNarrowed(filter, event.shiftKey)
}

interface TabPanelProps extends InspectorProps {
  readonly tab: InspectorTab
  readonly state: DetailState | null
}

function TabPanel({ tab, state, timeTab, timeSummary }: TabPanelProps): ReactNode {
  if (state === null) {
    return (
      <div className="empty">
        <p>{t.empty}</p>
        <p>{t.emptyKeys}</p>
      </div>
    )
  }
  if (state.kind === 'loading') return null // comes within milliseconds: a word would only flash
  if (state.kind === 'failed') {
    return (
      <div className="empty">
        <p>{state.problem.code === 'MESSAGE_UNKNOWN' ? t.gone : state.problem.message}</p>
      </div>
    )
  }
  const { detail } = state
  switch (tab) {
    case 'summary':
      return <SummaryTab key={detail.id} detail={detail} timing={timeSummary?.(detail)} />
    case 'json':
      return <JsonTab key={detail.id} detail={detail} />
    case 'hex':
      return <HexTab key={detail.id} detail={detail} />
    case 'text':
      return <TextTab key={detail.id} detail={detail} />
    case 'tree':
      return <TreeTab key={detail.id} detail={detail} />
    case 'diff':
      return <DiffTab key={detail.id} detail={detail} />
    case 'time':
      return timeTab?.(detail) ?? null
  }
}

const ERROR_LOOK = { icon: 'x', tone: 'err' } as const

interface MessageHeadProps {
  readonly detail: MessageDetail
  readonly onClose: () => void
}

function MessageHead({ detail, onClose }: MessageHeadProps): JSX.Element {
  const { messageSelected } = useApp.getState()
  const partner = useDetail(detail.status === 'answered' && detail.partnerId !== 0 ? detail.partnerId : null)
  const isError =
    peerErrorOf(detail) !== undefined ||
    (partner?.kind === 'known' && peerErrorOf(partner.detail) !== undefined)
  const look = isError ? ERROR_LOOK : statusLook(detail)
  return (
    <header className="ih">
      <div className="l1">
        <span className="sw" data-hue={detail.hue} />
        <span className="ell">{detail.route === '' ? kindWord(detail) : revealLine(detail.route)}</span>
        <span className="t3">#{detail.id}</span>
        <span className="grow" />
        <CopyMenu detail={detail} />
        <AgainButton detail={detail} />
        <AnswerButton detail={detail} />
        <button
          type="button"
          className="btn ghost sm sq insp-close"
          title={t.close}
          aria-label={t.close}
          onClick={onClose}
        >
          <Icon name="x" />
        </button>
      </div>
      <div className="l2">
        <Icon name={look.icon} small {...(look.tone !== null && { tone: look.tone })} />
        <span className="ell">
          <StatusWords detail={detail} isError={isError} />
        </span>
        {detail.partnerId !== 0 && (
          <button
            type="button"
            className="textlink t3"
            onClick={() => messageSelected(detail.partnerId, 'inspector')}
          >
            {detail.kind === 'response' ? t.request(detail.partnerId) : t.reply(detail.partnerId)}
          </button>
        )}
      </div>
    </header>
  )
}

interface StatusWordsProps {
  readonly detail: MessageDetail
  readonly isError: boolean
}

function StatusWords({ detail, isError }: StatusWordsProps): JSX.Element {
  const isWaiting = detail.status === 'waiting'
  const nowMs = useSessionNow(100, isWaiting)
  if (isWaiting) return <>{`${t.status.waiting}, ${formatElapsed(nowMs - detail.openedMs)}`}</>
  if (detail.status === 'answered' && detail.roundTripMs !== null) {
    const duration = formatDuration(detail.roundTripMs)
    return <>{isError ? t.errorIn(duration) : t.answeredIn(duration)}</>
  }
  return <>{t.status[detail.status]}</>
}

/** A responder for the route of a request of the peer. */
function AnswerButton({ detail: { id, dir, kind } }: { readonly detail: MessageDetail }): JSX.Element | null {
  const { responderWished } = useApp.getState()
  if (dir !== 'in' || kind !== 'request') return null
  return (
    <button
      type="button"
      className="btn ghost sm sq"
      title={t.answerRoute}
      aria-label={t.answerRoute}
      onClick={() => responderWished({ wish: 'answer', messageId: id })}
    >
      <Icon name="reply" />
    </button>
  )
}

/** Takes the message over into the composer, when it is wholly at hand. */
function AgainButton({ detail }: { readonly detail: MessageDetail }): JSX.Element | null {
  const { draftChanged } = useApp.getState()
  if (detail.body.length < detail.doneBytes || detail.kind === 'response') return null
  const edit = (): void => {
    const text = tryUtf8(detail.body)
    const isJson = text !== undefined && /^\s*[[{"]/.test(text)
    draftChanged({
      route: detail.route,
      kind: detail.kind === 'event' ? 'event' : detail.isSubscription ? 'subscribe' : 'request',
      priority: detail.priority,
      headers: headerRows(detail.headers),
      format: text === undefined ? 'hex' : isJson ? 'json' : 'text',
      body: text ?? Array.from(detail.body, (byte) => byte.toString(16).padStart(2, '0')).join(' '),
    })
    document.getElementById('composer-body')?.focus()
  }
  return (
    <button type="button" className="btn ghost sm sq" title={t.again} aria-label={t.again} onClick={edit}>
      <Icon name="compose" />
    </button>
  )
}
