import { type JSX, type ReactNode, useEffect } from 'react'
import { useSession } from '../../store/session-context'
import { useFeed } from '../../store/use-feed'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { EnvironmentEditor } from './EnvironmentEditor'
import { EnvironmentList } from './EnvironmentList'
import { MessageEditor } from './MessageEditor'
import { MessageTree } from './MessageTree'
import { lookAgain, useSend } from './send-store'
import { texts } from './texts'
import { useRunMessage } from './use-run-message'
import './send.css'

const MESSAGES = { kind: 'messages' } as const
const ENVIRONMENTS = { kind: 'environments' } as const

/** Saved messages and environments: what there is at the left, its text at the right, and what became of the message sent last. */
export function MessagesPane({ outcome }: { readonly outcome: ReactNode }): JSX.Element {
  const { client } = useSession()
  const messages = useFeed('workspace', MESSAGES)
  const environments = useFeed('workspace', ENVIRONMENTS)
  const open = useSend((s) => s.open)
  const run = useRunMessage()
  const entries = open?.kind === 'environments' ? environments.item?.entries : messages.item?.entries
  const found = entries?.find(({ name }) => name === open?.name)?.revision
  const isChanged = open !== null && entries !== undefined && found !== open.revision
  useEffect(() => {
    if (isChanged) void lookAgain(client)
  }, [client, isChanged, found])
  return (
    <div className="send">
      <div className="send-side">
        <MessageTree entries={messages.item?.entries ?? null} problem={messages.problem} onRun={run.run} />
        <EnvironmentList entries={environments.item?.entries ?? null} />
      </div>
      <div className="send-main">
        {open === null ? (
          <NothingOpen hasSome={(messages.item?.entries.length ?? 0) > 0} />
        ) : open.kind === 'messages' ? (
          <MessageEditor key={open.name} open={open} run={run} />
        ) : (
          <EnvironmentEditor key={open.name} open={open} />
        )}
        <div className="send-outcome">{outcome}</div>
      </div>
      {run.asked !== null && (
        <ConfirmDialog
          title={texts.confirmTitle(run.asked.draft.route)}
          why={run.asked.draft.confirms ? texts.confirmWhyMessage : texts.confirmWhyRoute}
          act={texts.send}
          cancel={texts.confirmCancel}
          onAct={() => run.answer(true)}
          onClose={() => run.answer(false)}
        />
      )}
    </div>
  )
}

function NothingOpen({ hasSome }: { readonly hasSome: boolean }): JSX.Element {
  return (
    <section className="pane send-edit" data-pane="send-edit" aria-label={texts.messages}>
      <div className="phead" />
      <div className="empty">
        <p>{hasSome ? texts.pick : texts.noMessages}</p>
        <p>{hasSome ? texts.pickDo : texts.noMessagesDo}</p>
      </div>
    </section>
  )
}
