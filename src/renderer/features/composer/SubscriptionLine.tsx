import type { JSX } from 'react'
import { peerErrorOf } from '../../../shared/model/peer-error'
import type { MessageDetail } from '../../../shared/model/views'
import type { Sent } from '../../store/composer-slice'
import { isUnderWay } from '../../store/detail-source'
import { useDetail, useSession } from '../../store/session-context'
import { useSessionNow } from '../../store/use-session-now'
import { formatDuration, formatElapsed } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { texts } from '../../ui/texts'
import { revealLine } from '../../ui/visible-text'
import { AnswersLink, useAnswerCount } from './Answers'
import { Expected } from './Expected'
import { Failure } from './Failure'
import { MessageLink } from './MessageLink'
import { texts as own } from './texts'

interface SubscriptionLineProps {
  readonly sent: Sent
  readonly detail: MessageDetail
}

/** A subscription: how many answers so far, the newest of them, and how it ended. */
export function SubscriptionLine({ sent, detail }: SubscriptionLineProps): JSX.Element {
  const count = useAnswerCount(detail.id) ?? 0
  if (isUnderWay(detail.status)) return <Open sent={sent} detail={detail} count={count} />
  // Who stops after the first answer has what was wanted.
  const isStopped = detail.code === 'REQUEST_CANCELLED' && count > 0
  if (detail.code !== null && !isStopped) {
    return (
      <>
        <Failure problem={{ code: detail.code, message: '', remedy: detail.remedy }} id={detail.id} />
        {count > 0 && <AnswersLink requestId={detail.id} words={own.answers(count)} />}
        <Newest detail={detail} />
      </>
    )
  }
  return (
    <>
      <Icon name="check" small tone="ok" />
      <MessageLink id={detail.id} />
      <span>{isStopped ? own.subscriptionStopped : ended(detail)}</span>
      {detail.partner !== null && sent.expect !== '' && (
        <Expected filter={sent.expect} answerId={detail.partner.id} />
      )}
      {count > 0 && <AnswersLink requestId={detail.id} words={own.answers(count)} />}
      <Newest detail={detail} />
    </>
  )
}

const ended = ({ roundTripMs, partner }: MessageDetail): string => {
  if (partner === null) return own.subscriptionEmpty
  return roundTripMs === null ? own.subscriptionEnded : own.subscriptionEndedIn(formatDuration(roundTripMs))
}

interface OpenProps extends SubscriptionLineProps {
  readonly count: number
}

/** *Stop* stands before what grows, so that it keeps its place. */
function Open({ sent, detail, count }: OpenProps): JSX.Element {
  const session = useSession()
  const nowMs = useSessionNow(100, true)
  const elapsed = formatElapsed(nowMs - detail.openedMs)
  return (
    <>
      <Icon name="wait" small />
      <MessageLink id={detail.id} />
      <button
        type="button"
        className="btn ghost sm"
        title={own.stopAnswers}
        onClick={() => session.cancel(detail.id)}
      >
        {own.stop}
      </button>
      {count === 0 ? (
        <span>{texts.composer.waiting(elapsed, formatElapsed(sent.timeoutMs))}</span>
      ) : (
        <>
          <AnswersLink requestId={detail.id} words={own.answersSoFar(count)} />
          <span>{own.subscribedFor(elapsed)}</span>
        </>
      )}
    </>
  )
}

/** The answer that came last; of one that tells of an error what it tells. */
function Newest({ detail: { partner } }: { readonly detail: MessageDetail }): JSX.Element | null {
  const answer = useDetail(partner === null ? null : partner.id)
  if (partner === null) return null
  const error = answer?.kind === 'known' ? peerErrorOf(answer.detail) : undefined
  return (
    <>
      <span className="t3">→</span>
      <MessageLink id={partner.id} />
      {error === undefined ? (
        <span className="preview ell">{partner.preview}</span>
      ) : (
        <span className="ell">{revealLine(error.message)}</span>
      )}
    </>
  )
}
