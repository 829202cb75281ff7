import type { Conversion, ConversionKind } from '../../../shared/model/exports'
import { formatBytes, groupDigits, plural } from '../../ui/format'

const OUTCOMES: Readonly<Record<ConversionKind, string>> = {
  export: 'Exported',
  import: 'Imported',
  trim: 'Trimmed to',
  redact: 'Redacted',
  pack: 'Packed',
}

export const convertTexts = {
  group: 'Export and import',
  exportTitle: (recording: string) => `Export ${recording}`,
  exportAction: 'Export…',
  importTitle: 'Import a file',
  importAction: 'Import…',
  formats: 'Format',
  bindings: 'How Wireshark finds the dissector',
  bindingNames: { user0: 'By link type USER0', 'upper-pdu': 'By name in each packet' },
  filter: 'Filter',
  filterHint: 'All messages, or for example msg.route == "telemetry.imu"',
  start: 'Export',
  close: 'Close',
  cancel: 'Cancel',
  again: 'Another export',
  dropHere: 'Drop a file here',
  choose: 'Choose a file',
  kinds: 'Recordings (.mcap), exports of this program (.pcapng, .jsonl), or bytes (.bin)',
  dialect: 'Dialect of the bytes',
  dialectNames: { lso: 'LSO', native: 'Native', raw: 'Raw' },
  bring: 'Import',
  unknownFile: (name: string) => `${name} cannot be imported: its ending is not known.`,
  emptyFile: (name: string) => `${name} is empty.`,
  chosen: (name: string, bytes: number) => `${name}, ${formatBytes(bytes)}`,
  progressName: (subject: string) => `Progress of ${subject}`,
  running: (percent: number) => `${percent} %`,
  save: (name: string) => `Save ${name}`,
  saving: (name: string) => `Saving ${name} …`,
  copyPath: (name: string) => ({
    none: `Copy the path of ${name}`,
    copied: 'Copied',
    failed: 'The system refused to copy',
  }),
  imported: (recording: string, entries: number) => `${recording}: ${plural(entries, 'entry', 'entries')}`,
  show: 'Show in the library',
  outcome: ({ state, kind, entries }: Conversion): string => {
    if (state === 'done') return `${OUTCOMES[kind]} ${plural(entries, 'entry', 'entries')}`
    return state === 'cancelled' ? 'Cancelled. Nothing was kept.' : 'Failed'
  },
  trimTitle: (recording: string) => `Trim ${recording}`,
  trimAction: 'Trim…',
  trimAbout: 'Writes what lies between two times to a new recording. This one stays as it is.',
  trimBar: 'Write A–B, or another part, to a recording of its own',
  trim: 'Trim',
  from: 'From',
  to: 'To',
  part: 'Part',
  timesHint: 'Times since the start of the recording: 01:30.500 or 1m30s.',
  noTime: (field: string) => `${field} is no time. Write 01:30.500 or 1m30s.`,
  badOrder: 'To has to come after From.',
  beyond: (length: string) => `The recording ends at ${length}: From has to come before.`,
  keeps: (kept: string, length: string) => `Keeps ${kept} of ${length}.`,
  lengthUnknown: 'The recording is being read: how long it is, is not known yet.',
  nothingToTrim:
    'Nothing can be read in it that has a length. Wait until it has ended, or recover it, and try again.',
  redactTitle: (recording: string) => `Redact ${recording}`,
  redactAction: 'Redact…',
  redactAbout:
    'Writes the recording to a new one with what the rules name masked, in bodies, in headers and in the bytes of the line. Names, routes and notes stay. This recording stays as it is.',
  redact: 'Redact',
  rules: 'Rules',
  rulesOfWorkspace: 'From redact.yaml of the workspace. What is changed here holds for this time alone.',
  rulesExample: 'The workspace has no redact.yaml: this is an example. Change it to what is to be masked.',
  preview: 'What would be masked',
  counting: 'Counting what would be masked…',
  previewOf: (messages: number, isWhole: boolean) =>
    isWhole
      ? `What would be masked, of ${plural(messages, 'message')}:`
      : `What would be masked, of the first ${groupDigits(messages)} messages (the rest was not counted):`,
  masked: (messages: number) => (messages === 0 ? 'no message' : plural(messages, 'message')),
  made: (recording: string) => `It is in the library as ${recording}.`,
  back: 'Back',
  fileLine: (name: string, bytes: number) => `${name} · ${formatBytes(bytes)}`,
}
