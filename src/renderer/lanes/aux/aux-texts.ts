import type { TaskRunOutcome } from '../../../shared/model/tasks'
import { formatBytes, plural } from '../../ui/format'
import type { AuxCard, AuxHead, AuxKind, ModemLine } from './aux-types'

/** Words of the lanes below those of the messages, on the canvas, in the gutter and for screen readers. */
export const auxTexts = {
  kinds: {
    links: 'Link up and down',
    faults: 'Faults',
    notes: 'Markers and notes',
    tasks: 'Runs of tasks',
    cache: 'Ends in the cache',
    queue: 'Send queue',
    lines: 'Control lines',
  } satisfies Record<AuxKind, string>,
  names: {
    links: 'Link',
    faults: 'Faults',
    notes: 'Notes',
    tasks: 'Tasks',
    cache: 'Cache',
    queue: 'Send queue',
    lines: '',
  } satisfies Record<AuxKind, string>,
  name: ({ kind, line }: Pick<AuxHead, 'kind' | 'line'>) =>
    line === null ? auxTexts.names[kind] : line.toUpperCase(),
  value: ({ kind, value }: Pick<AuxHead, 'kind' | 'value'>) => {
    if (kind === 'queue') return value === 0 ? '0' : formatBytes(value)
    if (kind === 'lines') return value === 1 ? 'on' : 'off'
    return kind === 'links' ? '' : String(value)
  },
  group: 'What else happened',
  headHint: '← and → go from one to the next, ↑ and ↓ to another lane',
  leftOut: (count: number) => `${plural(count, 'lane')} left out`,
  leftOutHint: 'Make the pane higher, or hide others in the lanes menu',
  noMore: 'Nothing further in this lane',
  faults: (count: number) => (count === 1 ? 'Fault' : plural(count, 'fault')),
  cacheEnds: { expired: 'Expired', evicted: 'Made room' },
  fromCache: 'left the cache',
  entries: (count: number) => `${plural(count, 'entry', 'entries')} left the cache`,
  runs: (count: number) => plural(count, 'run'),
  run: (task: string, outcome: TaskRunOutcome) => `${task} ${outcome}`,
  late: 'Late',
  took: 'Took',
  at: 'At',
  within: 'Within',
  direction: 'Direction',
  directions: { in: 'received', out: 'sent' },
  on: 'On message',
  fromChosen: 'From the chosen one',
  noteKinds: { marker: 'Marker', note: 'Note' },
  link: (isUp: boolean) => (isUp ? 'Link up' : 'Link down'),
  down: 'Was down',
  waiting: (size: string) => `${size} waiting to be sent`,
  since: 'Since',
  most: 'At most',
  lineState: (line: ModemLine, state: boolean | null) =>
    `${line.toUpperCase()} ${state === null ? 'not known' : state ? 'on' : 'off'}`,
  lasted: 'Lasted',
  sentence: (lane: string, { title, rows }: Pick<AuxCard, 'title' | 'rows'>) =>
    [`${lane}: ${title}`, ...rows.map(([name, value]) => `${name} ${value}`)].join(', '),
} as const
