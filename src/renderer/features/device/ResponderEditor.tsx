import { type JSX, useEffect, useState } from 'react'
import { asConsoleError, hasCode, toWireError } from '../../../shared/errors'
import type { ResponderState, ResponderTest } from '../../../shared/model/responders'
import type { Problem } from '../../../shared/model/views'
import { entryNameProblem } from '../../../shared/workspace/entry-name'
import { formatResponder, parseResponder } from '../../../shared/workspace/responder-file'
import type { FileProblem, Responder } from '../../../shared/workspace/workspace-types'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { TextEditor } from '../../ui/editor/TextEditor'
import type { TextProblem } from '../../ui/editor/text-editor-types'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { AnswerView } from './AnswerView'
import type { OpenResponder } from './open-responder'
import { ResponderForm } from './ResponderForm'
import { deviceTexts as t } from './texts'

interface ResponderEditorProps {
  readonly open: OpenResponder
  readonly names: readonly string[]
  /** What the core knows of it; undefined for a new one, and for one that was removed. */
  readonly current: ResponderState | undefined
  readonly onSaved: (name: string) => void
  readonly onClosed: () => void
}

type Shape = 'form' | 'yaml'

/** What is on disk as this editor knows it. */
interface Base {
  readonly text: string
  readonly revision: string | null
}

