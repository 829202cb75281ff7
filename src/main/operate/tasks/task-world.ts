import type { Clock } from '../../../shared/model/clock'
import type { TaskRunEvent } from '../../../shared/model/trace'
import type { MessageDraft } from '../../../shared/workspace/workspace-types'
import type { MomentListener } from '../../capture/capture-listeners'
import type { SubjectSource } from '../../capture/subject/message-cursor'
import type { Workspace } from '../../workspace/workspace'
import type { CachePort, Sender, SnippetRunner } from '../operate-types'

/** What tasks need of the program. */
export interface TaskWorld {
  readonly clock: Clock
  /** Milliseconds since 1970, for cron rules. */
  readonly wallMs: () => number
  /** From 0 to below 1, for jitter. */
  readonly random: () => number
  readonly workspace: Pick<Workspace, 'entries' | 'find' | 'save' | 'watch'>
  readonly sender: Sender
  readonly snippets: SnippetRunner
  readonly cache: CachePort
  readonly subjects: SubjectSource
  /** See `Capture.hearMoments`. */
  hearMoments(listener: MomentListener): () => void
  /** See `Capture.noteTask`. */
  noteTask(messageId: number, task: string): void
  /** Route of the message whose frames this one waited for longest; empty when nobody knows. */
  blockerOf(messageId: number): string
  /** Why nothing can be sent there, in a few words; empty when it can. Empty for the one link that is connected. */
  whyNot(link: string): string
  /** Number of the link, 0 when there is none. */
  linkIdOf(link: string): number
  /** A message of the workspace. @throws ConsoleError when there is none, or it makes no sense. */
  message(name: string): MessageDraft
  /** Variables of an environment; none for the empty name. @throws ConsoleError when there is no such environment. */
  variables(environment: string): ReadonlyMap<string, string>
  /** Tells everybody who follows the trace. */
  tell(event: TaskRunEvent): void
}
