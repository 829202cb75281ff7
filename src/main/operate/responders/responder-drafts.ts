import { bodyTree } from '../../../shared/body/body-tree'
import { lenientUtf8, toHex } from '../../../shared/bytes'
import { asConsoleError, toWireError } from '../../../shared/errors'
import { peerErrorOf } from '../../../shared/model/peer-error'
import {
  MAX_SHOWN_ANSWER_BYTES,
  MAX_TESTED_ANSWERS,
  type ResponderTest,
  type ShownAnswer,
} from '../../../shared/model/responders'
import type { MessageDetail, Problem } from '../../../shared/model/views'
import { formatResponder, parseResponder, takesRoute } from '../../../shared/workspace/responder-file'
import type { BodyText, Responder, ResponderAnswer } from '../../../shared/workspace/workspace-types'
import type { Capture } from '../../capture/capture'
import { type MessageBody, releaseBody, retainBody, sliceBody } from '../../netcore/pipe/message-body'
import { answerAt, type BodyMaker, type MadeAnswer, makeAnswer } from './answer-maker'
import type { RequestFacts } from './request-facts'

/** Messages that are looked through for an example. */
const MAX_LOOKED_AT = 20_000
/** Of a body that becomes the answer of a new responder. */
const MAX_DRAFT_BYTES = 64 * 1024
const OWN_HEADERS: ReadonlySet<string> = new Set(['status', 'more', 'end'])

export interface DraftsOptions {
  readonly capture: Capture
  readonly nowIso: () => string
  readonly makeBody: BodyMaker
}

/** Shows what a responder would answer, and writes the first text of a new one from what passed before. */
export class ResponderDrafts {
  readonly #options: DraftsOptions

  constructor(options: DraftsOptions) {
    this.#options = options
  }

  /** @param messageId - The request that is taken as an example; null for the newest that the route takes. */
  test(name: string, text: string, messageId: number | null): ResponderTest {
    const reading = parseResponder(text, `responders/${name}.yaml`)
    if (reading.problem !== undefined) {
      return { problem: reading.problem, messageId: null, delayMs: 0, answers: [] }
    }
    const responder = reading.value
    const example = this.#example(messageId, responder)
    const request = example === undefined ? NO_REQUEST : factsOf(example, responder.route)
    const count = shownAnswers(responder.answer)
    const answers = Array.from({ length: count }, (_, index) => this.#shown(responder, request, index))
    return { problem: null, messageId: example?.id ?? null, delayMs: responder.delayMs, answers }
  }

  /**
   * A responder for the route of a received request. Its answer is the newest that was given on this route, else an empty one.
   *
   * @throws ConsoleError `MESSAGE_UNKNOWN`.
   */
  draft(messageId: number): { readonly name: string; readonly text: string } {
    const { route } = this.#options.capture.detail(messageId)
    const old = this.#newestAnswer(route)
    const responder: Responder = {
      isEnabled: true,
      route: route === '' ? '*' : route,
      link: '',
      path: '',
      delayMs: 0,
      filter: '',
      answer: old ?? { answer: 'body', body: { format: 'json', text: '{}' }, headers: {} },
    }
    return { name: nameOf(route), text: formatResponder(responder) }
  }

  #shown(responder: Responder, request: RequestFacts, index: number): ShownAnswer | Problem {
    const answer = answerAt(responder.answer, index)
    const moment = { count: index + 1, nowIso: this.#options.nowIso() }
    try {
      return shown(makeAnswer(answer, request, request.body, moment, this.#options.makeBody))
    } catch (error) {
      return toWireError(asConsoleError(error))
    }
  }

  #example(messageId: number | null, { route }: Responder): MessageDetail | undefined {
    const { capture } = this.#options
    if (messageId !== null) return capture.detail(messageId)
    return this.#newest((row) => row.dir === 'in' && row.kind === 'request' && takesRoute(route, row.route))
  }

  #newestAnswer(route: string): ResponderAnswer | undefined {
    const { capture } = this.#options
    const asked = this.#newest((row) => row.kind === 'request' && row.route === route && row.partnerId !== 0)
    if (asked === undefined) return undefined
    try {
      return answerOf(capture.detail(asked.partnerId))
    } catch {
      return undefined // it went from memory
    }
  }

  #newest(isWanted: (row: ReturnType<Capture['rows']>[number]) => boolean): MessageDetail | undefined {
    const { capture } = this.#options
    const count = capture.messageCount
    for (let to = count; to > Math.max(0, count - MAX_LOOKED_AT); to -= 500) {
      const from = Math.max(0, to - 500)
      const row = capture.rows(from, to - from).findLast(isWanted)
      if (row !== undefined) return capture.detail(row.id)
    }
    return undefined
  }
}

const NO_REQUEST: RequestFacts = { route: '', ref: '', headers: {}, body: new Uint8Array(0), bodyBytes: 0 }

const factsOf = ({ route, ref, headers, body, bodyBytes }: MessageDetail, pattern: string): RequestFacts => ({
  route: route === '' ? pattern : route,
  ref,
  headers,
  body,
  bodyBytes,
})

const shownAnswers = (answer: ResponderAnswer): number =>
  answer.answer === 'sequence' ? Math.min(MAX_TESTED_ANSWERS, answer.answers.length) : 1

function shown(made: MadeAnswer): ShownAnswer {
  const nothing = { headers: {}, code: '', message: '', body: new Uint8Array(0), bodyBytes: 0 }
  if (made.kind === 'silence') return { ...nothing, kind: 'silence' }
  const { body, headers = {} } = made.reply
  const bytes = { body: firstBytes(body), bodyBytes: body.byteLength, headers }
  if (made.kind === 'error')
    return { ...nothing, ...bytes, kind: 'error', code: made.code, message: made.message }
  return { ...nothing, ...bytes, kind: made.kind }
}

function firstBytes(body: MessageBody): Uint8Array {
  retainBody(body)
  try {
    return sliceBody(body, 0, Math.min(body.byteLength, MAX_SHOWN_ANSWER_BYTES))
  } finally {
    releaseBody(body)
  }
}

/** What was answered, as a responder would say it. Undefined when it is too long to be written by hand. */
function answerOf({ headers, body, bodyBytes, kind }: MessageDetail): ResponderAnswer | undefined {
  const error = peerErrorOf({ headers, body, kind })
  if (error !== undefined) return { answer: 'error', code: error.code, message: error.message }
  if (bodyBytes > MAX_DRAFT_BYTES || body.length < bodyBytes) return undefined
  const kept = Object.entries(headers).filter(
    ([name, value]) => !OWN_HEADERS.has(name) && (typeof value !== 'object' || value === null),
  )
  const own = Object.fromEntries(
    kept.map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value]),
  ) as Record<string, string | number | boolean | null>
  return { answer: 'body', body: textOf(body), headers: own }
}

function textOf(body: Uint8Array): BodyText {
  const { format } = bodyTree(body)
  if (format === 'json') return { format: 'json', text: lenientUtf8(body) }
  if (format === 'text' || format === 'empty') return { format: 'text', text: lenientUtf8(body) }
  return { format: 'hex', text: toHex(body) }
}

/** A name for the file of a route: what no system's files may be called becomes "-". */
function nameOf(route: string): string {
  const name = route.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '')
  return name === '' ? 'answer' : name.slice(0, 60)
}
