import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, toggleComment } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, lineNumbers, placeholder as placeholderText } from '@codemirror/view'
import { editorTheme } from './editor-theme'
import { problemMarks } from './problem-marks'
import type { TextEditorProps, TextLanguage } from './text-editor-types'
import { variableMarks } from './variable-marks'

/**
 * Text in place of a selection, and lines put in at once by a helper program. Left to itself the browser carries over the
 * look of what it replaces in style attributes, which the policy refuses aloud.
 */
const replacedAtOnce = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const selection = getSelection()
    const { anchorNode, focusNode } = selection ?? {}
    if (event.inputType !== 'insertText' || event.data === null || view.state.readOnly) return false
    if (selection === null || !anchorNode || !focusNode) return false
    if (!view.contentDOM.contains(anchorNode) || !view.contentDOM.contains(focusNode)) return false
    if (selection.isCollapsed && !event.data.includes('\n')) return false
    const ends = [
      view.posAtDOM(anchorNode, selection.anchorOffset),
      view.posAtDOM(focusNode, selection.focusOffset),
    ]
    const from = Math.min(...ends)
    view.dispatch({
      changes: { from, to: Math.max(...ends), insert: event.data },
      selection: { anchor: from + event.data.length },
      userEvent: 'input.type',
      scrollIntoView: true,
    })
    event.preventDefault()
    return true
  },
})

/** What never changes while an editor lives. */
export const fixedExtensions: Extension = [
  replacedAtOnce,
  history(),
  bracketMatching(),
  indentOnInput(),
  indentUnit.of('  '),
  EditorState.tabSize.of(2),
  editorTheme,
  problemMarks,
]

const LANGUAGES: Readonly<Record<TextLanguage, () => Extension>> = {
  json: () => json(),
  yaml: () => [yaml(), keymap.of([{ key: 'Mod-/', run: toggleComment }])],
  text: () => [],
}

/** Keys of the screen that an editor does not take away: sending, the filter bar, and Tab, which goes on as elsewhere. */
const SCREEN_KEYS = new Set(['Mod-Enter', 'Mod-/', 'Ctrl-m', 'Shift-Alt-a', 'Alt-A'])
const keys = keymap.of([
  ...defaultKeymap.filter(({ key, mac }) => !SCREEN_KEYS.has(key ?? '') && !SCREEN_KEYS.has(mac ?? '')),
  ...historyKeymap,
])

/** What follows the props. The functions of the owner are read when they are needed. */
export function changingExtensions(props: TextEditorProps, current: () => TextEditorProps): Extension {
  const { language, size, placeholder, isReadOnly = false, variable, complete } = props
  return [
    size === 'line' ? singleLine(current) : EditorView.lineWrapping,
    keys,
    LANGUAGES[language](),
    size === 'fill' ? lineNumbers() : [],
    placeholder === undefined ? [] : placeholderText(placeholder),
    EditorState.readOnly.of(isReadOnly),
    variable === undefined ? [] : variableMarks(variable),
    complete === undefined ? [] : completions(current),
    EditorView.contentAttributes.of(attributes(props)),
  ]
}

function attributes(props: TextEditorProps): Record<string, string> {
  const { label, id, isInvalid, problems = [], describedBy, isPaneFocus, size } = props
  return {
    'aria-label': label,
    'aria-invalid': String(isInvalid ?? problems.length > 0),
    'aria-multiline': String(size !== 'line'),
    ...(id === undefined ? {} : { id }),
    ...(describedBy === undefined ? {} : { 'aria-describedby': describedBy }),
    ...(isPaneFocus === true ? { 'data-pane-focus': '' } : {}),
  }
}

/** Enter belongs to the owner; lines that are pasted become one. */
function singleLine(current: () => TextEditorProps): Extension {
  return [
    keymap.of([
      {
        key: 'Enter',
        run: () => {
          current().onEnter?.()
          return true
        },
      },
    ]),
    EditorState.transactionFilter.of((transaction) => {
      if (transaction.newDoc.lines === 1) return transaction
      const changes: { from: number; to: number; insert: string }[] = []
      for (let line = 2; line <= transaction.newDoc.lines; line++) {
        const { from } = transaction.newDoc.line(line)
        changes.push({ from: from - 1, to: from, insert: ' ' })
      }
      return [transaction, { changes, sequential: true }]
    }),
  ]
}

function completions(current: () => TextEditorProps): Extension {
  const source = ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const found = current().complete?.(state.doc.toString(), pos, explicit) ?? null
    return found === null
      ? null
      : { from: found.from, options: found.options.map((option) => ({ ...option })), filter: true }
  }
  return autocompletion({ override: [source], icons: false, activateOnTyping: true, maxRenderedOptions: 100 })
}
