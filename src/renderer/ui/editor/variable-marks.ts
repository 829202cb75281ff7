import type { Extension } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  hoverTooltip,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view'

const VARIABLE = /\{\{\s*([^{}\s]+)\s*\}\}/g

/** Marks `{{name}}` as known or not, with its value when pointed at. Asks anew whenever the editor is set up anew. */
export function variableMarks(valueOf: (name: string) => string | undefined): Extension {
  const matcher = new MatchDecorator({
    regexp: VARIABLE,
    decoration: ([, name = '']) =>
      Decoration.mark({ class: valueOf(name) === undefined ? 'cm-variable-unknown' : 'cm-variable' }),
  })
  const marks = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet
      constructor(view: EditorView) {
        this.decorations = matcher.createDeco(view)
      }
      update(update: ViewUpdate): void {
        this.decorations = matcher.updateDeco(update, this.decorations)
      }
    },
    { decorations: (plugin) => plugin.decorations },
  )
  const values = hoverTooltip((view, at) => {
    const line = view.state.doc.lineAt(at)
    for (const match of line.text.matchAll(VARIABLE)) {
      const from = line.from + match.index
      const end = from + match[0].length
      if (at < from || at > end) continue
      const value = valueOf(match[1] ?? '')
      const dom = document.createElement('div')
      dom.className = 'cm-note'
      dom.textContent =
        value === undefined ? `No value for ${match[1] ?? ''}` : `${match[1] ?? ''} = ${value}`
      return { pos: from, end, create: () => ({ dom }) }
    }
    return null
  })
  return [marks, values]
}
