import { type JSX, useMemo } from 'react'
import { parseMessage } from '../../../shared/workspace/message-file'
import { useApp } from '../../store/app-store'
import { draftOfMessage } from '../../store/draft-message'
import { FileEditor } from './FileEditor'
import type { OpenFile } from './send-store'
import { texts } from './texts'
import type { RunMessage } from './use-run-message'

/** A saved message as text, to be sent, or to be filled in as a form in the composer. */
export function MessageEditor({
  open,
  run,
}: {
  readonly open: OpenFile
  readonly run: RunMessage
}): JSX.Element {
  const { name, text } = open
  const reading = useMemo(() => parseMessage(text, `messages/${name}.yaml`), [text, name])
  const message = reading.value
  const toComposer = (): void => {
    if (message === undefined) return
    const { draftOpened, pageChosen } = useApp.getState()
    draftOpened(draftOfMessage(message), name)
    pageChosen('live')
    requestAnimationFrame(() => document.getElementById('composer-body')?.focus())
  }
  const isBlocked = run.blocked !== null || message === undefined
  return (
    <FileEditor
      open={open}
      problem={reading.problem ?? null}
      onRun={() => run.run(name)}
      actions={
        <>
          <button type="button" className="btn sm" disabled={message === undefined} onClick={toComposer}>
            {texts.toComposer}
          </button>
          <button
            type="button"
            className="btn sm primary"
            aria-disabled={isBlocked}
            title={run.blocked ?? texts.sendHint}
            onClick={() => {
              if (!isBlocked) run.run(name)
            }}
          >
            {texts.send}
            <kbd>Ctrl ⏎</kbd>
          </button>
        </>
      }
      note={run.blocked}
    />
  )
}
