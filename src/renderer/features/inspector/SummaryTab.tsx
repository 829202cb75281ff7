import type { JSX, ReactNode } from 'react'
import type { MessageDetail, MessageRow } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import { headerIs, textIs } from '../../store/filter-words'
import { kindWord } from '../../ui/kind-word'
import { linkWords } from '../../store/link-words'
import { selectLinks } from '../../store/links-slice'
import { peerErrorOf } from '../../../shared/model/peer-error'
import { formatClock, formatDuration, groupDigits } from '../../ui/format'
import { texts } from '../../ui/texts'
import { revealLine } from '../../ui/visible-text'
import { losslessText } from './lossless-text'
import { SummaryBody } from './SummaryBody'

const t = texts.inspector

interface SummaryTabProps {
  readonly detail: MessageDetail
  /** Where its time went, in short. */
  readonly timing: ReactNode
}

/** Everything about one message that fits on one page. */
export function SummaryTab({ detail, timing }: SummaryTabProps): JSX.Element {
  return (
    <div className="insp-panel scrolls" tabIndex={-1}>
      <Trouble detail={detail} />
      <Identity detail={detail} />
      {timing}
      <Headers detail={detail} />
      <SummaryBody detail={detail} />
      {detail.partner !== null && <Partner row={detail.partner} />}
    </div>
  )
}

function Trouble({ detail }: { readonly detail: MessageDetail }): JSX.Element | null {
  const said = peerErrorOf(detail)
  if (said !== undefined) {
    return (
      <div className="trouble" role="note">
        <b className="err">{revealLine(said.code)}</b>
        <p className="selectable">{said.message === '' ? t.errorAnswer : revealLine(said.message)}</p>
      </div>
    )
  }
  if (detail.code === null) return null
  const isSoft = detail.status === 'cancelled' || detail.status === 'interrupted'
  return (
    <div className={isSoft ? 'trouble soft' : 'trouble'} role="note">
      <b className={isSoft ? 'warn' : 'err'}>{detail.code}</b>
      <p className="selectable">{detail.remedy}</p>
    </div>
  )
}

function Identity({ detail }: { readonly detail: MessageDetail }): JSX.Element {
  const startedAtMs = useApp((s) => s.startedAtMs)
  const link = useApp((s) => selectLinks(s).find(({ linkId }) => linkId === detail.linkId))
  const isPartial = detail.doneBytes < detail.bodyBytes
  return (
    <dl className="kv selectable">
      <Fact name={t.time}>
        {formatClock(startedAtMs, detail.openedMs)}{' '}
        <span className="t3">{t.sinceStart(formatDuration(detail.openedMs))}</span>
      </Fact>
      <Fact
        name={t.kind}
        filter={detail.isSubscription ? 'msg.subscription == true' : textIs('msg.kind', detail.kind)}
      >
        {t.kindText(kindWord(detail), detail.priority, texts.list.dir[detail.dir])}
      </Fact>
      <Fact name={t.size}>
        {isPartial
          ? t.progress(detail.doneBytes, detail.bodyBytes)
          : t.sizeText(detail.bodyBytes, detail.chunks, detail.overheadBytes)}
      </Fact>
      {link !== undefined && (
        <Fact name={t.link} filter={textIs('link.name', linkWords(link).name)}>
          {link.title}
        </Fact>
      )}
      {detail.task !== '' && (
        <Fact name={t.task} filter={textIs('task.name', detail.task)}>
          {revealLine(detail.task)}
        </Fact>
      )}
      {(detail.ref !== '' || detail.correlationId !== '') && (
        <Fact name={t.id}>
          <span className="mono">
            {revealLine([detail.ref, detail.correlationId].filter((id) => id !== '').join(' · '))}
          </span>
        </Fact>
      )}
    </dl>
  )
}

interface FactProps {
  readonly name: string
  /** Holds for messages of which the same is true: Alt and a click filter on it. */
  readonly filter?: string
  readonly children: ReactNode
}

function Fact({ name, filter, children }: FactProps): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd data-filter={filter}>{children}</dd>
    </>
  )
}

function Headers({ detail }: { readonly detail: MessageDetail }): JSX.Element | null {
  const headers = Object.entries(detail.headers)
  if (headers.length === 0) return null
  return (
    <section className="sec">
      <h3>{t.headers}</h3>
      <div className="tree selectable">
        {headers.map(([key, value]) => (
          <div className="line" key={key} data-filter={headerIs(key, value)}>
            <span className="j-key">{revealLine(key)}</span>
            <span className="j-punctuation">: </span>
            {revealLine(losslessText(value))}
          </div>
        ))}
      </div>
    </section>
  )
}

function Partner({ row }: { readonly row: MessageRow }): JSX.Element {
  const { messageSelected } = useApp.getState()
  return (
    <section className="sec">
      <h3>
        {row.kind === 'response' ? t.replyTitle : t.requestTitle}
        <span className="r">
          <button type="button" className="textlink" onClick={() => messageSelected(row.id, 'inspector')}>
            #{row.id}
          </button>
          , {groupDigits(row.bodyBytes)} B
        </span>
      </h3>
      <div className="tree selectable">
        <div className="line">{row.preview}</div>
      </div>
    </section>
  )
}
