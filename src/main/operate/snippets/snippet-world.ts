import type { Clock } from '../../../shared/model/clock'
import type { MessageDraft, Snippet } from '../../../shared/workspace/workspace-types'
import type { MomentListener } from '../../capture/capture-listeners'
import type { SubjectSource } from '../../capture/subject/message-cursor'
import type { Sender } from '../operate-types'

/** A snippet of the workspace, ready to run. */
export interface LoadedSnippet {
  readonly snippet: Snippet
  /** Line of each step in its file, as `flatSteps` gives them. */
  readonly lines: readonly number[]
}

/** What runs of snippets need of the program. */
export interface SnippetWorld {
  readonly clock: Clock
  readonly sender: Sender
  readonly subjects: SubjectSource
  /** See `Capture.hearMoments`. */
  hearMoments(listener: MomentListener): () => void
  /** @throws ConsoleError `LINK_UNKNOWN`, `LINK_NOT_CONNECTED`. */
  linkIdOf(link: number | string): number
  /** @throws ConsoleError `SNIPPET_UNKNOWN`, `SNIPPET_INVALID`. */
  snippet(name: string): LoadedSnippet
  /** A message of the workspace. @throws ConsoleError when there is none, or it makes no sense. */
  message(name: string): MessageDraft
}
