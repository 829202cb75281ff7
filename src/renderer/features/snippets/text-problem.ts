import type { FileProblem } from '../../../shared/workspace/workspace-types'
import type { TextProblem } from '../../ui/editor/text-editor-types'

/** Where a problem of a file stands in its text: from its place to the end of the word, or of the line. */
export function textProblem(text: string, { line, column, message }: FileProblem): TextProblem {
  const lines = text.split('\n')
  const before = lines.slice(0, Math.max(0, line - 1)).reduce((sum, each) => sum + each.length + 1, 0)
  const shown = lines[Math.max(0, line - 1)] ?? ''
  const from = before + Math.min(Math.max(0, column - 1), shown.length)
  const word = /^[^\s,:{}[\]]+/.exec(text.slice(from))?.[0].length ?? 0
  return { from, to: Math.min(text.length, from + Math.max(1, word)), message }
}
