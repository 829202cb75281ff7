import type { JSX } from 'react'
import { useConvert } from './convert-store'
import { ExportDialog } from './ExportDialog'
import { ImportDialog } from './ImportDialog'
import { RedactDialog } from './RedactDialog'
import { TrimDialog } from './TrimDialog'

/** Whichever of the dialogs is open. */
export function ConvertDialogs(): JSX.Element | null {
  const dialog = useConvert((s) => s.dialog)
  const { closed } = useConvert.getState()
  if (dialog === null) return null
  if (dialog.kind === 'import') return <ImportDialog onClose={closed} />
  if (dialog.kind === 'trim')
    return (
      <TrimDialog key={dialog.recording} recording={dialog.recording} span={dialog.span} onClose={closed} />
    )
  if (dialog.kind === 'redact')
    return <RedactDialog key={dialog.recording} recording={dialog.recording} onClose={closed} />
  return <ExportDialog key={dialog.recording} recording={dialog.recording} onClose={closed} />
}
