import type { Command } from '../../commands/command'
import { useApp } from '../../store/app-store'
import { useConvert } from './convert-store'
import { convertTexts as t } from './texts'

/** Bringing files in, and writing the recording that is looked at in another form. */
export function convertCommands(): readonly Command[] {
  const recording = (): string | undefined => useApp.getState().tape?.recording
  return [
    {
      id: 'convert.import',
      title: 'Import a file',
      group: t.group,
      keys: [],
      words: 'mcap pcapng jsonl bin bring open',
      run: () => useConvert.getState().opened({ kind: 'import' }),
    },
    {
      id: 'convert.export',
      title: 'Export the recording',
      group: t.group,
      keys: [],
      words: 'wireshark pcapng csv perfetto foxglove report save as',
      isEnabled: () => recording() !== undefined,
      run: () => {
        const open = recording()
        if (open !== undefined) useConvert.getState().opened({ kind: 'export', recording: open })
      },
    },
  ]
}
