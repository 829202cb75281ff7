import { type DragEvent, type JSX, type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { WireError } from '../../../shared/errors'
import { MAX_ENTRY_NAME_LENGTH } from '../../../shared/workspace/entry-name'
import type { WorkspaceEntry } from '../../../shared/workspace/workspace-types'
import { useSession } from '../../store/session-context'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import type { ScreenPoint } from '../../ui/Menu'
import { TextPrompt } from '../../ui/TextPrompt'
import { revealLine } from '../../ui/visible-text'
import { createFile, duplicateFile, openFile, removeFile, renameFile, useSend } from './send-store'
import { texts } from './texts'
import { movedInto, type TreeRow, treeRows } from './tree-rows'

interface MessageTreeProps {
  /** Null until they are read. */
  readonly entries: readonly WorkspaceEntry[] | null
  readonly problem: WireError | null
  readonly onRun: (name: string) => void
}

type Asking =
  | { readonly what: 'new' | 'rename'; readonly name: string; readonly at: ScreenPoint }
  | { readonly what: 'remove'; readonly name: string }
  | null

/** Collections as a tree: arrows move and fold, Enter opens, Ctrl+Enter sends, F2 renames or moves, Delete removes. */
export function MessageTree({ entries, problem, onRun }: MessageTreeProps): JSX.Element {
  const { client } = useSession()
  const folded = useSend((s) => s.folded)
  const openName = useSend((s) => (s.open?.kind === 'messages' ? s.open.name : null))
  const failure = useSend((s) => s.problem)
  const rows = useMemo(() => treeRows(entries ?? [], folded), [entries, folded])
  const [active, setActive] = useState<string | null>(null)
  const [asking, setAsking] = useState<Asking>(null)
  const [dropOn, setDropOn] = useState<string | null>(null)
  const tree = useRef<HTMLDivElement>(null)
  const current = rows.find((row) => row.name === (active ?? openName))?.name ?? rows[0]?.name

  const fold = (name: string, isFolded: boolean): void =>
    useSend.setState(({ folded: before }) => {
      const next = new Set(before)
      if (isFolded) next.add(name)
      else next.delete(name)
      return { folded: next }
    })
  const goTo = (index: number): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))]
    if (row === undefined) return
    setActive(row.name)
    tree.current?.querySelector<HTMLElement>(`[data-name="${CSS.escape(row.name)}"]`)?.focus()
  }
  const activate = (row: TreeRow): void => {
    setActive(row.name)
    if (row.kind === 'file') void openFile(client, 'messages', row.name)
    else fold(row.name, row.isOpen)
  }
  const pressed = (event: KeyboardEvent, row: TreeRow, index: number): void => {
    const isCommand = event.ctrlKey || event.metaKey
    const place = event.currentTarget.getBoundingClientRect()
    if (isCommand && event.key === 'Enter') {
      if (row.kind === 'file') onRun(row.name)
    } else if (isCommand && event.key.toLowerCase() === 'd') {
      if (row.kind === 'file') void duplicateFile(client, 'messages', row.name)
    } else if (isCommand || event.altKey) return
    else if (event.key === 'ArrowDown') goTo(index + 1)
    else if (event.key === 'ArrowUp') goTo(index - 1)
    else if (event.key === 'Home') goTo(0)
    else if (event.key === 'End') goTo(rows.length - 1)
    else if (event.key === 'ArrowRight' && row.kind === 'folder') {
      if (row.isOpen) goTo(index + 1)
      else fold(row.name, false)
    } else if (event.key === 'ArrowLeft') {
      if (row.kind === 'folder' && row.isOpen) fold(row.name, true)
      else goTo(rows.findIndex(({ name }) => name === row.name.slice(0, row.name.lastIndexOf('/'))))
    } else if (event.key === 'Enter' || event.key === ' ') activate(row)
    else if (row.kind === 'file' && event.key === 'F2') {
      setAsking({ what: 'rename', name: row.name, at: { x: place.left, y: place.bottom } })
    } else if (row.kind === 'file' && event.key === 'Delete') setAsking({ what: 'remove', name: row.name })
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const dropped = (event: DragEvent, folder: string): void => {
    event.preventDefault()
    setDropOn(null)
    const name = event.dataTransfer.getData('text/plain')
    if (entries?.some((entry) => entry.name === name)) {
      void renameFile(client, 'messages', name, movedInto(folder, name))
    }
  }
  return (
    <section className="pane send-tree" data-pane="message-tree" aria-label={texts.messages}>
      <div className="phead">
        <h2>{texts.messages}</h2>
        <span className="t3">{entries === null || entries.length === 0 ? '' : entries.length}</span>
        <span className="grow" />
        <button
          type="button"
          className="btn sm ghost"
          data-pane-focus={rows.length === 0 ? '' : undefined}
          onClick={(event) => {
            const { left, bottom } = event.currentTarget.getBoundingClientRect()
            setAsking({ what: 'new', name: '', at: { x: left, y: bottom + 4 } })
          }}
        >
          <Icon name="plus" />
          {texts.newMessage}
        </button>
      </div>
      {failure !== null && (
        <p className="send-said err" role="alert">
          {sentences(failure.message, failure.remedy)}
        </p>
      )}
      {problem !== null ? (
        <p className="send-said err">{sentences(texts.failed, problem.remedy)}</p>
      ) : entries === null ? (
        <p className="send-said t3">{texts.loading}</p>
      ) : entries.length === 0 ? (
        <p className="send-said t3">{texts.noMessages}</p>
      ) : (
        <div
          ref={tree}
          className="tree-rows scrolls"
          role="tree"
          aria-label={texts.messages}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => dropped(event, '')}
        >
          {rows.map((row, index) => (
            <div
              key={`${row.kind} ${row.name}`}
              role="treeitem"
              aria-level={row.level}
              aria-expanded={row.kind === 'folder' ? row.isOpen : undefined}
              aria-selected={row.kind === 'file' && row.name === openName}
              aria-label={rowWords(row)}
              title={row.kind === 'file' ? (row.entry.problem?.message ?? row.entry.summary) : undefined}
              tabIndex={row.name === current ? 0 : -1}
              data-pane-focus={row.name === current ? '' : undefined}
              data-name={row.name}
              data-drop={dropOn === row.name ? '' : undefined}
              className={row.name === openName ? 'tree-row sel' : 'tree-row'}
              style={{ paddingLeft: 12 + (row.level - 1) * 16 }}
              draggable={row.kind === 'file'}
              onDragStart={(event) => event.dataTransfer.setData('text/plain', row.name)}
              onDragEnter={() => setDropOn(row.kind === 'folder' ? row.name : null)}
              onDrop={(event) => {
                if (row.kind !== 'folder') return
                event.stopPropagation()
                dropped(event, row.name)
              }}
              onClick={() => activate(row)}
              onKeyDown={(event) => pressed(event, row, index)}
            >
              <Icon name={row.kind === 'folder' ? (row.isOpen ? 'down' : 'right') : 'compose'} small />
              <span className="ell">{revealLine(row.label)}</span>
              {row.kind === 'folder' && <span className="t3">{row.count}</span>}
              {row.kind === 'file' && <span className="t3 ell grow">{revealLine(row.entry.summary)}</span>}
              {row.kind === 'file' && row.entry.problem !== null && <Icon name="warn" small tone="err" />}
            </div>
          ))}
        </div>
      )}
      {asking !== null && asking.what !== 'remove' && (
        <TextPrompt
          label={texts.nameHint}
          at={asking.at}
          initial={asking.name}
          placeholder={texts.messagePlaceholder}
          save={asking.what === 'new' ? texts.create : texts.rename}
          maxLength={MAX_ENTRY_NAME_LENGTH}
          isMono
          onSave={(name) => {
            if (asking.what === 'rename') void renameFile(client, 'messages', asking.name, name)
            else if (name !== '') void createFile(client, 'messages', name)
          }}
          onClose={() => setAsking(null)}
        />
      )}
      {asking?.what === 'remove' && (
        <ConfirmDialog
          title={texts.removeTitle(asking.name)}
          why={texts.removeWhy}
          act={texts.remove}
          cancel={texts.cancel}
          onAct={() => void removeFile(client, 'messages', asking.name)}
          onClose={() => setAsking(null)}
        />
      )}
    </section>
  )
}

function rowWords(row: TreeRow): string {
  if (row.kind === 'folder') return texts.collection(row.label, row.count)
  return row.entry.problem === null ? row.label : `${row.label}, ${texts.hasProblem}`
}
