import type {
  CacheChangeLine,
  CacheDetail,
  CachedAnswer,
  CacheNews,
  CacheRow,
  CachingRulesState,
} from '../model/cache'
import type { EventBatch, RoutesState } from '../model/device-log'
import type { Explanation } from '../model/explanation'
import type { ListChanged, ListRow } from '../model/list-view'
import type { Note } from '../model/notes'
import type { ProblemsState } from '../model/problems'
import type { ConversionsChanged, RedactionPreview } from '../model/exports'
import type { LibraryNews, RecordingDetail, RecordingRow, RetentionPlan } from '../model/library'
import type {
  CompareDetail,
  CompareState,
  CompareStrip,
  CompareSummary,
  CompareWindow,
} from '../model/compare'
import type { RecorderState } from '../model/recorder'
import type { ReplayNews } from '../model/replay'
import type { ResponderTest, RespondersState } from '../model/responders'
import type { FieldPoints, NumericField, SeriesBins } from '../model/series'
import type { SnippetRunsState } from '../model/snippets'
import type { TaskRunsChanged, TasksChanged, TaskStatus } from '../model/tasks'
import type { RecordedCheck } from '../model/recorded-check'
import type { WhatIfRow, WhatIfState, WhatIfStrip } from '../model/what-if'
import type { OpenTape, TapeState } from '../model/tape'
import type { TerminalBatch, TerminalLogState } from '../model/terminal'
import type { DraftCheck, HistoryPage, SecretState } from '../model/drafts'
import type { Headers } from '../model/trace'
import type { TriggerFiring, TriggersState, TriggerTest } from '../model/triggers'
import type {
  LaneBatch,
  LinkStatus,
  MachineCheck,
  MessageChunks,
  MessageDetail,
  MessageRow,
  MessagesChanged,
  Overview,
  PortInfo,
  Profile,
  RecentLink,
  StatusSnapshot,
} from '../model/views'
import type { FileProblem, WorkspaceEntry, WorkspaceFile } from '../workspace/workspace-types'
import type { CommandName, SubscriptionName } from './contract'

/** `skipped`: files beyond the limit, which are not looked at. */
export interface WorkspaceList {
  entries: readonly WorkspaceEntry[]
  skipped: number
}

/** Texts by name; `problem` is what is wrong with the file, whose choices do not hold then. */
export interface ScreenSettings {
  readonly values: Readonly<Record<string, string>>
  readonly problem: FileProblem | null
}

