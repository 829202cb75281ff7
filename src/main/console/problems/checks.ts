import { plural, shortBytes, shortMs } from './problem-words'
import type { ConsoleError, ErrorCode } from '../../../shared/errors'
import { LOW_DISK_BYTES } from '../../../shared/model/recorder'
import type { StandingProblem } from '../../../shared/model/problems'
import type { LinkStatus, PortInfo } from '../../../shared/model/views'
import type { FileProblem, WorkspaceKind } from '../../../shared/workspace/workspace-types'
import { type LinkTally, RECENT_MS } from './link-tally'
import { checkSilence, checkUnreadable } from './silence-checks'
import { state } from './finding-state'

/** What is looked at. */
export interface ProblemFacts {
  readonly nowMs: number
  readonly links: readonly LinkStatus[]
  /** What the system says of ports; empty while nobody asked. */
  readonly ports: readonly PortInfo[]
  readonly tally: LinkTally
  /** How far the wall clock went away from the clock of the session lately; 0 when it did not. */
  readonly clockJumpMs: number
  readonly files: readonly {
    readonly kind: WorkspaceKind
    readonly name: string
    readonly problem: FileProblem
  }[]
  readonly responders: readonly {
    readonly name: string
    readonly failed: number
    readonly last: string
    readonly remedy: string
  }[]
  readonly cache: {
    readonly bytes: number
    readonly maxBytes: number
    readonly entries: number
    readonly maxEntries: number
  }
  readonly recorder: {
    /** Why the last recording ended by itself. */
    readonly problem: ConsoleError | null
    /** Of the one that runs. */
    readonly gaps: number
    readonly lostBytes: number
    /** Null where nothing is written, or the system does not tell. */
    readonly freeBytes: number | null
  }
  readonly evictedMessages: number
  readonly messages: number
  readonly droppedBodies: number
  /** Batches for screens that had to be made coarser lately. */
  readonly mergedBatches: number
}

export type Finding = Omit<StandingProblem, 'sinceMs'>
/** @param isStanding - Of an id: it is shown already, so that values at the edge do not flicker. */
export type Check = (facts: ProblemFacts, isStanding: (id: string) => boolean) => readonly Finding[]

const PORT_CHECKS: Partial<Record<ErrorCode, Finding['check']>> = {
  PORT_DENIED: 'port-denied',
  PORT_BUSY: 'port-busy',
  PORT_MISSING: 'port-missing',
  PORT_LOST: 'port-missing',
  PORT_OTHER_DEVICE: 'port-missing',
}

const pathOf = ({ url }: LinkStatus): string => url.replace(/^serial:/, '').split('?', 1)[0]!

const checkPorts: Check = ({ links, ports }) =>
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

const checkReach: Check = ({ links }) =>
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

const checkPeers: Check = ({ links }) =>
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

const checkDamage: Check = ({ links, tally, nowMs }, isStanding) =>
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

const checkLosses: Check = ({ links, tally, nowMs }) =>
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

const checkClock: Check = ({ clockJumpMs }) =>
  clockJumpMs === 0
    ? []
    : [
        {
          ...state('clock-jump', 'clock-jump', 'warning'),
          title: 'The clock of this computer jumped',
          cause: `By ${clockJumpMs > 0 ? '+' : '−'}${shortMs(Math.abs(clockJumpMs))}; times of day before and after do not fit together.`,
          remedy: 'Nothing is lost: intervals are right. Sleep, or a correction of the time, does this.',
          target: null,
        },
      ]

/** So long a run that was left out is spoken of. */
export const SKIPS_COUNT_MS = 60_000

const checkTasks: Check = ({ tally, nowMs }) =>
  tally.skippedRuns(nowMs, SKIPS_COUNT_MS).map(({ task, count }) => ({
    ...state(`task-overrun:${task}`, 'task-overrun', 'warning'),
    title: `Task ${task} leaves runs out`,
    cause: `${plural(count, 'run')} in the last ${SKIPS_COUNT_MS / 1000} s: the one before was still busy.`,
    remedy: 'Give it a longer interval, or let its runs wait or go in parallel (on overrun).',
    target: { to: 'page', page: 'tasks' },
    count,
  }))

/** Shares of the cache's room at which the condition begins, and below which it ends. */
const CACHE_FROM = 0.95
const CACHE_TO = 0.85