/** One responder as form and as text. The text is what is kept; the form writes into it. */
export function ResponderEditor(props: ResponderEditorProps): JSX.Element {
  const { open, names, current, onSaved, onClosed } = props
  const { client } = useSession()
  const [base, setBase] = useState<Base | null>(open.isNew ? { text: open.text, revision: null } : null)
  const [text, setText] = useState(open.text)
  const [name, setName] = useState(open.isNew ? freeName(open, names) : open.name)
  const [shape, setShape] = useState<Shape>('form')
  const [tested, setTested] = useState<ResponderTest | null>(null)
  const [failure, setFailure] = useState<Problem | null>(null)
  const [isAsking, setIsAsking] = useState(false)
  const reading = parseResponder(text, `responders/${name}.yaml`)
  const isDirty = base === null ? false : open.isNew || text !== base.text
  const isStale = !open.isNew && base !== null && current !== undefined && current.revision !== base.revision
  const wanted = open.isNew ? null : (current?.revision ?? null)

  // Follows the file for as long as nothing was changed here.
  const mustRead = !open.isNew && wanted !== null && wanted !== base?.revision && !isDirty
  useEffect(() => {
    if (!mustRead) return
    let isGone = false
    client.call('workspace.read', { kind: 'responders', name: open.name }).then(
      ({ file }) => {
        if (isGone) return
        setBase({ text: file.text, revision: file.revision })
        setText(file.text)
        setTested(null)
      },
      (error: unknown) => setFailure(toWireError(asConsoleError(error))),
    )
    return () => {
      isGone = true
    }
  }, [client, mustRead, open.name, wanted])

  const changed = (next: string): void => {
    setText(next)
    setTested(null)
  }
  const nameProblem = open.isNew ? nameProblemOf(name, names) : null
  const canSave = isDirty && nameProblem === null && reading.problem === undefined
  const save = async (revision: string | null): Promise<void> => {
    setFailure(null)
    try {
      const { file } = await client.call('workspace.save', { kind: 'responders', name, text, revision })
      setBase({ text: file.text, revision: file.revision })
      useApp.getState().toasted({ key: 'responder-saved', tone: 'ok', text: t.saved(name) })
      if (open.isNew) onSaved(name)
    } catch (error) {
      if (hasCode(error, 'WORKSPACE_CONFLICT')) return // the banner says so as soon as the list is there
      setFailure(toWireError(asConsoleError(error)))
    }
  }
  const remove = async (): Promise<void> => {
    try {
      await client.call('workspace.remove', { kind: 'responders', name, revision: base?.revision ?? '' })
      useApp.getState().toasted({ key: 'responder-removed', tone: 'ok', text: t.removed(name) })
      onClosed()
    } catch (error) {
      setFailure(toWireError(asConsoleError(error)))
    }
  }
  const test = (): void => {
    void client
      .call('responder.test', { name: name === '' ? 'new' : name, text, messageId: null })
      .then(setTested, (error: unknown) => setFailure(toWireError(asConsoleError(error))))
  }
  if (base === null) return <div className="responder-side" />
  return (
    <form
      className="responder-side"
      aria-label={open.isNew ? t.newTitle : t.editor(name)}
      onSubmit={(event) => {
        event.preventDefault()
        if (canSave) void save(base.revision)
      }}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === 's') {
          event.preventDefault()
          if (canSave) void save(base.revision)
        }
      }}
    >
      <header className="phead">
        <h2 className="ell">{open.isNew ? t.newTitle : name}</h2>
        {isDirty && !open.isNew && <span className="t3">{t.unsaved}</span>}
        <span className="grow" />
        <Segmented
          label={t.shape}
          value={shape}
          options={[
            { value: 'form', label: t.shapes.form },
            { value: 'yaml', label: t.shapes.yaml },
          ]}
          onChange={setShape}
        />
      </header>
      {isStale && isDirty && (
        <div className="device-note warn" role="status">
          <span className="ell">{t.changed}</span>
          <button type="button" className="btn sm" onClick={() => setText(base.text)}>
            {t.theirs}
          </button>
          <button type="button" className="btn ghost sm" onClick={() => void save(current.revision)}>
            {t.mine}
          </button>
        </div>
      )}
      {!open.isNew && current === undefined && (
        <p className="device-note warn" role="status">
          {t.gone}
        </p>
      )}
      {open.isNew && (
        <label className={nameProblem === null ? 'field' : 'field bad'}>
          <span className="lab">{t.name}</span>
          <input
            value={name}
            aria-invalid={nameProblem !== null}
            title={nameProblem ?? t.nameHint}
            spellCheck={false}
            autoFocus
            onChange={(event) => setName(event.target.value)}
          />
        </label>
      )}
      <div className="responder-body scrolls">
        {shape === 'yaml' ? (
          <TextEditor
            label={t.text}
            language="yaml"
            size="fill"
            value={text}
            problems={marksOf(reading.problem, text)}
            onChange={changed}
          />
        ) : reading.problem === undefined ? (
          <ResponderForm
            key={base.revision}
            responder={reading.value}
            onChange={(responder: Responder) => changed(formatResponder(responder, text))}
            onYaml={() => setShape('yaml')}
          />
        ) : (
          <div className="device-note">
            <span>{t.formBroken}</span>
            <button type="button" className="btn sm" onClick={() => setShape('yaml')}>
              {t.toYaml}
            </button>
          </div>
        )}
      </div>
      {reading.problem !== undefined && (
        <p className="device-note err" role="status">
          <span>
            {t.line(reading.problem.line, reading.problem.message)}. {reading.problem.remedy}
          </span>
        </p>
      )}
      {failure !== null && (
        <p className="device-note err" role="alert">
          <span>
            <b className="b">{failure.code}</b> {failure.message}. {failure.remedy}
          </span>
        </p>
      )}
      {tested !== null && <AnswerView test={tested} />}
      <footer className="responder-foot">
        <button
          type="button"
          className="btn"
          title={t.testHint}
          disabled={reading.problem !== undefined}
          onClick={test}
        >
          {t.test}
        </button>
        <span className="grow" />
        {!open.isNew &&
          (isAsking ? (
            <>
              <span className="t2">{t.removeAsk}</span>
              <button type="button" className="btn sm" onClick={() => void remove()}>
                {t.remove}
              </button>
              <button type="button" className="btn ghost sm" autoFocus onClick={() => setIsAsking(false)}>
                {t.keep}
              </button>
            </>
          ) : (
            <button type="button" className="btn ghost" onClick={() => setIsAsking(true)}>
              {t.remove}
            </button>
          ))}
        {open.isNew && (
          <button type="button" className="btn ghost" onClick={onClosed}>
            {t.cancel}
          </button>
        )}
        {isDirty && !open.isNew && (
          <button type="button" className="btn ghost" onClick={() => changed(base.text)}>
            {t.revert}
          </button>
        )}
        <button type="submit" className="btn primary" disabled={!canSave} title={nameProblem ?? undefined}>
          <Icon name="check" />
          {t.save}
        </button>
      </footer>
    </form>
  )
}

function nameProblemOf(name: string, names: readonly string[]): string | null {
  const taken = names.some((other) => other.toLowerCase() === name.toLowerCase())
  return taken ? `there is a responder ${name} already` : entryNameProblem(name)
}

/** A name that no file has, from the route of the text that it begins with. */
function freeName({ name, text }: OpenResponder, names: readonly string[]): string {
  const route = name === '' ? (/^route: "?([\w.-]+)/m.exec(text)?.[1] ?? 'answer') : name
  const start = route.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '') || 'answer'
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? start : `${start}-${number}`
    if (!names.some((other) => other.toLowerCase() === candidate.toLowerCase())) return candidate
  }
}

/** The mistake at the end of its line. */
function marksOf(problem: FileProblem | undefined, text: string): readonly TextProblem[] {
  if (problem === undefined || problem.line === 0) return []
  const lines = text.split('\n')
  const before = lines.slice(0, problem.line - 1).reduce((sum, line) => sum + line.length + 1, 0)
  const length = lines[problem.line - 1]?.length ?? 0
  const from = before + Math.min(length, Math.max(0, problem.column - 1))
  return [{ from, to: Math.max(from, before + length), message: problem.message }]
}
