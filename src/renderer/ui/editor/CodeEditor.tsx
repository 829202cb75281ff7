import { Annotation, Compartment, EditorState, Prec } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { type JSX, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import { adoptEditorStyles } from './adopted-styles'
import { changingExtensions, fixedExtensions } from './editor-extensions'
import { problemsChanged } from './problem-marks'
import type { TextEditorHandle, TextEditorProps } from './text-editor-types'

/** Where the focus was in the field that stood here before. */
export interface TakenFocus {
  readonly start: number
  readonly end: number
}

interface CodeEditorProps extends TextEditorProps {
  readonly handle: Ref<TextEditorHandle> | undefined
  readonly takenFocus: TakenFocus | null
}

const fromOwner = Annotation.define<boolean>()

/** CodeMirror below React: made once, told of each change of its props. */
export function CodeEditor(props: CodeEditorProps): JSX.Element {
  const { value, problems, handle, takenFocus } = props
  const holder = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const parts = useRef<Compartment | null>(null)
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })

  useLayoutEffect(() => {
    if (holder.current === null) return
    adoptEditorStyles()
    const changing = new Compartment()
    const current = (): TextEditorProps => latest.current
    const made = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          Prec.highest(
            EditorView.domEventHandlers({ keydown: (event) => current().onKey?.(event) ?? false }),
          ),
          changing.of(changingExtensions(current(), current)),
          fixedExtensions,
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.every((one) => one.annotation(fromOwner))) return
            current().onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    parts.current = changing
    return () => {
      made.destroy()
      view.current = null
    }
  }, [])

  // another text than the one here: the owner has put it in; undo takes it back like any other change
  useLayoutEffect(() => {
    const made = view.current
    if (made === null || made.state.doc.toString() === value) return
    made.dispatch({
      changes: { from: 0, to: made.state.doc.length, insert: value },
      selection: { anchor: Math.min(made.state.selection.main.head, value.length) },
      annotations: fromOwner.of(true),
    })
  }, [value])

  const { language, size, placeholder, isReadOnly, variable, complete, label, id, isInvalid, describedBy } =
    props
  const { isPaneFocus } = props
  const hasCompletions = complete !== undefined
  const hasProblems = (problems?.length ?? 0) > 0
  useLayoutEffect(() => {
    const made = view.current
    if (made === null || parts.current === null) return
    made.dispatch({
      effects: parts.current.reconfigure(changingExtensions(latest.current, () => latest.current)),
    })
  }, [
    language,
    size,
    placeholder,
    isReadOnly,
    variable,
    hasCompletions,
    hasProblems,
    label,
    id,
    isInvalid,
    describedBy,
    isPaneFocus,
  ])

  useLayoutEffect(() => {
    view.current?.dispatch({ effects: problemsChanged.of(problems ?? []) })
  }, [problems, value])

  useImperativeHandle(handle, () => ({
    focus(at?: number): void {
      const made = view.current
      if (made === null) return
      made.focus()
      if (at === undefined) return
      made.dispatch({ selection: { anchor: Math.min(at, made.state.doc.length) }, scrollIntoView: true })
    },
  }))

  useEffect(() => {
    const made = view.current
    if (made === null || takenFocus === null) return
    made.focus()
    const length = made.state.doc.length
    made.dispatch({
      selection: { anchor: Math.min(takenFocus.start, length), head: Math.min(takenFocus.end, length) },
    })
  }, [takenFocus])

  return <div ref={holder} className="editor-view" />
}
