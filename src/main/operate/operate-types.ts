import type { ConsoleError } from '../../shared/errors'
import type { Headers } from '../../shared/model/trace'
import type { CacheOperation, MessageDraft } from '../../shared/workspace/workspace-types'

/** Where something is sent, and what stands for its `{{variables}}`. */
export interface SendPlace {
  /** Number of the link, or the name of it or of its profile; empty for the one link that is connected. */
  readonly link: number | string
  readonly variables: ReadonlyMap<string, string>
  /** Told of each message as soon as it has its number in the capture, before it is settled. Must not throw. */
  readonly onMessage?: (messageId: number) => void
}

/** How a message that was sent ended. */
export interface SendResult {
  readonly linkId: number
  /** Number in the capture. */
  readonly messageId: number
  /** Of a subscription the last one. Null when nothing is answered (an event) or the sending failed. */
  readonly answer: {
    readonly messageId: number
    readonly isOk: boolean
    readonly headers: Headers
    readonly body: Uint8Array
  } | null
  readonly roundTripMs: number | null
  readonly problem: ConsoleError | null
}

/** Sends a message as an operator wrote it: variables, body and headers become bytes here, for screen, task and command line alike. */
export interface Sender {
  /**
   * Resolves when the message is settled; a failing answer is a result, not an error.
   *
   * @throws ConsoleError `VARIABLE_UNKNOWN`, `DRAFT_INVALID`, `LINK_UNKNOWN`, `LINK_NOT_CONNECTED`, `LISTEN_ONLY`: then nothing was sent.
   */
  send(draft: MessageDraft, place: SendPlace, signal?: AbortSignal): Promise<SendResult>
}

export interface ActionResult {
  readonly isOk: boolean
  /** In a few words, for the table of runs: `answered in 3.1 ms`, `step 2: nothing matched within 200 ms`. */
  readonly detail: string
  /** Messages of this run in the capture, for the way from a run to its rows; at most 64. */
  readonly messageIds: readonly number[]
  readonly roundTripMs: number | null
}

/** Runs a snippet of the workspace. */
export interface SnippetRunner {
  /** @throws ConsoleError `SNIPPET_UNKNOWN`, `SNIPPET_INVALID`. How the run goes is its result. */
  run(name: string, place: SendPlace, signal: AbortSignal): Promise<ActionResult>
}

/** Who wrote an entry of the cache. */
export interface CacheWriter {
  readonly kind: 'operator' | 'task' | 'snippet' | 'rule'
  /** Of the task, the snippet, or the route of the rule; empty for the operator. */
  readonly name: string
  /** Message of the capture that the value came from, when there is one. */
  readonly messageId: number | null
}

/** Changes of the cache that tasks and snippets make. */
export interface CachePort {
  /**
   * Does it at once. A key that is not there is a result with `isOk` false, as is a value that finds no room.
   * The value of `set` is kept as JSON where it is JSON, else as text.
   */
  applyCacheOperation(change: CacheOperation, writer: CacheWriter): ActionResult
}
