import { formatBytes, groupDigits, plural } from '../../ui/format'

export const recorderTexts = {
  group: 'Recording',
  toggle: 'Record, or stop recording',
  save: 'Save the last minutes',
  saveLast: (minutes: number) => `Save the last ${plural(minutes, 'minute')}`,
  words: 'recorder capture file mcap flight memory past',
  record: 'Record',
  start: (keys: string) => `Record everything from now on (${keys})`,
  stop: (keys: string) => `Stop recording (${keys})`,
  running: (elapsed: string, size: string, gaps: number) =>
    [`Stop recording: ${elapsed}, ${size}`, ...(gaps > 0 ? [plural(gaps, 'gap')] : [])].join(', '),
  ending: 'Finishing',
  saving: (share: number) => `Saving ${Math.round(share * 100)} %`,
  ended: 'Recording ended',
  endedHint: (message: string, remedy: string) => `${message}. ${remedy}`,
  again: 'Record again',
  gaps: (count: number) => plural(count, 'gap'),
  gapsHint: (entries: number, bytes: number) =>
    `The disk was too slow: ${plural(entries, 'entry', 'entries')} with ${formatBytes(bytes)} are missing, and each gap says so.`,
  menu: 'Save from memory',
  menuLabel: (reach: string | null) =>
    reach === null ? 'Nothing has passed yet' : `Memory reaches back ${reach}`,
  shortReach: 'a few seconds',
  settings: 'Recording settings…',
  library: 'Show the library',
  dismiss: 'Forget why the last one ended',
  status: 'Recording',
  statusHint: (recording: string, entries: number, durable: number, free: string | null) =>
    [
      recording,
      `${plural(entries, 'entry', 'entries')}, ${groupDigits(durable)} on the disk`,
      ...(free === null ? [] : [`${free} free`]),
    ].join('\n'),
  free: (free: string) => `${free} free`,
  recorded: (bytes: number, files: number) =>
    files > 1
      ? `Recorded ${formatBytes(bytes)} in ${plural(files, 'file')}`
      : `Recorded ${formatBytes(bytes)}`,
  saved: (bytes: number) => `Saved ${formatBytes(bytes)}`,
  recovered: 'Recording recovered',
  left: 'Recording of another program left alone',
  failed: 'Recording ended',
  failedPart: 'Recording not recovered',
  recoveredFacts: (name: string, lost: number) =>
    lost > 0 ? `${name}, ${plural(lost, 'entry', 'entries')} missing` : name,
  show: 'Show in library',
} as const
