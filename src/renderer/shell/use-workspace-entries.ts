import { useEffect, useState } from 'react'
import type { WorkspaceEntry, WorkspaceKind } from '../../shared/workspace/workspace-types'
import type { PaletteEntry } from '../features/palette/palette-entry'
import { openFile } from '../features/send/send-store'
import { openSnippet } from '../features/snippets/snippets-desk'
import { runNow } from '../features/tasks/task-actions'
import { useTasks } from '../features/tasks/tasks-store'
import { useApp } from '../store/app-store'
import type { Session } from '../store/session'
import { revealLine } from '../ui/visible-text'
import { commandTexts } from './command-texts'
import { onPage } from './pages'

const KINDS = ['messages', 'snippets', 'tasks'] as const satisfies readonly WorkspaceKind[]
type Kind = (typeof KINDS)[number]
const t = commandTexts.files

const ICONS = { messages: 'compose', snippets: 'play', tasks: 'wait' } as const

/** What of the workspace the palette can open, or run: messages, snippets, tasks. */
export function useWorkspaceEntries(session: Session): readonly PaletteEntry[] {
  const [found, setFound] = useState<readonly PaletteEntry[]>([])
  useEffect(() => {
    let isGone = false
    void Promise.all(
      KINDS.map((kind) =>
        session.client.call('workspace.list', { kind }).then(
          ({ entries }) => entries.flatMap((entry) => entriesOf(session, kind, entry)),
          () => [], // the page of the kind tells why
        ),
      ),
    ).then((lists) => {
      if (!isGone) setFound(lists.flat())
    })
    return () => {
      isGone = true
    }
  }, [session])
  return found
}

function entriesOf(session: Session, kind: Kind, { name, summary }: WorkspaceEntry): readonly PaletteEntry[] {
  const entry = (what: string, detail: string, run: () => void): PaletteEntry => ({
    id: `${kind}:${what}:${name}`,
    kind: 'file',
    title: revealLine(name),
    detail,
    keys: '',
    words: `${kind} ${what} ${summary}`,
    icon: ICONS[kind],
    run,
  })
  const { client } = session
  switch (kind) {
    case 'messages':
      return [entry('open', t.message, () => onSendPage('messages', () => openFile(client, kind, name)))]
    case 'snippets':
      return [entry('open', t.snippet, () => onSendPage('snippets', () => openSnippet(client, name)))]
    case 'tasks':
      return [
        entry('open', t.task, () => onPage('tasks', () => useTasks.getState().selectedChanged(name))),
        entry('run', t.runTask, () => runNow(session, name)),
      ]
  }
}

function onSendPage(tab: 'messages' | 'snippets', open: () => Promise<void>): void {
  useApp.getState().sendTabChosen(tab)
  onPage('send', () => void open())
}