const checkCache: Check = ({ cache }, isStanding) => {
  const share = Math.max(cache.bytes / cache.maxBytes, cache.entries / cache.maxEntries)
  if (share < (isStanding('cache-full') ? CACHE_TO : CACHE_FROM)) return []
  return [
    {
      ...state('cache-full', 'cache-full', 'warning'),
      title: 'The cache is full',
      cause: `${shortBytes(cache.bytes)} of ${shortBytes(cache.maxBytes)}, ${cache.entries} of ${cache.maxEntries} entries: the oldest go.`,
      remedy: 'Delete entries that are not needed, or give them a shorter time to live.',
      target: { to: 'page', page: 'tasks' },
    },
  ]
}

const checkCapture: Check = ({ evictedMessages, messages, droppedBodies }) => {
  const found: Finding[] = []
  if (evictedMessages > 0) {
    found.push({
      ...state('capture-full', 'capture-full', 'info'),
      title: 'Memory holds the newest messages only',
      cause: `${plural(evictedMessages, 'older message')} went; ${messages} are kept.`,
      remedy: 'Clear the list to begin anew, or record to a file what must not go.',
      target: { to: 'page', page: 'live' },
      count: evictedMessages,
    })
  }
  if (droppedBodies > 0) {
    found.push({
      ...state('bodies-full', 'bodies-full', 'info'),
      title: 'Old bodies made room for new ones',
      cause: `${plural(droppedBodies, 'body', 'bodies')} went; their rows are kept.`,
      remedy: 'Clear the list to begin anew.',
      target: { to: 'page', page: 'live' },
      count: droppedBodies,
    })
  }
  return found
}

const checkScreens: Check = ({ mergedBatches }) =>
  mergedBatches === 0
    ? []
    : [
        {
          ...state('slow-consumer', 'slow-consumer', 'warning'),
          title: 'A screen does not keep up',
          cause: `${plural(mergedBatches, 'picture')} of the lanes had chunks drawn together in ${RECENT_MS / 1000} s. Nothing is lost in the capture.`,
          remedy: 'Close other windows of this session, or zoom out less.',
          target: { to: 'page', page: 'live' },
          count: mergedBatches,
        },
      ]

const checkFiles: Check = ({ files }) =>
  files.map(({ kind, name, problem }) => ({
    ...state(`workspace-file:${kind}/${name}`, 'workspace-file', 'warning'),
    title: `Mistake in ${problem.file}`,
    cause:
      problem.line === 0
        ? `${problem.message}.`
        : `Line ${problem.line}, column ${problem.column}: ${problem.message}.`,
    remedy: problem.remedy,
    target: { to: 'file', kind, name },
  }))

const checkResponders: Check = ({ responders }) =>
  responders.map(({ name, failed, last, remedy }) => ({
    ...state(`responder-failing:${name}`, 'responder-failing', 'warning'),
    title: `Responder ${name} makes no answer`,
    cause: `${plural(failed, 'answer')} failed, last: ${last}.`,
    remedy,
    target: { to: 'file', kind: 'responders', name },
    count: failed,
  }))

const checkRecording: Check = ({ recorder }) => {
  const { problem, gaps, lostBytes, freeBytes } = recorder
  const target = { to: 'page', page: 'recordings' } as const
  const found: Finding[] = []
  if (problem !== null) {
    found.push({
      ...state('recording-ended', 'recording-ended', 'error'),
      title: 'The recording ended',
      cause: `${problem.code}: ${problem.message}. Memory goes on.`,
      remedy: problem.remedy,
      target,
    })
  }
  if (gaps > 0) {
    found.push({
      ...state('recording-gaps', 'recording-gaps', 'warning'),
      title: 'The recording has gaps',
      cause: `${plural(gaps, 'gap')} with ${shortBytes(lostBytes)}: the disk was too slow. Each is written down where it is.`,
      remedy: 'Record to a faster disk, or less at a time.',
      target,
      count: gaps,
    })
  }
  if (freeBytes !== null && freeBytes < LOW_DISK_BYTES) {
    found.push({
      ...state('recording-space', 'recording-space', 'warning'),
      title: 'The disk of the recordings is nearly full',
      cause: `${shortBytes(freeBytes)} are free.`,
      remedy: 'Free some space, or stop the recording. What is written stays readable when the disk is full.',
      target,
    })
  }
  return found
}

export const CHECKS: readonly Check[] = [
  checkPorts,
  checkReach,
  checkPeers,
  checkSilence,
  checkUnreadable,
  checkDamage,
  checkLosses,
  checkScreens,
  checkClock,
  checkTasks,
  checkCache,
  checkCapture,
  checkFiles,
  checkResponders,
  checkRecording,
]
