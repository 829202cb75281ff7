import { type JSX, useEffect, useState } from 'react'
import { asConsoleError, toWireError } from '../../../shared/errors'
import type { ResponderState } from '../../../shared/model/responders'
import { withSwitch } from '../../../shared/workspace/responder-file'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import type { Session } from '../../store/session'
import { Icon } from '../../ui/icons'
import { NEW_TEXT, type OpenResponder } from './open-responder'
import { ResponderEditor } from './ResponderEditor'
import { ResponderTable } from './ResponderTable'
import { deviceTexts as t } from './texts'
import { useResponders } from './use-device-feeds'

/** What answers in place of a host or a device, and the one that is being written. */
export function RespondersTab(): JSX.Element {
  const session = useSession()
  const state = useResponders()
  const wish = useApp((s) => s.responderWish)
  const [open, setOpen] = useState<OpenResponder | null>(null)
  useEffect(() => {
    if (wish === null) return
    useApp.getState().wishTaken()
    const asked =
      wish.wish === 'show'
        ? Promise.resolve<OpenResponder>({ name: wish.name, isNew: false, text: '' })
        : session.client
            .call('responder.draft', { messageId: wish.messageId })
            .then(({ name, text }): OpenResponder => ({ name, isNew: true, text }))
    asked.then(setOpen, (error: unknown) => useApp.getState().noticeShown(toWireError(asConsoleError(error))))
  }, [wish, session])
  if (state === null) return <p className="empty">{t.loading}</p>
  const { responders, skipped } = state
  const names = responders.map(({ name }) => name)
  const add = (): void => setOpen({ name: '', isNew: true, text: NEW_TEXT })
  const chosen = open?.isNew === true ? null : (open?.name ?? null)
  return (
    <div className="responders">
      <div className="responders-left">
        <header className="phead">
          <h2>{t.table}</h2>
          {responders.length > 0 && (
            <span className="t3">
              {t.count(responders.length, responders.filter((each) => each.isEnabled).length)}
            </span>
          )}
          {skipped > 0 && <span className="warn">{t.skipped(skipped)}</span>}
          <span className="grow" />
          <button type="button" className="btn ghost sm" onClick={add}>
            <Icon name="plus" />
            {t.add}
          </button>
        </header>
        {responders.length === 0 ? (
          <div className="device-none">
            <p>{t.none}</p>
            <p>{t.noneHint}</p>
            <button type="button" className="btn" data-pane-focus onClick={add}>
              {t.add}
            </button>
          </div>
        ) : (
          <ResponderTable
            responders={responders}
            chosen={chosen}
            onChoose={(name) => setOpen({ name, isNew: false, text: '' })}
            onSwitch={(responder) => void switched(session, responder)}
          />
        )}
      </div>
      {open === null ? (
        <div className="responder-side">
          <p className="empty">{t.pick}</p>
        </div>
      ) : (
        <ResponderEditor
          key={`${String(open.isNew)}:${open.name}:${open.text}`}
          open={open}
          names={names}
          current={responders.find(({ name }) => !open.isNew && name === open.name)}
          onSaved={(name) => setOpen({ name, isNew: false, text: '' })}
          onClosed={() => setOpen(null)}
        />
      )}
    </div>
  )
}

/** Sets the switch in the file, with everything else as it was written. */
async function switched({ client }: Session, { name, isEnabled }: ResponderState): Promise<void> {
  try {
    const { file } = await client.call('workspace.read', { kind: 'responders', name })
    const text = withSwitch(file.text, !isEnabled)
    await client.call('workspace.save', { kind: 'responders', name, text, revision: file.revision })
  } catch (error) {
    useApp.getState().noticeShown(toWireError(asConsoleError(error)))
  }
}
