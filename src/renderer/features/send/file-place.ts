import type { FileProblem } from '../../../shared/workspace/workspace-types'
import type { TextProblem } from '../../ui/editor/text-editor-types'

/** Where a problem of a file stands in its text: from its place to the end of the word. */
export function filePlace(text: string, { line, column, message }: FileProblem): TextProblem {
  const lines = text.split('\n')
  const before = lines.slice(0, Math.max(0, line - 1)).reduce((sum, each) => sum + each.length + 1, 0)
  const from = before + Math.max(0, column - 1)
  const word = /^[^\s,:{}[\]]+/.exec(text.slice(from))?.[0].length ?? 0
  return { from, to: from + Math.max(1, word), message }
}
