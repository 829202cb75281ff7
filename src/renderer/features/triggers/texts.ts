import type { TriggerMoment, TriggerRecording } from '../../../shared/model/triggers'
import { groupDigits, plural } from '../../ui/format'

/** Words of the triggers. */
export const triggerTexts = {
  title: 'Triggers',
  snippet: 'Run snippet',
  noSnippet: 'None',
  recording: 'Recording',
  recordings: { none: 'Leave it', start: 'Start it', stop: 'Stop it' } satisfies Record<
    TriggerRecording,
    string
  >,
  recordingHint: 'Where it runs already, or does not run, nothing happens.',
  saveMemory: 'Save the last',
  saveCount: 'Minutes to save',
  minutes: 'min',
  saveHint: 'From the flight recorder, as a recording of its own. One trigger saves every 10 s at most.',
  saveBad: 'A whole number of minutes from 1 to 1 440.',
  hint: 'When a message matches: a row in the list, and what you choose here.',
  close: 'Close (Esc)',
  add: 'New trigger',
  list: 'Triggers of this workspace',
  loading: 'Reading triggers…',
  none: 'No triggers yet',
  noneHint: 'A trigger watches for messages while you look elsewhere.',
  enabled: (name: string) => `${name} is at work`,
  fired: (count: number) => `${groupDigits(count)}×`,
  counts: (fired: number, matched: number) => `Fired ${times(fired)}, matched ${times(matched)}`,
  never: 'never',
  off: 'off',
  spent: 'done',
  spentHint: 'It fired its one time. Save it to arm it again.',
  skipped: (count: number) =>
    `${plural(count, 'message')} could not be held against triggers: they came too fast, or went before.`,
  mute: 'Mute sounds',
  unmute: 'Sounds are muted',

  newTitle: 'New trigger',
  name: 'Name',
  namePlaceholder: 'Too hot',
  filter: 'Filter',
  filterPlaceholder: 'body.temp >= 80 and msg.route == "telemetry"',
  filterHint: 'The same language as in the list.',
  filterMissing: 'Write a filter. msg.id > 0 holds for every message.',
  filterAt: (from: number, message: string) => `Character ${from + 1}: ${message}.`,
  suggestion: (text: string) => `Use ${text}`,
  test: 'Test',
  testing: 'Looking through the messages kept…',
  tested: (matched: number, tested: number) =>
    matched === 0
      ? `Would not have fired on any of ${plural(tested, 'message')}.`
      : `Would have fired ${times(matched)}:`,
  testedMore: (count: number) => `and ${groupDigits(count)} more`,
  jump: (id: number) => `#${id}`,
  jumpHint: (id: number) => `Show message #${id}`,
  moment: 'When',
  moments: { opened: 'It begins', closed: 'It is through', settled: 'It is settled' } satisfies Record<
    TriggerMoment,
    string
  >,
  momentHints: {
    opened: 'As soon as the first of a message is there: its body is not.',
    closed: 'When its last byte is there, or nothing more will come.',
    settled: 'When it is through, and a request has its answer or will not get one.',
  } satisfies Record<TriggerMoment, string>,
  actions: 'Then',
  row: 'A row in the list, always',
  marker: 'Mark the message',
  notify: 'Tell me',
  notifyHint: 'On the screen; by the system while the window is hidden.',
  pause: 'Pause the view',
  sound: 'Play a sound',
  note: 'Note on the message',
  notePlaceholder: 'none',
  allow: 'Allow notifications of the system',
  refused: 'The system or browser does not let this window notify: you are told on the screen only.',
  fires: 'Fires',
  always: 'Every time',
  once: 'Once',
  cooldown: 'At most every',
  cooldownBad: 'A whole number of milliseconds from 50 to 86 400 000.',
  ms: 'ms',
  save: 'Save',
  saveNew: 'Add',
  remove: 'Remove',
  removeAsk: 'Remove this trigger?',
  keep: 'Keep',
  unsaved: 'There are changes that are not saved.',
  discard: 'Discard',
  goOn: 'Keep editing',
  pick: 'Choose a trigger, or make a new one.',

  toastMany: (count: number) => `${groupDigits(count)} triggers fired, last`,
  toastSaid: (title: string, id: number, route: string) =>
    `${title}: message #${id}${route === '' ? '' : `, ${route}`}`,
} as const

function times(count: number): string {
  if (count === 0) return 'never'
  return count === 1 ? 'once' : `${groupDigits(count)} times`
}
