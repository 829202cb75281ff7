import { type JSX, useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { asConsoleError } from '../../../shared/errors'
import {
  type CheckedExchange,
  MAX_CHECKED_EXCHANGES,
  type RecordedCheck,
} from '../../../shared/model/recorded-check'
import { entryNameProblem } from '../../../shared/workspace/entry-name'
import { useApp } from '../../store/app-store'
import { useCheckWish } from '../../store/check-wish'
import type { Session } from '../../store/session'
import { useSession } from '../../store/session-context'
import { useDialog } from '../../ui/use-dialog'
import { revealLine } from '../../ui/visible-text'
import { exchangeName } from './exchange-snippet'
import { showSnippet } from './save-exchange'
import { checkTexts as t } from './check-texts'
import './check-dialog.css'

/** The dialog, when somebody wants a check of messages. */
export function CheckDialogs(): JSX.Element | null {
  const messageIds = useCheckWish((s) => s.messageIds)
  return messageIds === null ? null : <CheckDialog wanted={messageIds} />
}

/** Messages become a snippet: what of the answers is checked is chosen beside the text that will be saved. */
function CheckDialog({ wanted }: { readonly wanted: readonly number[] }): JSX.Element {
  const session = useSession()
  const { left } = useCheckWish.getState()
  const { ref, pressed } = useDialog(left)
  const [messageIds, setMessageIds] = useState<readonly number[] | null>(wanted.length > 0 ? wanted : null)
  const [chosen, setChosen] = useState<Readonly<Record<string, boolean>>>({})
  const [keepsWaits, setKeepsWaits] = useState(false)
  const [check, setCheck] = useState<RecordedCheck | null>(null)
  const [problem, setProblem] = useState('')
  const [typedName, setTypedName] = useState<string | null>(null)
  const [taken, setTaken] = useState<readonly string[]>([])

  useEffect(() => {
    let isOver = false
    const failed = (error: unknown): void => {
      const { message, remedy } = asConsoleError(error)
      if (!isOver) setProblem(`${message}. ${remedy}`)
    }
    if (messageIds === null) {
      selectedMessages(session).then((ids) => {
        if (!isOver) setMessageIds(ids)
      }, failed)
    }
    session.live.call('workspace.list', { kind: 'snippets' }).then(({ entries }) => {
      if (!isOver) setTaken(entries.map(({ name }) => name))
    }, failed)
    return () => {
      isOver = true
    }
  }, [session, messageIds])

  useEffect(() => {
    if (messageIds === null) return
    let isOver = false
    const asked =
      messageIds.length === 0
        ? Promise.reject(new Error(t.nothing))
        : session.client.call('snippet.from-messages', {
            messageIds: [...messageIds],
            chosen,
            keepsWaits,
            title: t.title,
          })
    asked.then(
      (reply) => {
        if (isOver) return
        setProblem('')
        setCheck(reply.check)
      },
      (error: unknown) => {
        if (isOver) return
        const { message, remedy } = asConsoleError(error)
        setProblem(messageIds.length === 0 ? t.nothing : `${message}. ${remedy}`)
      },
    )
    return () => {
      isOver = true
    }
  }, [session, messageIds, chosen, keepsWaits])

  const name = typedName ?? (check === null ? '' : exchangeName(check.name, taken))
  const nameProblem = name === '' ? null : entryNameProblem(name)
  const canSave = check !== null && problem === '' && name !== '' && nameProblem === null
  const save = async (): Promise<void> => {
    if (!canSave) return
    try {
      await session.live.call('workspace.save', { kind: 'snippets', name, text: check.text, revision: null })
      left()
      useApp.getState().toasted({
        key: 'check',
        text: t.saved(name),
        tone: 'ok',
        action: { label: t.open, run: () => showSnippet(session.live, name) },
      })
    } catch (error) {
      const { message, remedy } = asConsoleError(error)
      setProblem(`${message}. ${remedy}`)
    }
  }
  return createPortal(
    <div className="confirm-scrim">
      <div
        ref={ref}
        className="check-dialog"
        role="dialog"
        aria-modal="true"
        aria-labelledby="check-title"
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save()
          pressed(event)
          event.stopPropagation()
        }}
      >
        <h2 id="check-title">{t.heading}</h2>
        <div className="check-fields">
          <label className="check-name">
            <span className="check-label">{t.name}</span>
            <span className={`field${nameProblem === null ? '' : ' bad'}`}>
              <input
                data-first=""
                aria-label={t.name}
                value={name}
                onChange={({ target }) => setTypedName(target.value)}
              />
            </span>
          </label>
          <label className="check-line">
            <input
              type="checkbox"
              checked={keepsWaits}
              onChange={({ target }) => setKeepsWaits(target.checked)}
            />
            {t.keepWaits}
          </label>
        </div>
        <p className="check-problem" role="alert">
          {problem !== '' ? problem : (nameProblem ?? '')}
        </p>
        <div className="check-body">
          <div className="check-exchanges scrolls" role="group" aria-label={t.fields} tabIndex={0}>
            {check === null ? (
              <p className="t3">{problem === '' ? t.reading : ''}</p>
            ) : (
              check.exchanges.map((exchange) => (
                <ExchangeFields
                  key={exchange.messageId}
                  exchange={exchange}
                  onChoose={(key, isChosen) => setChosen((before) => ({ ...before, [key]: isChosen }))}
                />
              ))
            )}
            {check !== null && check.leftOut > 0 ? <p className="t3">{t.leftOut(check.leftOut)}</p> : null}
          </div>
          <pre className="check-preview scrolls selectable" aria-label={t.preview} tabIndex={0}>
            {check === null ? '' : check.text}
          </pre>
        </div>
        <div className="check-acts">
          <span className="t3">{t.runIt(name === '' ? 'NAME' : name)}</span>
          <button type="button" className="btn" onClick={left}>
            {t.cancel}
          </button>
          <button type="button" className="btn primary" disabled={!canSave} onClick={() => void save()}>
            {t.save}
          </button>
        </div>
      </div>
    </div>,
    document.body,
  )
}

