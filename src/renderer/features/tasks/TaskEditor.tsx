import { type JSX, useEffect, useId, useRef, useState } from 'react'
import { asConsoleError, hasCode, toWireError, type WireError } from '../../../shared/errors'
import { MAX_ENTRY_NAME_LENGTH } from '../../../shared/workspace/entry-name'
import { useSession } from '../../store/session-context'
import { TextEditor } from '../../ui/editor/TextEditor'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { fieldsOf, NEW_TASK, placeOf, problemOf } from './task-text'
import { TaskForm } from './TaskForm'
import { useTasks } from './tasks-store'
import { taskTexts as t } from './texts'

interface TaskEditorProps {
  /** Null for a task that has no file yet. */
  readonly name: string | null
  readonly shape: 'form' | 'file'
  /** Of the file as the list knows it. */
  readonly revision: string | null
}

/** What stands in the editor, and the file as it was read. */
interface Editing {
  readonly text: string
  readonly before: string
  readonly revision: string | null
}

const SHAPES = (['form', 'file'] as const).map((value) => ({
  value,
  label: t.view[value === 'form' ? 'edit' : 'file'],
}))

/** A task as a form or as its file: one text, two views. */
export function TaskEditor({ name, shape: asked, revision }: TaskEditorProps): JSX.Element {
  const { client } = useSession()
  const { viewChosen, addingChanged, selectedChanged } = useTasks.getState()
  const [editing, setEditing] = useState<Editing | null>(
    name === null ? { text: NEW_TASK, before: NEW_TASK, revision: null } : null,
  )
  const [newName, setNewName] = useState('')
  const [newShape, setNewShape] = useState<'form' | 'file'>('form')
  const [failure, setFailure] = useState<WireError | null>(null)
  const [isConflict, setIsConflict] = useState(false)
  const saidId = useId()
  const form = useRef<HTMLFormElement>(null)
  const shape = name === null ? newShape : asked
  const isDirty = editing !== null && (editing.text !== editing.before || name === null)
  const isStale = editing === null || (!isDirty && editing.revision !== revision)

  const load = async (): Promise<void> => {
    if (name === null) return
    try {
      const { file } = await client.call('workspace.read', { kind: 'tasks', name })
      setEditing({ text: file.text, before: file.text, revision: file.revision })
      setIsConflict(false)
      setFailure(null)
    } catch (error) {
      setFailure(toWireError(asConsoleError(error)))
    }
  }
  // A file that changed outside is followed for as long as nobody wrote here.
  useEffect(() => {
    if (!isStale || name === null) return
    let isGone = false
    client.call('workspace.read', { kind: 'tasks', name }).then(
      ({ file }) => {
        if (!isGone) setEditing({ text: file.text, before: file.text, revision: file.revision })
      },
      (error: unknown) => {
        if (!isGone) setFailure(toWireError(asConsoleError(error)))
      },
    )
    return () => {
      isGone = true
    }
  }, [client, name, revision, isStale])
  useEffect(() => {
    if (name === null) form.current?.querySelector('input')?.focus()
  }, [name])

  if (editing === null) return <p className="tasks-editor t3">{failure?.message ?? t.loading}</p>
  const { text } = editing
  const found = problemOf(text)
  const fields = fieldsOf(text)
  const change = (next: string): void => setEditing({ ...editing, text: next })
  const target = name ?? newName.trim()
  const canSave = isDirty && target !== '' && (found === null || shape === 'file')
  const save = async (over: string | null): Promise<void> => {
    setFailure(null)
    try {
      const { file } = await client.call('workspace.save', {
        kind: 'tasks',
        name: target,
        text,
        revision: over,
      })
      setEditing({ text: file.text, before: file.text, revision: file.revision })
      setIsConflict(false)
      if (name === null) {
        addingChanged(false)
        selectedChanged(file.name)
      }
    } catch (error) {
      if (name !== null && hasCode(error, 'WORKSPACE_CONFLICT')) setIsConflict(true)
      else setFailure(toWireError(asConsoleError(error)))
    }
  }
  const overwrite = async (): Promise<void> => {
    const { file } = await client.call('workspace.read', { kind: 'tasks', name: target })
    await save(file.revision)
  }
  const leave = (): void => {
    if (name === null) addingChanged(false)
    else if (isDirty) setEditing({ ...editing, text: editing.before })
    else viewChosen('runs')
    if (!isDirty || name === null) document.querySelector<HTMLElement>('.tasks-grid')?.focus()
  }
  return (
    <form
      ref={form}
      className="tasks-editor"
      aria-label={name ?? t.add}
      onSubmit={(event) => {
        event.preventDefault()
        if (canSave) void save(editing.revision)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) {
          event.preventDefault()
          event.stopPropagation()
          leave()
        } else if (event.key === 's' && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
          event.preventDefault()
          event.stopPropagation()
          if (canSave) void save(editing.revision)
        }
      }}
    >
      {name === null && (
        <div className="tasks-new">
          <label className="tasks-cell">
            {t.newName}
            <span className="field">
              <input
                value={newName}
                maxLength={MAX_ENTRY_NAME_LENGTH}
                placeholder={t.namePlaceholder}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setNewName(event.target.value)}
              />
            </span>
          </label>
          <Segmented label={t.views} value={newShape} options={SHAPES} onChange={setNewShape} />
        </div>
      )}
      {shape === 'form' && fields !== null ? (
        <TaskForm
          text={text}
          fields={fields}
          badField={found?.field ?? ''}
          saidId={saidId}
          onChange={change}
        />
      ) : (
        <div className="tasks-file">
          <TextEditor
            value={text}
            language="yaml"
            size="fill"
            label={t.fileLabel}
            describedBy={saidId}
            problems={
              found === null ? [] : [{ ...placeOf(text, found.problem), message: found.problem.message }]
            }
            onChange={change}
          />
        </div>
      )}
      <footer className="tasks-foot">
        <span
          id={saidId}
          className={`grow ell ${found === null && failure === null ? 't3' : 'err'}`}
          role="status"
        >
          {failure !== null
            ? sentences(failure.message, failure.remedy)
            : isConflict
              ? t.conflict
              : found !== null
                ? sentences(
                    `${found.problem.line > 0 ? `Line ${found.problem.line}: ` : ''}${found.problem.message}`,
                    found.problem.remedy,
                  )
                : isDirty
                  ? t.unsaved
                  : t.saved}
        </span>
        {isConflict ? (
          <>
            <button type="button" className="btn sm" onClick={() => void load()}>
              {t.takeTheirs}
            </button>
            <button type="button" className="btn sm" onClick={() => void overwrite()}>
              {t.keepMine}
            </button>
          </>
        ) : (
          <>
            <button type="button" className="btn ghost sm" onClick={leave}>
              {isDirty ? t.discard : t.cancel}
            </button>
            <button type="submit" className="btn primary sm" disabled={!canSave}>
              <Icon name="check" />
              {name === null ? t.create : t.save}
            </button>
          </>
        )}
      </footer>
    </form>
  )
}
