import { type JSX, type ReactNode, useId, useMemo, useRef, useState } from 'react'
import { MAX_ENTRY_NAME_LENGTH } from '../../../shared/workspace/entry-name'
import type { FileProblem } from '../../../shared/workspace/workspace-types'
import { useSession } from '../../store/session-context'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { TextEditor } from '../../ui/editor/TextEditor'
import type { TextEditorHandle } from '../../ui/editor/text-editor-types'
import { Icon } from '../../ui/icons'
import { Menu, type ScreenPoint } from '../../ui/Menu'
import { TextPrompt } from '../../ui/TextPrompt'
import { revealLine } from '../../ui/visible-text'
import { filePlace } from './file-place'
import {
  duplicateFile,
  isEdited,
  type OpenFile,
  removeFile,
  renameFile,
  saveFile,
  settleConflict,
  useSend,
} from './send-store'
import { texts } from './texts'

interface FileEditorProps {
  readonly open: OpenFile
  readonly problem: FileProblem | null
  readonly onRun?: () => void
  /** Beside Save. */
  readonly actions?: ReactNode
  /** Instead of the text. */
  readonly form?: ReactNode
  /** Below the text when nothing is wrong with it. */
  readonly note?: string | null
}

/** One file of the workspace: its text with what is wrong in it, and what was changed elsewhere meanwhile. */
export function FileEditor(props: FileEditorProps): JSX.Element {
  const { open, problem, onRun, actions, form, note = null } = props
  const { client } = useSession()
  const { name, text, theirs } = open
  const editor = useRef<TextEditorHandle>(null)
  const saidId = useId()
  const problems = useMemo(() => (problem === null ? [] : [filePlace(text, problem)]), [text, problem])
  const onKey = (event: KeyboardEvent): boolean => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return false
    if (event.key.toLowerCase() === 's') void saveFile(client)
    else if (event.key === 'Enter' && onRun !== undefined) onRun()
    else return false
    return true
  }
  return (
    <section
      className="pane send-edit"
      data-pane="send-edit"
      aria-label={revealLine(name)}
      onKeyDown={(event) => {
        if (!event.defaultPrevented && onKey(event.nativeEvent)) event.preventDefault()
      }}
    >
      <div className="phead">
        <h2 className="ell mono">{revealLine(name)}</h2>
        <span className="t3">{isEdited(open) ? texts.edited : ''}</span>
        <span className="grow" />
        <FileMenu open={open} />
        <button
          type="button"
          className="btn sm"
          disabled={!isEdited(open)}
          onClick={() => void saveFile(client)}
        >
          {texts.save}
          <kbd>Ctrl S</kbd>
        </button>
        {actions}
      </div>
      {theirs !== undefined && (
        <div className="send-conflict" role="alert">
          <Icon name="warn" small tone="warn" />
          <span className="grow">{theirs === null ? texts.conflictRemoved : texts.conflict}</span>
          <button type="button" className="btn sm" onClick={() => void settleConflict(client, 'theirs')}>
            {texts.takeTheirs}
          </button>
          <button type="button" className="btn sm" onClick={() => void settleConflict(client, 'mine')}>
            {texts.keepMine}
          </button>
        </div>
      )}
      <div className={theirs ? 'send-texts both' : 'send-texts'}>
        {form ?? (
          <TextEditor
            ref={editor}
            value={text}
            language="yaml"
            size="fill"
            label={texts.editor(revealLine(name))}
            problems={problems}
            describedBy={saidId}
            isPaneFocus
            onKey={onKey}
            onChange={(changed) => useSend.setState({ open: { ...open, text: changed } })}
          />
        )}
        {theirs && (
          <div className="send-theirs">
            <p className="t3">{texts.theirs}</p>
            <TextEditor
              value={theirs.text}
              language="yaml"
              size="fill"
              label={texts.theirs}
              isReadOnly
              onChange={() => undefined}
            />
          </div>
        )}
      </div>
      <div id={saidId} className="send-problem" role="status">
        {problem === null ? (
          <span className="t3">{note ?? texts.fine}</span>
        ) : (
          <>
            <Icon name="warn" small tone="err" />
            <span className="grow">
              <b>{texts.problemAt(problem.line, problem.column)}:</b> {problem.message}.{' '}
              <span className="t2">{problem.remedy}</span>
            </span>
            <button
              type="button"
              className="btn sm ghost"
              onClick={() => editor.current?.focus(problems[0]?.from ?? 0)}
            >
              {texts.showProblem}
            </button>
          </>
        )}
      </div>
    </section>
  )
}

/** Rename, duplicate, delete. */
function FileMenu({ open }: { readonly open: OpenFile }): JSX.Element {
  const { client } = useSession()
  const { kind, name } = open
  const [at, setAt] = useState<ScreenPoint | null>(null)
  const [asking, setAsking] = useState<{ readonly at: ScreenPoint } | 'remove' | null>(null)
  const [place, setPlace] = useState<ScreenPoint>({ x: 0, y: 0 })
  return (
    <>
      <button
        type="button"
        className="btn sm ghost"
        aria-haspopup="menu"
        aria-expanded={at !== null}
        onClick={(event) => {
          const { left, bottom } = event.currentTarget.getBoundingClientRect()
          setPlace({ x: left, y: bottom + 4 })
          setAt({ x: left, y: bottom + 4 })
        }}
      >
        {texts.more}
      </button>
      {at !== null && (
        <Menu
          label={texts.more}
          at={at}
          onClose={() => setAt(null)}
          groups={[
            {
              items: [
                { key: 'rename', label: texts.rename, hint: 'F2', run: () => setAsking({ at: place }) },
                {
                  key: 'duplicate',
                  label: texts.duplicate,
                  hint: 'Ctrl D',
                  run: () => void duplicateFile(client, kind, name),
                },
                { key: 'remove', label: texts.remove, hint: 'Del', run: () => setAsking('remove') },
              ],
            },
          ]}
        />
      )}
      {asking === 'remove' ? (
        <ConfirmDialog
          title={texts.removeTitle(name)}
          why={texts.removeWhy}
          act={texts.remove}
          cancel={texts.cancel}
          onAct={() => void removeFile(client, kind, name)}
          onClose={() => setAsking(null)}
        />
      ) : (
        asking !== null && (
          <TextPrompt
            label={kind === 'messages' ? texts.nameHint : texts.environmentHint}
            at={asking.at}
            initial={name}
            placeholder={name}
            save={texts.rename}
            maxLength={MAX_ENTRY_NAME_LENGTH}
            isMono
            onSave={(to) => void renameFile(client, kind, name, to)}
            onClose={() => setAsking(null)}
          />
        )
      )}
    </>
  )
}
