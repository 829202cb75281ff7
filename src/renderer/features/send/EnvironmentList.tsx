import { type JSX, type KeyboardEvent, useRef, useState } from 'react'
import { MAX_ENTRY_NAME_LENGTH } from '../../../shared/workspace/entry-name'
import type { WorkspaceEntry } from '../../../shared/workspace/workspace-types'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import type { ScreenPoint } from '../../ui/Menu'
import { roveFocus } from '../../ui/roving'
import { TextPrompt } from '../../ui/TextPrompt'
import { revealLine } from '../../ui/visible-text'
import { createFile, openFile, useSend } from './send-store'
import { texts } from './texts'

/** The environments there are. Up and down lead from one to the next. */
export function EnvironmentList({
  entries,
}: {
  readonly entries: readonly WorkspaceEntry[] | null
}): JSX.Element {
  const { client } = useSession()
  const openName = useSend((s) => (s.open?.kind === 'environments' ? s.open.name : null))
  const [asking, setAsking] = useState<ScreenPoint | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const moved = (event: KeyboardEvent): void => {
    roveFocus(event, [...(list.current?.querySelectorAll('button') ?? [])])
  }
  return (
    <section className="pane send-environments" data-pane="environments" aria-label={texts.environments}>
      <div className="phead">
        <h2>{texts.environments}</h2>
        <span className="grow" />
        <button
          type="button"
          className="btn sm ghost"
          data-pane-focus={entries === null || entries.length === 0 ? '' : undefined}
          onClick={(event) => {
            const { left, bottom } = event.currentTarget.getBoundingClientRect()
            setAsking({ x: left, y: bottom + 4 })
          }}
        >
          <Icon name="plus" />
          {texts.newEnvironment}
        </button>
      </div>
      {entries === null || entries.length === 0 ? (
        <p className="send-said t3">{entries === null ? texts.loading : texts.noEnvironments}</p>
      ) : (
        <ul ref={list} className="scrolls" onKeyDown={moved}>
          {entries.map((entry, at) => {
            const isFocus = openName === null ? at === 0 : entry.name === openName
            return (
              <li key={entry.name}>
                <button
                  type="button"
                  className={entry.name === openName ? 'tree-row sel' : 'tree-row'}
                  tabIndex={isFocus ? 0 : -1}
                  data-pane-focus={isFocus ? '' : undefined}
                  aria-current={entry.name === openName ? 'true' : undefined}
                  title={entry.problem?.message ?? entry.summary}
                  onClick={() => void openFile(client, 'environments', entry.name)}
                >
                  <span className="ell">{revealLine(entry.name)}</span>
                  <span className="t3 ell grow">{entry.summary}</span>
                  {entry.problem !== null && <Icon name="warn" small tone="err" />}
                </button>
              </li>
            )
          })}
        </ul>
      )}
      {asking !== null && (
        <TextPrompt
          label={texts.environmentHint}
          at={asking}
          initial=""
          placeholder={texts.environmentPlaceholder}
          save={texts.create}
          maxLength={MAX_ENTRY_NAME_LENGTH}
          isMono
          onSave={(name) => {
            if (name !== '') void createFile(client, 'environments', name)
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </section>
  )
}
