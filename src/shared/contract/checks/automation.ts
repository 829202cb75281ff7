import { z } from 'zod'
import { MAX_ENTRY_NAME_LENGTH, MAX_WORKSPACE_FILE_BYTES } from '../../workspace/entry-name'
import { MAX_VARIABLE_NAME_LENGTH } from '../../workspace/environment-file'
import { MAX_FILTER_LENGTH } from '../../model/list-view'
import {
  MAX_COOLDOWN_MS,
  MAX_TRIGGER_ID_LENGTH,
  MAX_TRIGGER_NAME_LENGTH,
  MAX_TRIGGER_NOTE_LENGTH,
  MAX_TRIGGER_SAVE_MINUTES,
  MIN_COOLDOWN_MS,
  TRIGGER_MOMENTS,
  TRIGGER_RECORDINGS,
} from '../../model/triggers'
import { linkId, messageId, text, nothing, workspaceFile } from './fields'

const triggerId = text(MAX_TRIGGER_ID_LENGTH).min(1)
const taskName = text(MAX_ENTRY_NAME_LENGTH).min(1)

/** Commands for triggers, snippets, tasks and responders. */
export const automationRequests = {
  'responders.list': nothing,
  /** The answers that a responder would give as its file reads, without giving them. */
  'responder.test': z.strictObject({
    name: workspaceFile.name,
    text: text(MAX_WORKSPACE_FILE_BYTES),
    /** The request that is taken as an example; null for the newest that its route takes. */
    messageId: messageId.nullable(),
  }),
  /** The text of a responder for the route of a received request, with the newest answer of that route where there is one. */
  'responder.draft': z.strictObject({ messageId }),
  'triggers.list': nothing,
  /** Without `triggerId` a new one. What is saved begins anew, with counts of 0, unless only its switch is another. */
  'trigger.save': z.strictObject({
    triggerId: triggerId.optional(),
    name: text(MAX_TRIGGER_NAME_LENGTH).min(1),
    filter: text(MAX_FILTER_LENGTH).min(1),
    moment: z.enum(TRIGGER_MOMENTS),
    actions: z.strictObject({
      marker: z.boolean(),
      note: text(MAX_TRIGGER_NOTE_LENGTH),
      notify: z.boolean(),
      pauseView: z.boolean(),
      sound: z.boolean(),
      /** Empty for none. */
      snippet: text(MAX_ENTRY_NAME_LENGTH),
      recording: z.enum(TRIGGER_RECORDINGS),
      /** Of the flight recorder; 0 for none. */
      saveMinutes: z.int().min(0).max(MAX_TRIGGER_SAVE_MINUTES),
    }),
    fires: z.enum(['always', 'once']),
    cooldownMs: z.int().min(MIN_COOLDOWN_MS).max(MAX_COOLDOWN_MS),
    isEnabled: z.boolean(),
  }),
  'trigger.remove': z.strictObject({ triggerId }),
  /** Which of the messages kept a trigger would have fired on. */
  'trigger.test': z.strictObject({ filter: text(MAX_FILTER_LENGTH).min(1), moment: z.enum(TRIGGER_MOMENTS) }),
  /** Begins a snippet of the workspace; how it goes is told by `snippet-runs`. */
  'snippet.run': z.strictObject({
    name: text(MAX_ENTRY_NAME_LENGTH).min(1),
    /** Number of the link, or the name of it or of its profile; empty for the one that is connected. */
    link: z.union([linkId, text(256)]),
    /** Empty for none. */
    environment: text(MAX_ENTRY_NAME_LENGTH),
    /** Go before those of snippet and environment. */
    variables: z.record(text(MAX_VARIABLE_NAME_LENGTH), text(4096)),
  }),
  'snippet.stop': z.strictObject({ runId: z.int().min(1) }),
  /** Tasks of the workspace, which are files of the kind `tasks`, as they stand. */
  'tasks.list': nothing,
  /** Keeps all tasks back, or lets them go. */
  'tasks.pause': z.strictObject({ isPaused: z.boolean() }),
  /** Runs a task besides its due times. */
  'task.run': z.strictObject({ name: taskName }),
  /** Leaves out the next due time. */
  'task.skip': z.strictObject({ name: taskName }),
  /** Switches a task on or off, in its file. */
  'task.enable': z.strictObject({ name: taskName, isEnabled: z.boolean() }),
  /** Makes a copy that is switched off. */
  'task.clone': z.strictObject({ name: taskName }),
} as const

/** What can be followed of it. */
export const automationSubscriptions = {
  /** Responders with their counts, whenever something about them changed, at most 5 a second. */
  responders: nothing,
  /** Triggers with their counts, whenever something about them changed, at most 5 a second. */
  triggers: nothing,
  /** Tasks: all of them on subscribing, then those that changed, with their firings; at most 5 a second. */
  tasks: nothing,
  /**
   * The runs of snippets, newest first, and one of them in full: that of the number, else the newest of the name, or of all
   * where the name is empty. At most 10 a second.
   */
  'snippet-runs': z.strictObject({
    runId: z.int().min(1).nullable(),
    name: text(MAX_ENTRY_NAME_LENGTH),
  }),
  /** Runs of one task: those kept, then what is new. */
  'task-runs': z.strictObject({ task: taskName }),
  /** What triggers ask of screens: firings from now on. */
  firings: nothing,
} as const
