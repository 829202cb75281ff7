import { groupDigits, plural } from '../../ui/format'

/** Words of the page of problems. */
export const problemsTexts = {
  title: 'Problems',
  count: (count: number) => (count === 0 ? 'none' : plural(count, 'condition')),
  hidden: (count: number) => `and ${groupDigits(count)} more`,
  loading: 'Looking…',
  none: 'Nothing is wrong',
  noneHint: 'A problem leaves this page by itself once its cause is gone. Checked every second:',
  checks: [
    'access to ports, and who holds them',
    'devices and servers that do not answer, refuse, or speak another version',
    'silence, and bytes without frames',
    'damaged frames, lost bytes, too many messages at once',
    'screens that do not keep up, jumps of the clock',
    'tasks that leave runs out, responders without an answer, a full cache',
    'limits of memory, and bodies without a place',
    'mistakes in files of the workspace',
  ],
  severity: { error: 'Error', warning: 'Warning', info: 'Note' },
  since: (clock: string) => `since ${clock}`,
  times: (count: number) => `${groupDigits(count)}×`,
  remedy: 'Remedy',
  copy: 'Copy the command',
  copied: 'Copied',
  go: {
    link: 'Show the link',
    filter: 'Show the messages',
    file: 'Open the file',
    page: 'Show',
  },
} as const