/** What each command answers. */
export interface CommandReplies {
  'replay.start': { runId: number }
  'replay.confirm': Record<string, never>
  'replay.step': Record<string, never>
  'replay.stop': Record<string, never>
  'export.start': { id: number }
  'export.trim': { id: number }
  'export.redact': { id: number }
  'export.preview-redaction': { preview: RedactionPreview }
  /** Null where there is none. */
  'export.rules': { rules: string | null }
  'export.pack': { id: number }
  'export.cancel': Record<string, never>
  /** `byteCount` is the length of the file. */
  'export.piece': { bytes: Uint8Array; byteCount: number }
  'import.begin': { id: number }
  'import.piece': Record<string, never>
  'import.end': Record<string, never>
  'library.list': { version: number; total: number; from: number; rows: readonly RecordingRow[] }
  'library.position': { position: number | null }
  'library.detail': { detail: RecordingDetail }
  'library.tag': Record<string, never>
  'library.note': Record<string, never>
  'library.pin': Record<string, never>
  'library.rename': { recording: string }
  /** By what they are had back; empty for what went to the trash of the system. */
  'library.remove': { trashIds: string[] }
  'library.restore': { recording: string }
  'library.empty-trash': Record<string, never>
  'library.verify': { jobId: number }
  'library.recover': { jobId: number }
  'library.cancel': Record<string, never>
  'library.reveal': { path: string; isShown: boolean }
  'library.retention': { plan: RetentionPlan }
  'snippet.from-messages': { check: RecordedCheck }
  'whatif.run': { run: number }
  'whatif.stop': Record<string, never>
  'whatif.rows': { total: number; rows: readonly WhatIfRow[] }
  'whatif.place': { place: number }
  'whatif.nearest': { row: number }
  'whatif.strip': WhatIfStrip
  'whatif.markdown': { text: string }
  'compare.open': { comparison: number }
  'compare.close': Record<string, never>
  'compare.summary': { summary: CompareSummary }
  'compare.rows': { window: CompareWindow }
  'compare.position': { position: number | null }
  'compare.detail': { detail: CompareDetail }
  'compare.strip': { strip: CompareStrip }
  'compare.markdown': { text: string }
  'tape.open': { source: number }
  'tape.list': { tapes: readonly OpenTape[] }
  'tape.close': Record<string, never>
  'tape.play': Record<string, never>
  'tape.speed': Record<string, never>
  'tape.seek': Record<string, never>
  'tape.step': Record<string, never>
  'tape.loop': Record<string, never>
  'app.info': {
    name: string
    version: string
    host: 'electron' | 'web'
    runtime: string
    platform: string
    startedAtIso: string
  }
  'ports.list': { ports: PortInfo[] }
  'recent.list': { links: RecentLink[] }
  'recent.forget': Record<string, never>
  'link.open': { link: LinkStatus }
  'link.close': Record<string, never>
  'link.reopen': Record<string, never>
  'link.lines': Record<string, never>
  'link.pulse': Record<string, never>
  'link.break': Record<string, never>
  'link.accept': Record<string, never>
  'lock.set': { isLocked: boolean }
  'machine.check': { checks: MachineCheck[] }
  'workspace.list': WorkspaceList
  'workspace.read': { file: WorkspaceFile }
  'workspace.save': { file: WorkspaceFile }
  'workspace.remove': Record<string, never>
  'workspace.rename': { file: WorkspaceFile }
  'responders.list': RespondersState
  'responder.test': ResponderTest
  'responder.draft': { name: string; text: string }
  'routes.list': RoutesState
  'problems.list': ProblemsState
  'draft.check': DraftCheck
  /** `messageId` is that of the request; with `cached` that of the kept answer, 0 when it was set by hand. */
  'draft.send': {
    messageId: number
    linkId: number
    historyId: string
    cached?: CachedAnswer
    isJoined?: true
  }
  'history.list': HistoryPage
  'history.clear': Record<string, never>
  'secrets.list': { secrets: SecretState[] }
  'secret.set': { secret: SecretState }
  'secret.forget': { secret: SecretState }
  'settings.read': ScreenSettings
  'setting.set': Record<string, never>
  'profiles.list': { profiles: Profile[] }
  'profile.save': { profile: Profile }
  'profile.remove': Record<string, never>
  /**
   * `cached`: a fresh answer was there and nothing went over the wire; `messageId` is then that of the answer, 0 when it was
   * set by hand. `isJoined`: the same request was under way, and its answer is this one's too.
   */
  'message.send': { messageId: number; cached?: CachedAnswer; isJoined?: boolean }
  'message.cancel': { wasCancelled: boolean }
  'messages.rows': { from: number; total: number; rows: MessageRow[] }
  /** `from` is the first position that is there; positions count within the generation. */
  'list.rows': { generation: number; from: number; rows: ListRow[] }
  /** Null when the message does not stand in the view; `nearest` is then the row it would stand at, null in an empty view. */
  'list.position': { generation: number; position: number | null; nearest: number | null }
  'list.find': { generation: number; position: number | null; messageId: number | null }
  'list.at': { generation: number; position: number | null }
  /** `rows` were copied; `isTruncated` when there were more than fit. `bytes` is the length of the text in UTF-8. */
  'list.copy': { text: string; rows: number; isTruncated: boolean; bytes: number }
  'note.set': { noteId: number }
  'note.remove': Record<string, never>
  'triggers.list': TriggersState
  'trigger.save': { triggerId: string }
  'trigger.remove': Record<string, never>
  'trigger.test': TriggerTest
  'snippet.run': { runId: number }
  'snippet.stop': Record<string, never>
  'tasks.list': { tasks: TaskStatus[]; isPaused: boolean }
  'tasks.pause': { isPaused: boolean }
  'task.run': Record<string, never>
  'task.skip': { wasSkipped: boolean }
  'task.enable': Record<string, never>
  'task.clone': { name: string }
  'terminal.clear': Record<string, never>
  'terminal.log': TerminalLogState
  'message.detail': { detail: MessageDetail }
  'message.explain': { explanation: Explanation }
  'message.body': { offset: number; totalBytes: number; bytes: Uint8Array }
  'message.chunks': { chunks: MessageChunks }
  'message.previous': { messageId: number | null }
  'capture.overview': { overview: Overview }
  'capture.clear': Record<string, never>
  'series.get': { series: SeriesBins }
  'series.field': { points: FieldPoints }
  'cache.rows': { version: number; total: number; rows: readonly CacheRow[] }
  'cache.position': { position: number | null }
  /** `bytes` is the value as far as it is shown; `detail.valueBytes` says how long it is. */
  'cache.entry': { detail: CacheDetail; bytes: Uint8Array }
  'cache.set': Record<string, never>
  'cache.change': { changed: number }
  'cache.clear': Record<string, never>
  'cache.rule': Record<string, never>
  'cache.rule.remove': Record<string, never>
  'series.fields': { fields: NumericField[] }
  /** Name of the first file. */
  'recorder.start': { recording: string }
  'recorder.stop': { recordings: string[] }
  /** `fromMs`: session time from which on everything is in it. */
  'recorder.save-flight': { recordings: string[]; fromMs: number }
}

export interface SubscriptionItems {
  replay: ReplayNews
  recorder: RecorderState
  library: LibraryNews
  status: StatusSnapshot
  tape: TapeState
  compare: CompareState
  exports: ConversionsChanged
  lanes: LaneBatch
  messages: MessagesChanged
  list: ListChanged
  terminal: TerminalBatch
  whatif: WhatIfState
  notes: { notes: readonly Note[] }
  triggers: TriggersState
  tasks: TasksChanged
  'snippet-runs': SnippetRunsState
  'task-runs': TaskRunsChanged
  cache: CacheNews
  /** `missed`: changes before these that are kept no longer, or came faster than they were taken. */
  'cache-changes': { changes: readonly CacheChangeLine[]; missed: number }
  'caching-rules': CachingRulesState
  /** `missed`: firings before these that came faster than they were taken. */
  firings: { firings: readonly TriggerFiring[]; missed: number }
  series: SeriesBins
  ports: { ports: PortInfo[] }
  profiles: { profiles: Profile[] }
  responders: RespondersState
  routes: RoutesState
  events: EventBatch
  problems: ProblemsState
  workspace: WorkspaceList
  history: HistoryPage
  settings: ScreenSettings
}

export type CommandReply<C extends CommandName> = CommandReplies[C]
export type SubscriptionItem<S extends SubscriptionName> = SubscriptionItems[S]
export type { Headers }
