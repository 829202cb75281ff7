import { type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, hoverTooltip, keymap } from '@codemirror/view'
import type { TextProblem } from './text-editor-types'

/** At most so many are drawn; one mistake often makes a hundred. */
const MAX_SHOWN = 100

export const problemsChanged = StateEffect.define<readonly TextProblem[]>()

const shownProblems = StateField.define<{
  readonly list: readonly TextProblem[]
  readonly marks: DecorationSet
}>({
  create: () => ({ list: [], marks: Decoration.none }),
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(problemsChanged)) continue
      const list = effect.value
        .slice(0, MAX_SHOWN)
        .flatMap((problem) => visible(problem, transaction.newDoc.length))
        .sort((a, b) => a.from - b.from)
      return {
        list,
        marks: RangeSet.of(
          list.map(({ from, to }) => Decoration.mark({ class: 'cm-problem' }).range(from, to)),
          true,
        ),
      }
    }
    if (!transaction.docChanged) return shown
    return { list: [], marks: Decoration.none } // the owner looks again at every change
  },
  provide: (field) => EditorView.decorations.from(field, ({ marks }) => marks),
})

/** At least one character wide, also for what is missing at the end of the text. */
function visible({ from, to, message }: TextProblem, length: number): TextProblem[] {
  if (length === 0) return []
  const start = Math.min(Math.max(0, from), length - 1)
  return [{ from: start, to: Math.min(Math.max(to, start + 1), length), message }]
}

const notes = hoverTooltip((view, at) => {
  const problem = view.state.field(shownProblems).list.find(({ from, to }) => from <= at && at <= to)
  if (problem === undefined) return null
  const dom = document.createElement('div')
  dom.className = 'cm-note'
  dom.textContent = problem.message
  return { pos: problem.from, end: problem.to, create: () => ({ dom }) }
})

/** F8 goes to the mistake after the cursor, round and round. */
function toNextProblem(view: EditorView): boolean {
  const { list } = view.state.field(shownProblems)
  const here = view.state.selection.main.head
  const next = list.find(({ from }) => from > here) ?? list[0]
  if (next === undefined) return false
  view.dispatch({ selection: { anchor: next.from }, scrollIntoView: true })
  return true
}

/** Mistakes underlined where they stand, their words when pointed at. */
export const problemMarks: Extension = [shownProblems, notes, keymap.of([{ key: 'F8', run: toNextProblem }])]
