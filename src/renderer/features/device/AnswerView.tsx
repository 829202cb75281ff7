import type { JSX } from 'react'
import { bodyTree } from '../../../shared/body/body-tree'
import { lenientUtf8, toHex } from '../../../shared/bytes'
import type { ResponderTest, ShownAnswer } from '../../../shared/model/responders'
import type { Problem } from '../../../shared/model/views'
import { formatDuration } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import { deviceTexts as t } from './texts'

const MAX_SHOWN_CHARACTERS = 4000

/** The answers that a responder would give, one below the other. */
export function AnswerView({ test }: { readonly test: ResponderTest }): JSX.Element {
  const { messageId, delayMs, answers } = test
  return (
    <section className="answer-view scrolls" aria-label={t.test}>
      <h3>
        {messageId === null ? t.testedNone : t.tested(messageId)}
        {delayMs > 0 && <span className="t3"> {t.after(formatDuration(delayMs))}</span>}
      </h3>
      <ol>
        {answers.map((answer, index) => (
          <li key={index}>{'kind' in answer ? <Shown answer={answer} /> : <Failed problem={answer} />}</li>
        ))}
      </ol>
    </section>
  )
}

const Failed = ({ problem }: { readonly problem: Problem }): JSX.Element => (
  <span className="err">
    <b className="b">{problem.code}</b> {revealLine(problem.message)}
  </span>
)

function Shown({ answer }: { readonly answer: ShownAnswer }): JSX.Element {
  const { kind, code, message, body, bodyBytes } = answer
  if (kind === 'silence') return <span className="t2">{t.silenceHint}</span>
  if (kind === 'error') {
    return (
      <span className="err">
        <b className="b">{revealLine(code)}</b> {revealLine(message)}
      </span>
    )
  }
  const isCut = body.length < bodyBytes
  return (
    <>
      <code className="mono selectable">{bodyBytes === 0 ? t.empty : textOf(body)}</code>
      <span className="t3">
        {' '}
        {t.bytes(bodyBytes)}
        {isCut && `, ${t.cut}`}
      </span>
    </>
  )
}

function textOf(body: Uint8Array): string {
  const { format } = bodyTree(body)
  const text = format === 'json' || format === 'text' ? lenientUtf8(body) : toHex(body.subarray(0, 1024))
  return revealLine(text.slice(0, MAX_SHOWN_CHARACTERS))
}
