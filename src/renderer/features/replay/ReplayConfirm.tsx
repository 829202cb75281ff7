import { type JSX, useRef } from 'react'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { confirmRun, stopRun } from './replay-actions'
import { replayTexts as t } from './texts'

/** Before a recording goes to hardware, in every window: how many messages, and where to. */
export function ReplayConfirm(): JSX.Element | null {
  const session = useSession()
  const replay = useApp((s) => s.replay)
  const isMeant = useRef(false)
  if (replay?.phase !== 'confirm') return null
  const { total, targetTitle, recording } = replay
  return (
    <ConfirmDialog
      key={replay.runId}
      title={t.confirm(total, targetTitle)}
      why={t.why(recording)}
      act={t.act(total)}
      cancel={t.cancel}
      onAct={() => {
        isMeant.current = true
      }}
      // it closes first and then says whether it was meant
      onClose={() =>
        queueMicrotask(() => {
          if (isMeant.current) confirmRun(session)
          else stopRun(session)
          isMeant.current = false
        })
      }
    />
  )
}
