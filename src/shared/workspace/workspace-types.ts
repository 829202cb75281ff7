/** The kinds of files an operator makes. Each kind has a folder of that name in the workspace, one small YAML file per thing. */
export const WORKSPACE_KINDS = [
  'messages',
  'environments',
  'snippets',
  'tasks',
  'responders',
  'schemas',
  'settings',
] as const
export type WorkspaceKind = (typeof WORKSPACE_KINDS)[number]

/** What is wrong with a file, so that a person can mend it. */
export interface FileProblem {
  /** Relative to the workspace, with `/`. */
  readonly file: string
  /** From 1; 0 where no line is to blame. */
  readonly line: number
  /** From 1; 0 where no column is to blame. */
  readonly column: number
  readonly message: string
  readonly remedy: string
}

/** A file as lists show it. */
export interface WorkspaceEntry {
  readonly kind: WorkspaceKind
  /** Path below the folder of its kind, with `/` and without `.yaml`: `bring-up/read-mtu`. Unique without regard to case. */
  readonly name: string
  /** Another one whenever the bytes are others: who saves says which one he has read. */
  readonly revision: string
  /** Null when the file makes sense. Others go on working without it. */
  readonly problem: FileProblem | null
  /** What it is about in one line: route, trigger, first step; empty where there is nothing to say. */
  readonly summary: string
}

/** A file with its text, which is the truth: comments and order of the person who wrote it stay. */
export interface WorkspaceFile extends WorkspaceEntry {
  readonly text: string
}

/** The body of a message in a file: one way of writing it, or none for an empty body. */
export type BodyText =
  /** JSON as text, so that numbers stay as they are written. Sent as JSON. */
  | { readonly format: 'json'; readonly text: string }
  /** JSON as text, sent as MessagePack. */
  | { readonly format: 'msgpack'; readonly text: string }
  | { readonly format: 'text'; readonly text: string }
  /** Pairs of hexadecimal digits, with or without blanks. */
  | { readonly format: 'hex'; readonly text: string }
  /** A file, its path as the operator wrote it; relative to the workspace. */
  | { readonly format: 'file'; readonly text: string }

/** One message as it is kept, in a collection (a folder of messages) or written within a snippet. May hold `{{variables}}`. */
export interface MessageDraft {
  readonly route: string
  /** `subscribe` is a request with any number of answers. */
  readonly kind: 'request' | 'subscribe' | 'event' | 'bytes'
  readonly priority: number
  readonly timeoutMs: number
  readonly headers: Readonly<Record<string, string | number | boolean | null>>
  readonly body: BodyText | null
  /** Ask before each sending from the screen. */
  readonly confirms: boolean
  /** What the answer must be: a filter over it, held against the answer; empty for anything. */
  readonly expect: string
}

/** Variables of a device or a place. A secret is named in the file; its value is kept outside, never in clear. */
export interface Environment {
  readonly variables: Readonly<Record<string, string>>
  readonly secrets: readonly string[]
}

export type SnippetStep =
  | { readonly step: 'send'; readonly message: string | MessageDraft; readonly save: string }
  | { readonly step: 'wait'; readonly waitMs: number }
  /** A message that comes in (or goes out) from now on, or the answer of the last `send`, that the filter admits. */
  | { readonly step: 'expect'; readonly filter: string; readonly withinMs: number }
  /** The last answer, or the message expected last, must be so. */
  | { readonly step: 'check'; readonly filter: string }
  /** Variables from what was sent, answered or expected last: `reply.body.id`, `{{other}}`, or words. */
  | { readonly step: 'set'; readonly variables: Readonly<Record<string, string>> }
  /** `times` 0: until a `stop if` holds. */
  | { readonly step: 'repeat'; readonly times: number; readonly steps: readonly SnippetStep[] }
  | { readonly step: 'stop-if'; readonly filter: string; readonly isFailure: boolean }

export interface Snippet {
  readonly title: string
  readonly variables: Readonly<Record<string, string>>
  /** The whole run ends as failed after this long. */
  readonly timeoutMs: number
  readonly steps: readonly SnippetStep[]
}

export type TaskTrigger =
  | { readonly when: 'after'; readonly delayMs: number }
  | { readonly when: 'every'; readonly intervalMs: number; readonly jitterMs: number }
  | { readonly when: 'cron'; readonly expression: string }
  /** Whenever a message matches. */
  | { readonly when: 'filter'; readonly filter: string; readonly cooldownMs: number }

export type CacheOperation =
  | { readonly operation: 'set'; readonly key: string; readonly value: string; readonly ttlMs: number | null }
  | { readonly operation: 'touch' | 'expire' | 'delete'; readonly key: string }
  | { readonly operation: 'clear' }

/** What a task does. Names are those of files of the workspace. */
export type TaskAction =
  | { readonly action: 'send'; readonly message: string | MessageDraft }
  | { readonly action: 'snippet'; readonly snippet: string }
  | { readonly action: 'cache'; readonly change: CacheOperation }

export interface TaskFile {
  readonly isEnabled: boolean
  readonly trigger: TaskTrigger
  readonly action: TaskAction
  /** Name of the link or of its profile; empty for the link in focus. */
  readonly link: string
  readonly environment: string
  readonly overrun: 'skip' | 'queue' | 'parallel'
  readonly disconnected: 'hold' | 'drop' | 'fail'
  /** A filter over the answer: the task stops when it holds. */
  readonly stopWhen: string
}

export type ResponderAnswer =
  | { readonly answer: 'body'; readonly body: BodyText; readonly headers: MessageDraft['headers'] }
  | { readonly answer: 'echo' }
  | { readonly answer: 'error'; readonly code: string; readonly message: string }
  /** Nothing at all: the peer runs into its timeout. */
  | { readonly answer: 'silence' }
  /** One after the other, again from the first when `isCyclic`, else the last one stays. */
  | { readonly answer: 'sequence'; readonly answers: readonly ResponderAnswer[]; readonly isCyclic: boolean }

/** Answers a route without code. */
export interface Responder {
  readonly isEnabled: boolean
  /** A route as it is; with `*` at the end all that begin so. */
  readonly route: string
  readonly link: string
  /** Only sessions that were opened for exactly this path, see `IncomingRequest.path`; empty for all. */
  readonly path: string
  readonly delayMs: number
  /** Only requests that this filter admits; empty for all. */
  readonly filter: string
  readonly answer: ResponderAnswer
}
