import { formatDuration, groupDigits, plural } from '../../ui/format'
import type { NamedBlockers } from '../worker-protocol'
import type { LaneTwin, TwinLane, TwinMessage } from './twin-types'

/** Words of the lanes as a table. */
export const twinTexts = {
  region: 'Lanes as a table',
  table: 'Messages in view, lane by lane',
  eventsTable: 'What else happened in view',
  columns: ['Message', 'Kind', 'Priority', 'From', 'Lasted', 'Chunks', 'Waited', 'Blocked by', 'Status'],
  eventColumns: ['Lane', 'When', 'What', 'Facts'],
  lane: ({ dir, label, isPinned, messages }: TwinLane, link: string) =>
    [
      `${isPinned ? 'Pinned: ' : ''}${label}`,
      dir === 'out' ? 'sent' : 'received',
      ...(link === '' ? [] : [link]),
      messages.length === 0 ? 'nothing in view' : plural(messages.length, 'message'),
    ].join(', '),
  empty: 'No message is in view. Home goes to the oldest, End to the newest.',
  noEvents: 'Nothing else happened in view.',
  leftOut: (count: number) => `${groupDigits(count)} older not listed: zoom in with W`,
  lasted: ({ fromMs, toMs }: TwinMessage) => (toMs === null ? 'goes on' : formatDuration(toMs - fromMs)),
  waited: (waitMs: number | null) => (waitMs === null ? '–' : formatDuration(waitMs)),
  chunks: groupDigits,
  blockers: (blockers: NamedBlockers) =>
    blockers.blockers.length === 0
      ? 'nobody'
      : blockers.blockers
          .map(({ messageId, route, ms }) => `${route || 'frames'} #${messageId} ${formatDuration(ms)}`)
          .join(', '),
  askBlockers: 'told when selected',
  summary: ({ messages, lanes, events }: LaneTwin, span: string, isFollowing: boolean) =>
    `${plural(messages, 'message')} in ${plural(lanes.length, 'lane')}, ${plural(events.length, 'other event')}, ` +
    `${span} visible, ${isFollowing ? 'following' : 'standing still'}`,
} as const
