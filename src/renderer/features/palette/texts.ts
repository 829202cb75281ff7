import { groupDigits, plural } from '../../ui/format'

export const paletteTexts = {
  title: 'Commands',
  field: 'Find commands, routes, links, filters',
  placeholder: 'Type what you want to do, or  >  @  /  #  :',
  results: 'What was found',
  kinds: {
    command: 'Command',
    route: 'Route',
    link: 'Link',
    filter: 'Filter',
    message: 'Message',
    file: 'File',
    time: 'Time',
  },
  scopes: [
    ['>', 'commands'],
    ['@', 'routes'],
    ['/', 'filters'],
    ['#', 'message'],
    [':', 'time'],
  ],
  none: (text: string) => `Nothing is called “${text}”.`,
  noneHint: 'Try fewer letters, or one of the signs below.',
  noneOf: {
    all: 'Nothing can be done now.',
    command: 'No command can be used now.',
    route: 'No route has been seen yet. Messages bring them.',
    filter: 'No filter has been used or kept yet. Type one behind the slash.',
    message: 'Type the number of a message, such as #12.',
    time: 'Type a time of day, such as :10:42:07.5, or :-30s for half a minute ago.',
  },
  goneMessage: (id: string) => `No message #${id} is kept.`,
  badMessage: (text: string) => `“${text}” is no number of a message.`,
  badTime: (text: string) => `“${text}” is no time. Write 10:42:07.5, -30s or +2min.`,
  badFilter: 'This is no filter yet.',
  goToMessage: (id: number) => `Go to message #${groupDigits(id)}`,
  messageRange: (first: number, last: number) =>
    last < first ? 'No message is kept' : `#${groupDigits(first)} to #${groupDigits(last)} are kept`,
  goToTime: (clock: string) => `Go to ${clock}`,
  useFilter: 'Use this filter',
  byRoute: 'Show only this route',
  connect: 'Connect',
  chipOn: 'Switch on',
  chipOff: 'Switch off',
  usedFilter: 'Used before',
  found: (shown: number, total: number) =>
    total > shown
      ? `${plural(total, 'result')}, the first ${groupDigits(shown)} shown`
      : plural(total, 'result'),
  hints: { move: 'choose', run: 'run', close: 'close' },
} as const
