import { type JSX, useEffect, useState } from 'react'
import { useKeyWords } from '../../commands/key-map-context'
import type { OpenTape } from '../../../shared/model/tape'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { tapeTexts as t } from './texts'

/** The way back to the live session, and the recordings that are open. */
export function TapeMenu({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const session = useSession()
  const source = useApp((s) => s.source)
  const keys = useKeyWords('tape.live')
  const [tapes, setTapes] = useState<readonly OpenTape[]>([])
  useEffect(() => {
    let isOver = false
    session.live.call('tape.list', {}).then(
      (reply) => {
        if (!isOver) setTapes(reply.tapes)
      },
      () => undefined, // a lost core is told by the shell
    )
    return () => {
      isOver = true
    }
  }, [session])
  const look = (to: number): void => {
    onClose()
    session.look(to)
  }
  return (
    <div className="link-menu" role="group" aria-label={t.openRecordings}>
      {source !== 0 && (
        <button type="button" className="btn ghost wide" onClick={() => look(0)}>
          <Icon name="live" />
          {t.backToLive}
          <kbd>{keys}</kbd>
        </button>
      )}
      {tapes.map((tape) => (
        <button
          key={tape.source}
          type="button"
          className="btn ghost wide"
          aria-current={tape.source === source}
          onClick={() => look(tape.source)}
        >
          <Icon name={tape.source === source ? 'check' : 'rec'} />
          <span className="ell">{tape.recording}</span>
        </button>
      ))}
      {source !== 0 && (
        <>
          <hr />
          <button
            type="button"
            className="btn ghost wide"
            onClick={() => {
              onClose()
              session.closeTape()
            }}
          >
            <Icon name="x" />
            {t.close}
          </button>
        </>
      )}
    </div>
  )
}
