import type { JSX } from 'react'
import { useKeyWords } from '../../commands/key-map-context'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { tapeTexts as t } from './texts'

/** Stands where the composer does: nothing can be sent into a recording. */
export function ReplayComposer(): JSX.Element {
  const session = useSession()
  const keys = useKeyWords('tape.live')
  return (
    <section className="comp tape-composer" aria-label={t.composerTitle} data-pane="composer" tabIndex={-1}>
      <span className="t2">{t.composerHint}</span>
      <button type="button" className="btn sm" data-pane-focus="" onClick={() => session.look(0)}>
        <Icon name="live" small />
        {t.backToLive}
        <kbd>{keys}</kbd>
      </button>
    </section>
  )
}
