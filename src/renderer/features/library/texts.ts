/** Words of the library. */
export const libraryTexts = {
  title: 'Recordings',
  none: 'Nothing recorded yet.',
  noneHint: 'Press Ctrl+Shift+R to record what happens from now on.',
} as const
