import type { ErrorCode } from '../../../shared/errors'
import type { LinkStatus } from '../../../shared/model/views'
import { state } from './finding-state'
import { RECENT_MS } from './link-tally'
import type { Check, Finding } from './problem-facts'
import { plural, shortBytes } from './problem-words'

/** What stands between us and the other side: ports, addresses, peers, and what a line does to bytes. */

const PORT_CHECKS: Partial<Record<ErrorCode, Finding['check']>> = {
  PORT_DENIED: 'port-denied',
  PORT_BUSY: 'port-busy',
  PORT_MISSING: 'port-missing',
  PORT_LOST: 'port-missing',
  PORT_OTHER_DEVICE: 'port-missing',
}

const pathOf = ({ url }: LinkStatus): string => url.replace(/^serial:/, '').split('?', 1)[0]!

export const checkPorts: Check = ({ links, ports }) =>
  links.flatMap((link): Finding[] => {
    const check = link.problem === null ? undefined : PORT_CHECKS[link.problem.code]
    if (link.problem === null || check === undefined || link.phase === 'connected') return []
    if (check === 'port-missing' && link.phase === 'closed') return [] // put away on purpose
    const port = ports.find(({ path }) => path === pathOf(link))
    // A closed link keeps its last problem; what the system says of the port is newer.
    if (link.phase === 'closed' && port !== undefined && port.problem === null) return []
    const told = port?.problem?.code === link.problem.code ? port.problem : null
    const { message, remedy } = told ?? link.problem
    const title = { 'port-denied': 'No access to', 'port-busy': 'Busy:', 'port-missing': 'Not there:' }[
      check as 'port-denied' | 'port-busy' | 'port-missing'
    ]
    return [
      {
        ...state(`${check}:${link.linkId}`, check, check === 'port-missing' ? 'warning' : 'error'),
        title: `${title} ${pathOf(link)}`,
        cause: message,
        remedy,
        command: told?.command || (check === 'port-denied' ? DIALOUT : ''),
        target: { to: 'link', linkId: link.linkId },
      },
    ]
  })

const DIALOUT = 'sudo usermod -aG dialout "$USER"'

const TRYING: ReadonlySet<string> = new Set(['opening', 'waiting', 'reconnecting', 'interrupted'])
const UNREACHED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'LINK_REFUSED',
  'LINK_UNREACHABLE',
  'LINK_OPEN_TIMEOUT',
  'LINK_ADDRESS_IN_USE',
  'LINK_ADDRESS_FORBIDDEN',
])

export const checkReach: Check = ({ links }) =>
  links.flatMap((link): Finding[] => {
    const { problem, phase, linkId, title } = link
    if (problem === null || !TRYING.has(phase) || !UNREACHED.has(problem.code)) return []
    return [
      {
        ...state(`link-refused:${linkId}`, 'link-refused', 'error'),
        title: `Nobody answers at ${title}`,
        cause: problem.message,
        remedy: problem.remedy,
        target: { to: 'link', linkId },
      },
    ]
  })

export const checkPeers: Check = ({ links }) =>
  links.flatMap((link): Finding[] => {
    const { problem, linkId, title, phase } = link
    const code = link.session?.phase === 'refused' ? link.session.code : (problem?.code ?? null)
    const isVersion = code === 'VERSION_MISMATCH'
    const isRefused = link.session?.phase === 'refused' || (code?.startsWith('AUTH_') ?? false)
    if (problem === null || phase === 'closed' || (!isVersion && !isRefused)) return []
    const check = isVersion ? 'peer-version' : 'peer-refused'
    return [
      {
        ...state(`${check}:${linkId}`, check, 'error'),
        title: isVersion ? `${title} speaks another version` : `${title} refuses`,
        cause: `${problem.code}: ${problem.message}`,
        remedy: problem.remedy,
        target: { to: 'link', linkId },
      },
    ]
  })

/** Shares of damaged frames at which the condition begins, and below which it ends. */
const DAMAGE_FROM = 0.01
const DAMAGE_TO = 0.002
/** On few frames a share says little. */
const MIN_DAMAGED = 3

export const checkDamage: Check = ({ links, tally, nowMs }, isStanding) =>
  links.flatMap((link): Finding[] => {
    const { linkId, title } = link
    const { count, lastCode } = tally.recentFaults(linkId, 'damaged', nowMs)
    if (tally.framesIn(linkId) === 0) return []
    const frames = tally.recentFrames(linkId, nowMs)
    const share = count / Math.max(1, frames + count)
    const id = `damaged-frames:${linkId}`
    const isBad = isStanding(id) ? share > DAMAGE_TO : count >= MIN_DAMAGED && share >= DAMAGE_FROM
    if (!isBad || count === 0) return []
    return [
      {
        ...state(id, 'damaged-frames', 'warning'),
        title: `Damaged frames on ${title}`,
        cause: `${count} of ${frames + count} frames in ${RECENT_MS / 1000} s (${(share * 100).toFixed(1)} %), last ${lastCode ?? ''}.`,
        remedy:
          'Check cable, ground and speed; a shorter cable or a lower speed shows whether it is the line.',
        target: { to: 'link', linkId },
        count,
      },
    ]
  })

export const checkLosses: Check = ({ links, tally, nowMs }) =>
  links.flatMap((link): Finding[] => {
    const { linkId, title } = link
    const target = { to: 'link', linkId } as const
    const lost = tally.recentFaults(linkId, 'lost', nowMs)
    const overrun = tally.recentFaults(linkId, 'overrun', nowMs)
    const unstored = tally.recentFaults(linkId, 'unstored', nowMs)
    const found: Finding[] = []
    if (lost.count > 0) {
      found.push({
        ...state(`lost-bytes:${linkId}`, 'lost-bytes', 'error'),
        title: `Bytes lost on ${title}`,
        cause: `${shortBytes(lost.lostBytes)} in ${plural(lost.count, 'gap')} during the last ${RECENT_MS / 1000} s, last ${lost.lastCode ?? ''}.`,
        remedy: 'Use flow control or a lower speed; on a socket, look at the program on the other side.',
        target,
        count: lost.count,
      })
    }
    if (overrun.count > 0) {
      found.push({
        ...state(`receive-overrun:${linkId}`, 'receive-overrun', 'error'),
        title: `Too many messages at once from ${title}`,
        cause: `${plural(overrun.count, 'message')} refused in ${RECENT_MS / 1000} s: the room for messages under way is full.`,
        remedy: 'Let the peer finish messages before it begins others.',
        target,
        count: overrun.count,
      })
    }
    if (unstored.count > 0) {
      found.push({
        ...state(`bodies-full:${linkId}`, 'bodies-full', 'error'),
        title: 'Large bodies cannot be stored',
        cause: `${plural(unstored.count, 'body', 'bodies')} of ${title} in ${RECENT_MS / 1000} s found no place on the disk.`,
        remedy: 'Free space on the disk of the workspace.',
        target,
        count: unstored.count,
      })
    }
    return found
  })
