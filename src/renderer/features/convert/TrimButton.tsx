import type { JSX } from 'react'
import { trimTape } from './commands'
import { convertTexts as t } from './texts'

/** In the transport bar of an open recording. */
export function TrimButton(): JSX.Element {
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
