import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

interface StyleModules {
  mount(root: object, modules: readonly object[]): void
}

let isReady = false

/**
 * Makes CodeMirror keep its rules in a style sheet made by script, which our policy (`style-src 'self'`) allows, and not in
 * a `<style>` element, which it forbids. Its style-mod does so by itself only below a shadow root: a document has a head,
 * and there it writes an element. So a root without a head makes the set of rules, and the document is given the same set.
 * Call before the first editor is made.
 */
export function adoptEditorStyles(): void {
  if (isReady) return
  isReady = true
  const [sample] = EditorState.create({ extensions: EditorView.theme({ '&': {} }) }).facet(
    EditorView.styleModule,
  )
  if (sample === undefined) return
  const modules = sample.constructor as unknown as StyleModules
  const headless = { ownerDocument: document, adoptedStyleSheets: [] }
  modules.mount(headless, [])
  for (const key of Object.getOwnPropertySymbols(headless)) {
    Object.assign(document, { [key]: (headless as Record<symbol, unknown>)[key] })
  }
}
