import type { Retention } from '../../../shared/model/library'
import type { LibraryItem } from './library-item'

const DAY_MS = 86_400_000

export interface Removal {
  readonly item: LibraryItem
  readonly why: 'age' | 'size'
}

/**
 * What a retention removes at a moment: what is older than it allows, then the oldest until the others fit. Pinned recordings
 * stay and count, what is being written and what could not be read stays: nobody has seen it yet.
 *
 * @param nowMs - Milliseconds since 1970.
 */
export function retentionPlan(
  items: readonly LibraryItem[],
  { maxAgeDays, maxBytes }: Retention,
  nowMs: number,
): Removal[] {
  const removals: Removal[] = []
  const staying: LibraryItem[] = []
  for (const item of items) {
    const isOld = maxAgeDays !== null && item.endedAtMs < nowMs - maxAgeDays * DAY_MS
    if (isOld && isRemovable(item)) removals.push({ item, why: 'age' })
    else staying.push(item)
  }
  if (maxBytes === null) return removals
  let bytes = staying.reduce((sum, { row }) => sum + row.fileBytes, 0)
  for (const item of staying.filter(isRemovable).toSorted((a, b) => a.endedAtMs - b.endedAtMs)) {
    if (bytes <= maxBytes) break
    bytes -= item.row.fileBytes
    removals.push({ item, why: 'size' })
  }
  return removals
}

const isRemovable = ({ row }: LibraryItem): boolean => !row.isPinned && row.state === 'whole'
