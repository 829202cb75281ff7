import { ConsoleError, type ErrorCode } from '../../../shared/errors'
import { parseMessage } from '../../../shared/workspace/message-file'
import { parseSnippet, stepLines } from '../../../shared/workspace/snippet-file'
import type { FileProblem, MessageDraft } from '../../../shared/workspace/workspace-types'
import type { Workspace } from '../../workspace/workspace'
import type { LoadedSnippet } from './snippet-world'

/** A snippet ready to run. @param file - As problems name it. @throws ConsoleError `SNIPPET_INVALID`. */
export function loadedSnippet(text: string, file: string): LoadedSnippet {
  const { value, problem } = parseSnippet(text, file)
  if (value === undefined) throw problemError('SNIPPET_INVALID', problem)
  return { snippet: value, lines: stepLines(text) }
}

/** @throws ConsoleError `SNIPPET_UNKNOWN`, `SNIPPET_INVALID`, `WORKSPACE_NAME_INVALID`, `FILE_UNREADABLE`. */
export function snippetNamed(workspace: Workspace, name: string): LoadedSnippet {
  const file = workspace.find('snippets', name)
  if (file === undefined) throw new ConsoleError('SNIPPET_UNKNOWN', `there is no snippet "${name}"`, { name })
  return loadedSnippet(file.text, `snippets/${name}.yaml`)
}

/** A message of a collection. @throws ConsoleError `WORKSPACE_FILE_UNKNOWN`, `DRAFT_INVALID`, `WORKSPACE_NAME_INVALID`. */
export function messageNamed(workspace: Workspace, name: string): MessageDraft {
  const { text } = workspace.read('messages', name)
  const { value, problem } = parseMessage(text, `messages/${name}.yaml`)
  if (value === undefined) throw problemError('DRAFT_INVALID', problem)
  return value
}

function problemError(code: ErrorCode, { file, line, column, message, remedy }: FileProblem): ConsoleError {
  const place = line === 0 ? file : `${file}:${line}:${column}`
  return new ConsoleError(code, `${place}: ${message}`, { file, line, column, remedy })
}
