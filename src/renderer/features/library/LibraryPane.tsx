import type { JSX } from 'react'
import { libraryTexts as t } from './texts'

/** All recordings of the workspace. */
export function LibraryPane(): JSX.Element {
  return (
    <section className="pane library" data-pane="library" aria-label={t.title} tabIndex={-1}>
      <div className="empty">
        <p>{t.none}</p>
        <p>{t.noneHint}</p>
      </div>
    </section>
  )
}
