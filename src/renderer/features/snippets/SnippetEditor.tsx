import { type JSX, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import { MAX_ENTRY_NAME_LENGTH } from '../../../shared/workspace/entry-name'
import { parseSnippet } from '../../../shared/workspace/snippet-file'
import { selectSendLink } from '../../store/links-slice'
import { useApp } from '../../store/app-store'
import { seenValues } from '../../store/seen-values'
import { useSession } from '../../store/session-context'
import { TextEditor } from '../../ui/editor/TextEditor'
import type { CompleteText, TextEditorHandle } from '../../ui/editor/text-editor-types'
import { Icon } from '../../ui/icons'
import { Menu, type ScreenPoint } from '../../ui/Menu'
import { TextPrompt } from '../../ui/TextPrompt'
import { revealLine } from '../../ui/visible-text'
import { completeSnippet } from './complete-snippet'
import {
  removeSnippet,
  renameSnippet,
  runSnippet,
  saveSnippet,
  settleConflict,
  stopRun,
} from './snippets-desk'
import { isEdited, type OpenSnippet, useSnippets } from './snippets-store'
import { textProblem } from './text-problem'
import { snippetTexts as t } from './texts'

/** One snippet as text, with what is wrong in it at its place. */
export function SnippetEditor({ open }: { readonly open: OpenSnippet }): JSX.Element {
  const session = useSession()
  const { client, rows } = session
  const { name, text } = open
  const editor = useRef<TextEditorHandle>(null)
  const saidId = useId()
  const problem = useMemo(() => parseSnippet(text, `snippets/${name}.yaml`).problem ?? null, [text, name])
  const problems = useMemo(() => (problem === null ? [] : [textProblem(text, problem)]), [text, problem])
  const messages = useSnippets((s) => s.messages)
  useEffect(() => {
    if (!useSnippets.getState().isFresh) return
    useSnippets.setState({ isFresh: false })
    editor.current?.focus()
  }, [])
  const complete = useCallback<CompleteText>(
    (written, at, isAsked) => {
      const known = { routes: rows.routes(), messages, seen: seenValues(rows, []) }
      return completeSnippet(written, at, isAsked, known)
    },
    [rows, messages],
  )
  const onKey = (event: KeyboardEvent): boolean => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return false
    if (event.key === 's') {
      void saveSnippet(client)
      return true
    }
    const shown = useSnippets.getState().runs?.shown
    if (event.key === '.' && shown?.state === 'running') {
      void stopRun(client, shown.runId)
      return true
    }
    if (event.key !== 'Enter') return false
    const link = selectSendLink(useApp.getState())
    if (problem === null && link?.phase === 'connected') void runSnippet(client, link.linkId)
    return true
  }
  return (
    <section className="pane snippet-edit" data-pane="snippet-edit" aria-label={t.editor(revealLine(name))}>
      <EditorHead open={open} />
      {open.theirs !== undefined && <Conflict isRemoved={open.theirs === null} />}
      <TextEditor
        ref={editor}
        value={text}
        language="yaml"
        size="fill"
        label={t.editor(revealLine(name))}
        problems={problems}
        describedBy={saidId}
        complete={complete}
        isPaneFocus
        onKey={onKey}
        onChange={(changed) => useSnippets.setState({ open: { ...open, text: changed } })}
      />
      <div id={saidId} className="snippet-problem" role="status">
        {problem === null ? (
          <span className="t3">{t.elapsed(stepCount(text, name))}</span>
        ) : (
          <>
            <Icon name="warn" small tone="err" />
            <span className="grow">
              <b>{t.problemAt(problem.line, problem.column)}:</b> {problem.message}{' '}
              <span className="t2">{problem.remedy}</span>
            </span>
            <button
              type="button"
              className="btn sm ghost"
              onClick={() => editor.current?.focus(problems[0]?.from ?? 0)}
            >
              {t.toProblem}
            </button>
          </>
        )}
      </div>
    </section>
  )
}

function stepCount(text: string, name: string): number {
  const { value } = parseSnippet(text, name)
  return value?.steps.length ?? 0
}

function EditorHead({ open }: { readonly open: OpenSnippet }): JSX.Element {
  const { client } = useSession()
  const { name } = open
  const [menuAt, setMenuAt] = useState<ScreenPoint | null>(null)
  const [renameAt, setRenameAt] = useState<ScreenPoint | null>(null)
  const [removeAt, setRemoveAt] = useState<ScreenPoint | null>(null)
  const failure = useSnippets((s) => s.problem)
  const edited = isEdited(open)
  const at = name.lastIndexOf('/') + 1
  return (
    <>
      <div className="phead">
        <h2 className="ell" title={revealLine(name)}>
          <span className="t3">{revealLine(name.slice(0, at))}</span>
          {revealLine(name.slice(at))}
        </h2>
        <span className="t3">{edited ? t.edited : ''}</span>
        <span className="grow" />
        <button
          type="button"
          className="btn sm ghost"
          disabled={!edited}
          onClick={() => void saveSnippet(client)}
        >
          {t.save}
          <kbd>Ctrl S</kbd>
        </button>
        <button
          type="button"
          className="btn sm sq ghost"
          aria-label={t.more}
          title={t.more}
          aria-haspopup="menu"
          onClick={(event) => {
            const { left, bottom } = event.currentTarget.getBoundingClientRect()
            setMenuAt({ x: left, y: bottom + 4 })
          }}
        >
          <Icon name="down" />
        </button>
      </div>
      {failure !== null && (
        <p className="snippet-failure" role="alert">
          <Icon name="warn" small tone="err" />
          <span>
            <b>{failure.message}</b> <span className="t2">{failure.remedy}</span>
          </span>
        </p>
      )}
      {menuAt !== null && (
        <Menu
          label={t.more}
          at={menuAt}
          groups={[
            {
              items: [
                { key: 'rename', label: t.rename, icon: 'edit', run: () => setRenameAt(menuAt) },
                { key: 'remove', label: t.remove, icon: 'trash', run: () => setRemoveAt(menuAt) },
              ],
            },
          ]}
          onClose={() => setMenuAt(null)}
        />
      )}
      {removeAt !== null && (
        <Menu
          label={t.remove}
          at={removeAt}
          groups={[
            {
              items: [
                {
                  key: 'sure',
                  label: t.removeSure(revealLine(name)),
                  icon: 'trash',
                  run: () => void removeSnippet(client, name),
                },
              ],
            },
          ]}
          onClose={() => setRemoveAt(null)}
        />
      )}
      {renameAt !== null && (
        <TextPrompt
          label={t.rename}
          at={renameAt}
          initial={name}
          placeholder={t.namePlaceholder}
          save={t.renameSave}
          maxLength={MAX_ENTRY_NAME_LENGTH}
          isMono
          onSave={(to) => {
            if (to !== '' && to !== name) void renameSnippet(client, name, to)
          }}
          onClose={() => setRenameAt(null)}
        />
      )}
    </>
  )
}

function Conflict({ isRemoved }: { readonly isRemoved: boolean }): JSX.Element {
  return (
    <div className="snippet-failure" role="alert">
      <Icon name="warn" small tone="warn" />
      <span className="grow">{isRemoved ? t.removedElsewhere : t.conflict}</span>
      {!isRemoved && (
        <button type="button" className="btn sm" onClick={() => settleConflict('theirs')}>
          {t.takeTheirs}
        </button>
      )}
      <button type="button" className="btn sm" onClick={() => settleConflict('mine')}>
        {t.keepMine}
      </button>
    </div>
  )
}
