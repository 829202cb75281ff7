import type { Command } from '../commands/command'
import { useConvert } from '../features/convert/convert-store'
import { actedOn } from '../features/library/library-store'

const chosen = (): string | undefined => {
  const recordings = actedOn()
  return recordings.length === 1 ? recordings[0] : undefined
}

/** What the keys of the library do that other features do. */
export function recordingCommands(): readonly Command[] {
  const here = {
    group: 'Recordings',
    page: 'recordings',
    pane: 'library',
    isFixed: true,
    isEnabled: () => chosen() !== undefined,
  } as const
  const open = (kind: 'trim' | 'redact') => (): void => {
    const recording = chosen()
    if (recording === undefined) return
    useConvert.getState().opened(kind === 'trim' ? { kind, recording, span: null } : { kind, recording })
  }
  return [
    {
      ...here,
      id: 'library.trim',
      title: 'Trim the chosen recording',
      keys: ['t'],
      words: 'cut part shorten',
      run: open('trim'),
    },
    {
      ...here,
      id: 'library.redact',
      title: 'Redact the chosen recording',
      keys: ['x'],
      words: 'mask secrets password anonymize share',
      run: open('redact'),
    },
  ]
}
