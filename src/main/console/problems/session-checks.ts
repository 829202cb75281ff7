import { LOW_DISK_BYTES } from '../../../shared/model/recorder'
import { state } from './finding-state'
import { RECENT_MS } from './link-tally'
import type { Check, Finding } from './problem-facts'
import { plural, shortBytes, shortMs } from './problem-words'

/** What stands wrong on our side: the computer, what the operator keeps, and what runs in the operator's name. */

export const checkClock: Check = ({ clockJumpMs }) =>
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

export const checkTasks: Check = ({ tally, nowMs }) =>
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

export const checkCache: Check = ({ cache }, isStanding) => {
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

export const checkCapture: Check = ({ evictedMessages, messages, droppedBodies }) => {
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

export const checkScreens: Check = ({ mergedBatches }) =>
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

export const checkFiles: Check = ({ files }) =>
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

export const checkResponders: Check = ({ responders }) =>
  responders.map(({ name, failed, last, remedy }) => ({
    ...state(`responder-failing:${name}`, 'responder-failing', 'warning'),
    title: `Responder ${name} makes no answer`,
    cause: `${plural(failed, 'answer')} failed, last: ${last}.`,
    remedy,
    target: { to: 'file', kind: 'responders', name },
    count: failed,
  }))

export const checkRecording: Check = ({ recorder }) => {
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
