import type { JSX } from 'react'
import { useApp } from '../../store/app-store'
import { trimTape } from './commands'
import { convertTexts as t } from './texts'

/** In the transport bar of an open recording, while it goes round between A and B: the bar has no room to spare. */
export function TrimButton(): JSX.Element | null {
  const hasLoop = useApp((s) => (s.tape?.loop ?? null) !== null)
  if (!hasLoop) return null
  return (
    <button
      type="button"
      className="btn ghost sm"
      aria-haspopup="dialog"
      title={t.trimBar}
      onClick={trimTape}
    >
      {t.trimAction}
    </button>
  )
}