interface ExchangeFieldsProps {
  readonly exchange: CheckedExchange
  readonly onChoose: (key: string, isChosen: boolean) => void
}

function ExchangeFields({ exchange, onChoose }: ExchangeFieldsProps): JSX.Element {
  const { route, hue, fields, repeats, more } = exchange
  return (
    <fieldset className="check-exchange">
      <legend>
        <i className="sw" data-hue={hue} />
        {revealLine(route)}
        {repeats > 0 ? <span className="t3">{t.repeats(repeats)}</span> : null}
      </legend>
      {fields.length === 0 ? <p className="t3">{t.noAnswer}</p> : null}
      {fields.map(({ key, condition, isChosen, reason }) => (
        <label key={key} className="check-line">
          <input
            type="checkbox"
            checked={isChosen}
            onChange={({ target }) => onChoose(key, target.checked)}
          />
          <span className="check-condition">{revealLine(condition)}</span>
          {reason === 'stable' ? null : <span className="t3">{t.reasons[reason]}</span>}
        </label>
      ))}
      {more > 0 ? <p className="t3">{t.more(more)}</p> : null}
    </fieldset>
  )
}

/** Messages of the rows that are selected in the list. */
async function selectedMessages(session: Session): Promise<readonly number[]> {
  const { rowSelection, listView, selectedId } = useApp.getState()
  const ids: number[] = []
  for (const { from, to } of rowSelection.ranges) {
    const count = Math.min(to - from, MAX_CHECKED_EXCHANGES * 2 - ids.length)
    if (count <= 0) break
    const { rows } = await session.client.call('list.rows', {
      view: { ...listView, marks: [...listView.marks] },
      from,
      count,
      fields: [],
    })
    for (const row of rows) if (row.row === 'message') ids.push(row.id)
  }
  return ids.length === 0 && selectedId !== null ? [selectedId] : ids
}
