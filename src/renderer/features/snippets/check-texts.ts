/** What the dialog says that makes a check of messages. */
export const checkTexts = {
  heading: 'Make a check of this',
  command: 'Make a check of this …',
  title: 'As it was recorded',
  name: 'Name of the check',
  keepWaits: 'Keep the time between requests',
  fields: 'What is checked',
  preview: 'The snippet that is saved',
  reading: 'Reading the messages …',
  nothing: 'Select a request, or its answer, to make a check of it.',
  noAnswer: 'Nothing answered: it is only sent.',
  repeats: (count: number): string =>
    count === 1 ? 'asked once more before' : `asked ${count} times before`,
  reasons: { changed: 'changed between repeats', named: 'looks like a time or an id' },
  more: (count: number): string => `${count} more fields are not offered.`,
  leftOut: (count: number): string =>
    count === 1
      ? 'One message was received by itself and is left out.'
      : `${count} messages were received by themselves and are left out.`,
  runIt: (name: string): string => `netcore run ${name} URL --junit FILE`,
  save: 'Save the check',
  cancel: 'Cancel',
  saved: (name: string): string => `Saved as snippet ${name}`,
  open: 'Open',
} as const
