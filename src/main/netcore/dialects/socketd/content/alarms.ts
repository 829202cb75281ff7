import { lenientUtf8, utf8 } from '../../../../../shared/bytes'
import { peerErrorOf, STATUS_ERROR, STATUS_HEADER } from '../../../../../shared/model/peer-error'
import type { Headers } from '../../../../../shared/model/trace'
import { PRESSURE_CODE } from '../session/close-codes'
import type { FrameKind } from '../wire/flags'
import { checkMetaBytes, parseMeta } from '../wire/meta'
import { alarmNumber } from './error-codes'

/** The number that the library reads. */
const CODE_META = 'code'
/** Our own word, for peers that speak as we do. */
const ERROR_META = 'Error-Code'
/** Of the text of an alarm; longer ones are cut. */
const LARGEST_TEXT_BYTES = 32 * 1024

/** An error answer as the frame it becomes. */
export interface AlarmDraft {
  readonly kind: Extract<FrameKind, 'alarm' | 'pressure'>
  readonly meta: string
  readonly data: Uint8Array
}

/** @param sourceMeta - Metas of what is answered: the library repeats them. */
export function alarmDraft(code: string, text: string, sourceMeta: string): AlarmDraft {
  const number = alarmNumber(code)
  const own = String(number) === code ? '' : `&${ERROR_META}=${code.replace(/[^\w.-]/g, '_').slice(0, 100)}`
  const meta = `${CODE_META}=${number}${own}`
  const repeated = [...parseMeta(sourceMeta)]
    .filter(([name]) => name !== CODE_META && name !== ERROR_META)
    .map(([name, value]) => `&${name}=${value}`)
    .join('')
  const whole = `${meta}${repeated}`
  return {
    kind: number === PRESSURE_CODE ? 'pressure' : 'alarm',
    meta: fits(whole) ? whole : meta,
    data: utf8(text).subarray(0, LARGEST_TEXT_BYTES),
  }
}

/** What an error answer of ours says, as an alarm. */
export function alarmOfAnswer(headers: Headers, body: Uint8Array, sourceMeta: string): AlarmDraft {
  const { code, message } = peerErrorOf({ headers: { ...headers, [STATUS_HEADER]: STATUS_ERROR }, body })!
  return alarmDraft(code, message, sourceMeta)
}

export interface AlarmAnswer {
  /** As it stands on the wire; empty where there is none. */
  readonly number: string
  readonly text: string
  readonly headers: Headers
  readonly body: Uint8Array
}

/** An alarm of the peer in the form in which everybody above knows error answers, see `errorReply`. */
export function answerOfAlarm(meta: string, data: Uint8Array): AlarmAnswer {
  const metas = parseMeta(meta)
  const number = metas.get(CODE_META) ?? ''
  const code = metas.get(ERROR_META) ?? (number === '' ? 'ALARM' : number)
  const headers = Object.create(null) as Record<string, string>
  for (const [name, value] of metas) headers[name] = value
  headers[STATUS_HEADER] = STATUS_ERROR
  const text = lenientUtf8(data.subarray(0, LARGEST_TEXT_BYTES))
  const body = utf8(JSON.stringify({ error: text, code }))
  return { number, text, headers: Object.freeze(headers), body }
}

function fits(meta: string): boolean {
  try {
    checkMetaBytes(meta)
    return true
  } catch {
    return false
  }
}
