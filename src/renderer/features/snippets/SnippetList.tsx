import { type JSX, type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { RunState } from '../../../shared/model/snippets'
import { MAX_ENTRY_NAME_LENGTH } from '../../../shared/workspace/entry-name'
import type { WorkspaceEntry } from '../../../shared/workspace/workspace-types'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import type { ScreenPoint } from '../../ui/Menu'
import { roveFocus } from '../../ui/roving'
import { TextPrompt } from '../../ui/TextPrompt'
import { revealLine } from '../../ui/visible-text'
import { createSnippet, openSnippet } from './snippets-desk'
import { useSnippets } from './snippets-store'
import { snippetTexts as t } from './texts'

/** The snippets there are, each with how it went last. Up and down lead from one to the next. */
export function SnippetList(): JSX.Element {
  const { client } = useSession()
  const entries = useSnippets((s) => s.entries)
  const openName = useSnippets((s) => s.open?.name ?? null)
  const runs = useSnippets((s) => s.runs?.runs)
  const [asking, setAsking] = useState<ScreenPoint | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const lastStates = useMemo(() => {
    const states = new Map<string, RunState>()
    for (const { name, state } of runs ?? []) if (!states.has(name)) states.set(name, state)
    return states
  }, [runs])
  const moved = (event: KeyboardEvent): void => {
    roveFocus(event, [...(list.current?.querySelectorAll('button') ?? [])])
  }
  return (
    <section className="pane snippet-list" data-pane="snippet-list" aria-label={t.list}>
      <div className="phead">
        <h2>{t.title}</h2>
        <span className="t3">{entries === null || entries.length === 0 ? '' : entries.length}</span>
        <span className="grow" />
        <button
          type="button"
          className="btn sm ghost"
          data-pane-focus={entries === null || entries.length === 0 ? '' : undefined}
          data-new-snippet
          onClick={(event) => {
            const { left, bottom } = event.currentTarget.getBoundingClientRect()
            setAsking({ x: left, y: bottom + 4 })
          }}
        >
          <Icon name="plus" />
          {t.create}
        </button>
      </div>
      {entries === null ? (
        <p className="t3 snippet-said">{t.loading}</p>
      ) : entries.length === 0 ? (
        <p className="t3 snippet-said">{t.none}</p>
      ) : (
        <ul ref={list} className="scrolls" onKeyDown={moved}>
          {entries.map((entry, at) => (
            <SnippetRow
              key={entry.name}
              entry={entry}
              state={lastStates.get(entry.name) ?? null}
              isOpen={entry.name === openName}
              isFocus={openName === null ? at === 0 : entry.name === openName}
              onOpen={() => void openSnippet(client, entry.name)}
            />
          ))}
        </ul>
      )}
      {asking !== null && (
        <TextPrompt
          label={t.createHint}
          at={asking}
          initial=""
          placeholder={t.namePlaceholder}
          save={t.nameSave}
          maxLength={MAX_ENTRY_NAME_LENGTH}
          isMono
          onSave={(name) => {
            if (name !== '') void createSnippet(client, name)
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </section>
  )
}

interface SnippetRowProps {
  readonly entry: WorkspaceEntry
  readonly state: RunState | null
  readonly isOpen: boolean
  readonly isFocus: boolean
  readonly onOpen: () => void
}

const DOTS: Record<RunState, string> = {
  running: 'dot warn',
  passed: 'dot ok',
  failed: 'dot err',
  stopped: 'dot',
}

function SnippetRow({ entry, state, isOpen, isFocus, onOpen }: SnippetRowProps): JSX.Element {
  const at = entry.name.lastIndexOf('/') + 1
  const said = [entry.problem === null ? '' : t.hasProblem, state === null ? '' : t.runStates[state]]
  return (
    <li className={isOpen ? 'sel' : undefined}>
      <button
        type="button"
        tabIndex={isFocus ? 0 : -1}
        data-pane-focus={isFocus ? '' : undefined}
        aria-current={isOpen ? 'true' : undefined}
        title={entry.problem === null ? entry.summary : entry.problem.message}
        onClick={onOpen}
      >
        <span className={state === null ? 'dot ring' : DOTS[state]} />
        <span className="ell">
          <span className="t3">{revealLine(entry.name.slice(0, at))}</span>
          {revealLine(entry.name.slice(at))}
        </span>
        <span className="grow" />
        {entry.problem !== null && <Icon name="warn" small tone="err" />}
        <span className="sr-only">{said.filter((word) => word !== '').join(', ')}</span>
      </button>
    </li>
  )
}
