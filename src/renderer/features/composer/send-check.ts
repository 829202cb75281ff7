import type { LinkStatus } from '../../../shared/model/views'
import type { Draft } from '../../store/composer-slice'
import { messageOfDraft } from '../../store/draft-message'
import { stateWords } from '../../store/link-words'
import { isUsable } from '../../store/links-slice'
import type { Outgoing } from '../../store/session'
import { texts } from '../../ui/texts'
import type { BodyProblem, DraftBody } from './draft-body'

/** As much as the contract takes in one call. */
export const MAX_BODY_BYTES = 15 * 1024 * 1024
const MAX_TIMEOUT_MS = 3_600_000

export type SendCheck =
  | { readonly kind: 'ready'; readonly message: Outgoing }
  /** Not now, and why: nothing is wrong with what was typed. */
  | { readonly kind: 'blocked'; readonly reason: string }
  /** What was typed is wrong; the reason stands at its field. */
  | {
      readonly kind: 'invalid'
      readonly field: 'route' | 'timeout' | 'body'
      readonly reason: string
      readonly body?: BodyProblem
    }

/** Whether the draft can go out over this link, and as what. */
export function checkSend(
  draft: Draft,
  body: DraftBody,
  link: LinkStatus | undefined,
  formProblem: string | null = null,
): SendCheck {
  if (formProblem !== null) return { kind: 'invalid', field: 'body', reason: formProblem }
  if (!body.ok) return { kind: 'invalid', field: 'body', reason: body.problem.message, body: body.problem }
  if (body.bytes.length > MAX_BODY_BYTES) {
    return { kind: 'invalid', field: 'body', reason: texts.composer.tooLarge(MAX_BODY_BYTES) }
  }
  if (link === undefined) return { kind: 'blocked', reason: texts.composer.noLink }
  if (link.isListenOnly) {
    const isItsOwn = /[?&]listen=only\b/.test(link.url)
    return { kind: 'blocked', reason: isItsOwn ? texts.lock.composerLink : texts.lock.composer }
  }
  if (!isUsable(link)) {
    const reason =
      link.phase === 'listening'
        ? texts.composer.noPeer
        : texts.composer.notConnected(link.phase === 'connected' ? stateWords(link) : texts.phase[link.phase])
    return { kind: 'blocked', reason }
  }
  const isRaw = link.dialect === 'raw'
  const route = isRaw ? '' : draft.route.trim()
  if (!isRaw && route === '') {
    return { kind: 'invalid', field: 'route', reason: texts.composer.noRoute[draft.kind] }
  }
  const timeoutMs = isRaw || draft.kind === 'event' ? DEFAULT_TIMEOUT_MS : timeoutOf(draft.timeoutText)
  if (timeoutMs === undefined) return { kind: 'invalid', field: 'timeout', reason: texts.composer.badTimeout }
  const message = messageOfDraft(draft, timeoutMs, isRaw)
  return { kind: 'ready', message: { linkId: link.linkId, draft: message } }
}

const DEFAULT_TIMEOUT_MS = 30_000

/** Typed seconds as milliseconds; a comma is a decimal point in half of the world. */
export function timeoutOf(text: string): number | undefined {
  const trimmed = text.trim().replace(',', '.')
  if (!/^\d*\.?\d+$|^\d+\.$/.test(trimmed)) return undefined
  const ms = Math.round(Number(trimmed) * 1000)
  return ms >= 1 && ms <= MAX_TIMEOUT_MS ? ms : undefined
}
