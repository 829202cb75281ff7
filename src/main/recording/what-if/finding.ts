import type {
  RecordedLine,
  WhatIfCalibration,
  WhatIfGroup,
  WhatIfRow,
  WhatIfSettings,
  WhatIfSummary,
} from '../../../shared/model/what-if'
import { MIN_SHOWN_MS, shownMs, shownPercent } from '../../../shared/model/what-if-words'
import type { WhatIfGroups } from './figures'

export interface Found {
  readonly settings: WhatIfSettings
  readonly line: RecordedLine
  readonly used: WhatIfSummary['used']
  readonly groups: WhatIfGroups
  readonly rows: readonly WhatIfRow[]
  readonly calibration: WhatIfCalibration | null
  readonly unfinished: number
}

/** What is most worth knowing of a run, in one sentence with numbers. */
export function findingOf({ settings, line, used, groups, rows, calibration, unfinished }: Found): string {
  if (unfinished > 0) {
    return `${changeWords(settings, used)}, the line cannot carry this: ${unfinished} of ${rows.length} messages were not through in the time that was tried.`
  }
  if (!isChanged(settings, line)) {
    const total = groups.all.totalAfter.p95 - groups.all.totalBefore.p95
    const off =
      calibration === null
        ? ''
        : `; half of the messages take the same time within ${shownMs(calibration.total.p50)}, all within ${shownMs(calibration.total.max)}`
    return `Nothing is changed: sent again, the 95th percentile differs by ${shownMs(Math.abs(total))}${off}.`
  }
  const shifts = [...groups.routes].map((group) => shiftOf(group))
  const best = shifts.reduce<Shift | null>((a, b) => (b.ms < (a?.ms ?? -MIN_SHOWN_MS) ? b : a), null)
  const worst = shifts.reduce<Shift | null>((a, b) => (b.ms > (a?.ms ?? MIN_SHOWN_MS) ? b : a), null)
  const how = changeWords(settings, used)
  if (best === null && worst === null) return `${how}, nothing changes by more than ${shownMs(MIN_SHOWN_MS)}.`
  if (best === null) return `${how}, ${shiftWords(worst!)}, and nothing gets faster.`
  if (worst === null) return `${how}, ${shiftWords(best)}, and nothing gets slower.`
  return `${how}, ${shiftWords(best)}; ${shiftWords(worst)}.`
}

interface Shift {
  readonly group: WhatIfGroup
  readonly what: 'wait' | 'total'
  readonly before: number
  readonly after: number
  /** Of the whole time: what somebody notices. */
  readonly ms: number
}

/** By the 95th percentile. Told by the wait where that is most of the change. */
function shiftOf(group: WhatIfGroup): Shift {
  const total = group.totalAfter.p95 - group.totalBefore.p95
  const wait = group.waitAfter.p95 - group.waitBefore.p95
  const isWait = Math.sign(wait) === Math.sign(total) && Math.abs(wait) > Math.abs(total) / 2
  return isWait
    ? { group, what: 'wait', before: group.waitBefore.p95, after: group.waitAfter.p95, ms: total }
    : { group, what: 'total', before: group.totalBefore.p95, after: group.totalAfter.p95, ms: total }
}

function shiftWords({ group, what, before, after }: Shift): string {
  const verb = what === 'wait' ? 'waits' : 'takes'
  const percent = shownPercent(before, after)
  return `${group.route === '' ? 'the message without a route' : group.route} ${verb} ${shownMs(after)} instead of ${shownMs(before)} at the 95th percentile${percent === '' ? '' : ` (${percent})`}`
}

export const isChanged = (
  { baud, chunkBytes, aheadMs, priorities, policy }: WhatIfSettings,
  line: RecordedLine,
): boolean =>
  (baud !== null && baud !== line.baud) ||
  (chunkBytes !== null && (line.isChunkAutomatic || chunkBytes !== line.chunkBytes)) ||
  aheadMs !== null ||
  policy === 'time' ||
  Object.keys(priorities).length > 0

function changeWords(
  { baud, chunkBytes, aheadMs, priorities, policy }: WhatIfSettings,
  used: WhatIfSummary['used'],
): string {
  const routes = Object.entries(priorities)
  const [first] = routes
  const words = [
    baud === null ? '' : `at ${baud} baud`,
    chunkBytes === null ? '' : `with chunks of ${used.chunkBytes} bytes`,
    aheadMs === null ? '' : `with ${shownMs(aheadMs)} kept ahead`,
    first === undefined ? '' : `with ${first[0]} at priority ${first[1]}`,
    routes.length > 1 ? `and ${routes.length - 1} other routes changed` : '',
    policy === 'time' ? 'sent by time' : '',
  ].filter((word) => word !== '')
  const text = words.length === 0 ? 'as recorded' : words.join(' ')
  return `${text[0]!.toUpperCase()}${text.slice(1)}`
}
