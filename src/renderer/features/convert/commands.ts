import type { Command } from '../../commands/command'
import { useApp } from '../../store/app-store'
import { useConvert } from './convert-store'
import { convertTexts as t } from './texts'

/** Asks which part of the recording that is open becomes one of its own: at first A–B, where the loop is on. */
export function trimTape(): void {
  const { tape } = useApp.getState()
  if (tape !== null)
    useConvert.getState().opened({ kind: 'trim', recording: tape.recording, span: tape.loop })
}

/** Bringing files in, trimming, redacting, and writing the recording that is looked at in another form. */
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
      id: 'convert.trim',
      title: 'Trim the recording',
      group: t.group,
      keys: [],
      words: 'cut part span shorten',
      isEnabled: () => recording() !== undefined,
      run: trimTape,
    },
    {
      id: 'convert.trim-loop',
      title: 'Trim to A–B',
      group: t.group,
      keys: [],
      words: 'cut part span shorten loop',
      isEnabled: () => (useApp.getState().tape?.loop ?? null) !== null,
      run: trimTape,
    },
    {
      id: 'convert.redact',
      title: 'Redact the recording',
      group: t.group,
      keys: [],
      words: 'mask secrets password anonymize share',
      isEnabled: () => recording() !== undefined,
      run: () => {
        const open = recording()
        if (open !== undefined) useConvert.getState().opened({ kind: 'redact', recording: open })
      },
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
