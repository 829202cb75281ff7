import type { JSX } from 'react'
import type { CachedAnswer } from '../../../shared/model/cache'
import type { MessageDetail } from '../../../shared/model/views'
import { useApp } from '../../store/app-store'
import type { Sent } from '../../store/composer-slice'
import { isUnderWay } from '../../store/detail-source'
import { peerErrorOf } from '../../../shared/model/peer-error'
import { useDetail, useSession } from '../../store/session-context'
import { useSessionNow } from '../../store/use-session-now'
import { formatDuration, formatElapsed } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { texts } from '../../ui/texts'
import { revealLine } from '../../ui/visible-text'
import { AllAnswers } from './Answers'
import { Expected } from './Expected'
import { Failure } from './Failure'
import { MessageLink } from './MessageLink'
import { SubscriptionLine } from './SubscriptionLine'
import { texts as own } from './texts'

const t = texts.composer

/** What became of the message sent last: one line of constant height. */
export function Outcome(): JSX.Element {
  const sent = useApp((s) => s.sent)
  const problem = useApp((s) => s.sendProblem)
  const isSending = useApp((s) => s.isSending)
  const state = useDetail(sent?.messageId ?? null)
  return (
    <div className="outcome" role="status">
      {problem !== null ? (
        <Failure problem={problem} />
      ) : isSending ? (
        t.sending
      ) : sent === null ? (
        <span className="t3">{t.idle}</span>
      ) : sent.cached !== undefined ? (
        <FromCache answer={sent.cached} />
      ) : state?.kind === 'known' ? (
        <SentLine sent={sent} detail={state.detail} />
      ) : (
        <MessageLink id={sent.messageId} />
      )}
    </div>
  )
}

/** The answer was kept by a caching rule, and nothing went over the wire. */
function FromCache({ answer }: { readonly answer: CachedAnswer }): JSX.Element {
  const { key, ageMs, messageId, preview } = answer
  return (
    <>
      <Icon name="check" small tone="ok" />
      <span title={own.fromCacheHint(key)}>{own.fromCache(formatElapsed(ageMs))}</span>
      <span className="t3">→</span>
      {messageId !== null && <MessageLink id={messageId} />}
      <span className="preview ell">{revealLine(preview)}</span>
    </>
  )
}

function SentLine({ sent, detail }: { readonly sent: Sent; readonly detail: MessageDetail }): JSX.Element {
  if (sent.kind === 'subscribe') return <SubscriptionLine sent={sent} detail={detail} />
  if (isUnderWay(detail.status)) return <UnderWay sent={sent} detail={detail} />
  if (detail.status === 'answered' && detail.roundTripMs !== null) {
    return <Answered sent={sent} detail={detail} roundTripMs={detail.roundTripMs} />
  }
  if (detail.code !== null) {
    return (
      <>
        <Failure problem={{ code: detail.code, message: '', remedy: detail.remedy }} id={detail.id} />
        {detail.partner !== null && (
          <>
            <span className="t3">→</span>
            <MessageLink id={detail.partner.id} />
            <span className="preview ell">{detail.partner.preview}</span>
          </>
        )}
      </>
    )
  }
  return (
    <>
      <Icon name="check" small tone="ok" />
      <MessageLink id={detail.id} />
      <span>{t.sizeSent(detail.bodyBytes)}</span>
    </>
  )
}

interface AnsweredProps {
  readonly sent: Sent
  readonly detail: MessageDetail
  readonly roundTripMs: number
}

function Answered({ sent, detail, roundTripMs }: AnsweredProps): JSX.Element {
  const answer = useDetail(detail.partnerId === 0 ? null : detail.partnerId)
  const error = answer?.kind === 'known' ? peerErrorOf(answer.detail) : undefined
  const duration = formatDuration(roundTripMs)
  return (
    <>
      {answer?.kind === 'loading' ? (
        <Icon name="wait" small /> // whether it tells of an error is not known yet
      ) : error === undefined ? (
        <Icon name="check" small tone="ok" />
      ) : (
        <Icon name="x" small tone="err" />
      )}
      <MessageLink id={detail.id} />
      <span>{error === undefined ? t.answered(duration) : t.answeredError(duration)}</span>
      {detail.partner !== null && (
        <>
          {sent.expect !== '' && <Expected filter={sent.expect} answerId={detail.partner.id} />}
          <AllAnswers requestId={detail.id} />
          <span className="t3">→</span>
          <MessageLink id={detail.partner.id} />
          {error === undefined ? (
            <span className="preview ell">{detail.partner.preview}</span>
          ) : (
            <>
              <b className="b err">{revealLine(error.code)}</b>
              <span className="ell">{revealLine(error.message)}</span>
            </>
          )}
        </>
      )}
    </>
  )
}

function UnderWay({ sent, detail }: { readonly sent: Sent; readonly detail: MessageDetail }): JSX.Element {
  const session = useSession()
  const nowMs = useSessionNow(100, true)
  const isOnTheWay = detail.status === 'queued' || detail.status === 'sending'
  return (
    <>
      <Icon name="wait" small />
      <MessageLink id={detail.id} />
      <span>
        {isOnTheWay && detail.bodyBytes > 0
          ? t.progress(detail.doneBytes, detail.bodyBytes)
          : t.waiting(formatElapsed(nowMs - detail.openedMs), formatElapsed(sent.timeoutMs))}
      </span>
      <button type="button" className="btn ghost sm" onClick={() => session.cancel(detail.id)}>
        {t.cancel}
      </button>
    </>
  )
}
