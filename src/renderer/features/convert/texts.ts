import type { Conversion } from '../../../shared/model/exports'
import { formatBytes, plural } from '../../ui/format'

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
    const what = kind === 'import' ? 'Imported' : 'Exported'
    if (state === 'done') return `${what} ${plural(entries, 'entry', 'entries')}`
    return state === 'cancelled' ? 'Cancelled. Nothing was kept.' : 'Failed'
  },
  fileLine: (name: string, bytes: number) => `${name} · ${formatBytes(bytes)}`,
}
