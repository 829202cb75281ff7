import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The look of all editors, of our tokens only: themes change by the attribute on the page, no editor is made again. */
const look = EditorView.theme({
  '&': { color: 'var(--text-1)', backgroundColor: 'transparent', font: '12px / 18px var(--font-mono)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: 'inherit' },
  '.cm-content': { padding: '0', caretColor: 'var(--text-1)', boxShadow: 'none !important', cursor: 'text' },
  '.cm-line': { padding: '0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--text-1)' },
  '.cm-placeholder': { color: 'var(--text-3)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--accent-line)',
  },
  '.cm-gutters': { background: 'transparent', color: 'var(--text-3)', border: '0', paddingRight: '8px' },
  '.cm-activeLineGutter': { background: 'transparent', color: 'var(--text-1)' },
  '&.cm-focused .cm-matchingBracket': {
    background: 'var(--surface-4)',
    outline: '1px solid var(--border-3)',
  },
  '&.cm-focused .cm-nonmatchingBracket': { background: 'transparent', color: 'inherit' },
  '.cm-problem': { textDecoration: 'underline wavy var(--error)', textDecorationSkipInk: 'none' },
  '.cm-variable': {
    color: 'var(--accent-strong)',
    background: 'var(--accent-soft)',
    borderRadius: 'var(--r-1)',
  },
  '.cm-variable-unknown': {
    color: 'var(--warn)',
    background: 'var(--warn-soft)',
    borderRadius: 'var(--r-1)',
  },
  '.cm-tooltip': {
    background: 'var(--overlay)',
    color: 'var(--text-1)',
    border: '0',
    borderRadius: 'var(--r-3)',
    boxShadow: 'var(--shadow-3)',
    font: 'var(--fs-12) / var(--lh-12) var(--font-ui)',
  },
  '.cm-note': { padding: '6px 8px', maxWidth: '480px', overflowWrap: 'anywhere' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'inherit', padding: '4px', maxHeight: '216px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: '0 8px',
    height: '26px',
    lineHeight: '26px',
    borderRadius: 'var(--r-2)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--accent-soft)',
    color: 'var(--text-1)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-completionDetail': { color: 'var(--text-3)', fontStyle: 'normal', marginLeft: '12px' },
})

/** Keys stand out by weight of tone, values by their kind; never by colour alone, for the quotes are there too. */
const words = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--text-2)' },
  { tag: [tags.string, tags.content, tags.attributeValue], color: 'var(--text-1)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--accent-strong)' },
  { tag: [tags.comment, tags.lineComment, tags.meta], color: 'var(--text-3)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--text-3)' },
])

export const editorTheme: Extension = [look, syntaxHighlighting(words)]
