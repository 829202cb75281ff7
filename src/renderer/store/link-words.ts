import type { LinkAddress } from '../../shared/model/link-url'
import { parseLinkUrl } from '../../shared/model/link-url'
import type { ErrorCode } from '../../shared/errors'
import type { LinkStatus } from '../../shared/model/views'
import { formatClock, formatDuration, groupDigits } from '../ui/format'
import type { IconName } from '../ui/icons'
import { texts } from '../ui/texts'
import { revealLine } from '../ui/visible-text'

/** How links are named on screen. */

const dialectName = (dialect: string): string => texts.dialect[dialect] ?? dialect

function place(address: LinkAddress): string {
  switch (address.scheme) {
    case 'serial': {
      const { dataBits, parity, stopBits } = address.framing
      return `${groupDigits(address.baud)} ${dataBits}${parity.charAt(0).toUpperCase()}${stopBits}`
    }
    case 'sim':
      return `${groupDigits(address.baud)} baud, simulated`
    case 'tcp':
    case 'udp':
      return `${address.host}:${address.port}${address.resource ?? ''}`
    case 'ws':
      return `${address.host}:${address.port}${address.path === '/' ? '' : address.path}`
    case 'tcp-listen':
    case 'ws-listen':
    case 'udp-listen':
      return `on ${address.host}:${address.port}`
  }
}

/** The title of a link in two parts: its name, and its settings with the protocol in words. */
export function linkWords({ title, scheme, dialect }: Pick<LinkStatus, 'title' | 'scheme' | 'dialect'>): {
  readonly name: string
  readonly settings: string
} {
  const [name = title, ...settings] = title.split(' · ')
  if (scheme === 'sim') settings.push(texts.link.simulated)
  return {
    name,
    settings: [...settings.filter((part) => part !== dialect), dialectName(dialect)].join(' · '),
  }
}

/** `115 200 8N1 · Netcore`; the address itself when it is of a kind this version does not know. */
export function describeUrl(url: string): string {
  try {
    const address = parseLinkUrl(url)
    return `${place(address)} · ${dialectName(address.dialect)}`
  } catch {
    return url
  }
}

export function iconOfUrl(url: string): IconName {
  if (url.startsWith('serial:')) return 'chip'
  return url.startsWith('sim:') ? 'flask' : 'net'
}

export type LinkTone = 'ok' | 'warn' | 'err' | 'ring'

export function toneOf(link: LinkStatus | undefined): LinkTone {
  if (link === undefined) return 'ring'
  switch (link.phase) {
    case 'listening':
      return 'ok'
    case 'connected':
      return sessionTone(link)
    case 'idle':
    case 'closed':
      return link.problem === null ? 'ring' : 'err'
    default:
      return 'warn'
  }
}

function sessionTone({ session }: LinkStatus): LinkTone {
  if (session === null || session.phase === 'ready') return 'ok'
  return session.phase === 'refused' ? 'err' : 'warn'
}

/** The state of a link in a word or two. Where its dialect shakes hands, connected is only what has done so. */
export function stateWords(link: LinkStatus): string {
  const { phase, session, problem, peers } = link
  if (phase === 'listening') return `${texts.phase.listening}, ${texts.link.peers(peers)}`
  if (phase === 'connected' && session !== null) return texts.session[session.phase]
  if (phase === 'closed' && problem !== null) return texts.link.closedBy(problem.code)
  return texts.phase[phase]
}

/** The state, and since when where that matters. */
export function stateSince(link: LinkStatus, startedAtMs: number): string {
  const { phase, session } = link
  const isQuiet = session?.phase === 'silent' || session?.phase === 'one-way'
  if (phase !== 'connected' || !isQuiet) return stateWords(link)
  return texts.link.down(stateWords(link), formatClock(startedAtMs, session.sinceMs))
}

/** Who is at the other end and how its clock stands; empty while that is not known. */
export function peerWords({ phase, session, clock }: LinkStatus): string {
  if (phase !== 'connected' || session === null) return ''
  const { peerIdentity, isResumed } = session
  return [
    ...(peerIdentity === '' ? [] : [texts.session.peer(revealLine(peerIdentity))]),
    ...(isResumed ? [texts.session.resumed] : []),
    ...(clock === null ? [] : [clockWords(clock)]),
  ].join(' · ')
}

/** `clock +0.3 ms ± 0.4 ms, drift 12 ppm`. */
export function clockWords({ offsetMs, uncertaintyMs, driftPpm }: NonNullable<LinkStatus['clock']>): string {
  const sign = offsetMs < 0 ? '−' : '+'
  const drift = driftPpm === null ? '' : `${Number(driftPpm.toPrecision(2))} ppm`
  return texts.session.clock(
    `${sign}${formatDuration(Math.abs(offsetMs))}`,
    formatDuration(uncertaintyMs),
    drift,
  )
}

/** A handshake that takes this long has met nobody: with a password it takes a second or two. */
export const SLOW_HANDSHAKE_MS = 3000

/** What stands in the way of a link that is connected, in a sentence; null while all is well. */
export function sessionTrouble(link: LinkStatus, nowMs: number): string | null {
  const { phase, session, problem } = link
  if (phase !== 'connected' || session === null || session.phase === 'ready') return null
  if (problem !== null) return problem.remedy
  switch (session.phase) {
    case 'silent':
      return texts.session.silentHint
    case 'one-way':
      return texts.session.oneWayHint
    default:
      return nowMs - session.sinceMs < SLOW_HANDSHAKE_MS ? null : texts.session.nobodyAnswers
  }
}

/** Another password, or one at all, would help. */
export const isAboutPassword = (code: ErrorCode): boolean => PASSWORD_CODES.has(code)

const PASSWORD_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'AUTH_REQUIRED',
  'AUTH_FAILED',
  'AUTH_NOT_DEMANDED',
  'PASSWORD_INVALID',
])
