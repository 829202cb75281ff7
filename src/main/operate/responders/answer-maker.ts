import type { ConsoleError } from '../../../shared/errors'
import type { BodyText, MessageDraft, ResponderAnswer } from '../../../shared/workspace/workspace-types'
import { errorReply } from '../../netcore/endpoint/error-answer'
import type { MessageBody } from '../../netcore/pipe/message-body'
import type { Reply } from '../../netcore/stack-types'
import { fillTemplate } from './answer-template'
import { type AnswerMoment, placeholdersOf, type RequestFacts } from './request-facts'

/** Turns the text of a body into bytes. @throws ConsoleError what is wrong with the text, or with the file it names. */
export type BodyMaker = (body: BodyText) => MessageBody

/** An answer that is one: sequences are resolved. */
export type SingleAnswer = Exclude<ResponderAnswer, { readonly answer: 'sequence' }>

export type MadeAnswer =
  | { readonly kind: 'body' | 'echo'; readonly reply: Reply }
  | { readonly kind: 'error'; readonly reply: Reply; readonly code: string; readonly message: string }
  | { readonly kind: 'silence' }

/**
 * The answer number `index` (from 0) of a responder: sequences, also within sequences, count for themselves only in as far as
 * their turn comes, so that the same number always gives the same answer.
 */
export function answerAt(answer: ResponderAnswer, index: number): SingleAnswer {
  if (answer.answer !== 'sequence') return answer
  const { answers, isCyclic } = answer
  const last = answers.length - 1
  const turn = isCyclic ? index % answers.length : Math.min(index, last)
  const inner = isCyclic ? Math.floor(index / answers.length) : Math.max(0, index - last)
  const next = answers[turn]
  return next === undefined ? { answer: 'silence' } : answerAt(next, inner)
}

/** @param wholeBody - Of the request; as it lies, so that an echo of a large one needs no memory. */
export function makeAnswer(
  answer: SingleAnswer,
  request: RequestFacts,
  wholeBody: MessageBody,
  moment: AnswerMoment,
  makeBody: BodyMaker,
): MadeAnswer {
  switch (answer.answer) {
    case 'silence':
      return { kind: 'silence' }
    case 'echo':
      return { kind: 'echo', reply: { body: wholeBody } }
    case 'error': {
      const valueOf = placeholdersOf(request, moment)
      const message = fillTemplate(answer.message, false, valueOf)
      const { code } = answer
      return { kind: 'error', code, message, reply: errorReply({ code, message }, request.route) }
    }
    case 'body': {
      const valueOf = placeholdersOf(request, moment)
      const { format } = answer.body
      const isJson = format === 'json' || format === 'msgpack'
      const text = fillTemplate(answer.body.text, isJson, valueOf)
      const headers = filledHeaders(answer.headers, (header) => fillTemplate(header, false, valueOf))
      return { kind: 'body', reply: { body: makeBody({ format, text }), headers } }
    }
  }
}

const filledHeaders = (
  headers: MessageDraft['headers'],
  fill: (text: string) => string,
): MessageDraft['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? fill(value) : value]),
  )

/** What the peer hears when the answer cannot be made: it shall not wait for nothing. */
export const notMade = (name: string, problem: ConsoleError, route: string): Reply =>
  errorReply(
    { code: 'HANDLER_FAILED', message: `the responder ${name} made no answer: ${problem.message}` },
    route,
  )

/** What the peer hears when too many answers wait already. */
export const tooBusy = (route: string): Reply =>
  errorReply({ code: 'ENDPOINT_BUSY', message: 'too many answers wait for their delay' }, route)
