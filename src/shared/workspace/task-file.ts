import { z } from 'zod'
import { compileFilter } from '../filter'
import { MAX_COOLDOWN_MS, MIN_COOLDOWN_MS } from '../model/triggers'
import { DURATION_REMEDY, formatDuration, parseDuration } from './duration'
import { draftCheck, plainDraft } from './message-file'
import { type FileReading, readYaml } from './read-yaml'
import type { CacheOperation, TaskAction, TaskFile, TaskTrigger } from './workspace-types'
import { formatYaml, type YamlMapping } from './write-yaml'

/** The shortest interval: a line and a person have limits. */
const MIN_TASK_INTERVAL_MS = 10
/** The longest delay and interval; beyond, `cron` is what is meant. */
const MAX_TASK_WAIT_MS = 30 * 86_400_000
/** Of the time to live that a task gives an entry of the cache. */
const MAX_TASK_TTL_MS = 365 * 86_400_000
/** Between two starts by a filter, where the file says nothing. */
const DEFAULT_TASK_COOLDOWN_MS = 1000
const MAX_FILTER_CHARACTERS = 4096
const MAX_VALUE_CHARACTERS = 65_536

const duration = (leastMs: number, mostMs: number): z.ZodType<number> =>
  z.string().transform((text, context): number => {
    const ms = parseDuration(text)
    if (ms !== undefined && ms >= leastMs && ms <= mostMs) return ms
    const message =
      ms === undefined
        ? `"${text.slice(0, 40)}" is no duration`
        : `${formatDuration(ms)} is not between ${formatDuration(leastMs)} and ${formatDuration(mostMs)}`
    context.addIssue({ code: 'custom', message, params: { remedy: DURATION_REMEDY } })
    return z.NEVER
  })

const filter = z
  .string()
  .min(1)
  .max(MAX_FILTER_CHARACTERS)
  .superRefine((text, context) => {
    const result = compileFilter(text)
    if (result.ok) return
    const { from = 0, message = 'it is not understood', suggestion = null } = result.problems[0] ?? {}
    const remedy = suggestion === null ? 'See docs/filter-language.md.' : `Perhaps: ${suggestion}`
    context.addIssue({
      code: 'custom',
      message: `the filter is wrong at character ${from + 1}: ${message}`,
      params: { remedy },
    })
  })

const CRON_FIELD = /^[\d*,/\-#?LW A-Za-z]+$/
const cron = z
  .string()
  .max(256)
  .superRefine((text, context) => {
    const fields = text.trim().split(/\s+/).length
    const isRule = text.startsWith('@') || (fields >= 5 && fields <= 7 && CRON_FIELD.test(text))
    if (isRule) return
    const remedy = 'Write minute hour day month weekday: "0 22 * * *" is every day at 22:00.'
    context.addIssue({
      code: 'custom',
      message: `"${text.slice(0, 40)}" is no cron rule`,
      params: { remedy },
    })
  })

const name = z.string().min(1).max(256)
const key = z.string().min(1).max(1024)
const cache = z
  .strictObject({
    set: key.optional(),
    touch: key.optional(),
    expire: key.optional(),
    delete: key.optional(),
    clear: z.literal(true).optional(),
    value: z.unknown().optional(),
    ttl: duration(1, MAX_TASK_TTL_MS).optional(),
  })
  .transform((written, context): CacheOperation => {
    const refuse = (message: string, remedy: string): never => {
      context.addIssue({ code: 'custom', message, params: { remedy } })
      return z.NEVER
    }
    const [operation, ...others] = (['set', 'touch', 'expire', 'delete', 'clear'] as const).filter(
      (each) => written[each] !== undefined,
    )
    if (operation === undefined || others.length > 0) {
      return refuse(
        'says not what to do with which entry',
        'Write one of: set, touch, expire, delete, clear.',
      )
    }
    if (operation !== 'set') {
      if (written.value !== undefined || written.ttl !== undefined) {
        return refuse('"value" and "ttl" belong to "set"', 'Remove them, or write "set".')
      }
      return operation === 'clear' ? { operation } : { operation, key: written[operation] ?? '' }
    }
    if (written.value === undefined) return refuse('"set" needs a value', 'Add value: what the entry holds.')
    const value = typeof written.value === 'string' ? written.value : JSON.stringify(written.value)
    if (value.length > MAX_VALUE_CHARACTERS) {
      return refuse(`the value has over ${MAX_VALUE_CHARACTERS} characters`, 'Keep less.')
    }
    return { operation, key: written.set ?? '', value, ttlMs: written.ttl ?? null }
  })

const written = z.strictObject({
  after: duration(0, MAX_TASK_WAIT_MS).optional(),
  every: duration(MIN_TASK_INTERVAL_MS, MAX_TASK_WAIT_MS).optional(),
  jitter: duration(0, MAX_TASK_WAIT_MS).optional(),
  cron: cron.optional(),
  on: filter.optional(),
  cooldown: duration(MIN_COOLDOWN_MS, MAX_COOLDOWN_MS).optional(),
  send: z.union([name, draftCheck]).optional(),
  snippet: name.optional(),
  cache: cache.optional(),
  link: z.string().max(2048).default(''),
  environment: z.string().max(256).default(''),
  overrun: z.enum(['skip', 'queue', 'parallel']).default('skip'),
  'while down': z.enum(['hold', 'drop', 'fail']).default('hold'),
  'stop when': filter.optional(),
  enabled: z.boolean().default(true),
})
type Written = z.infer<typeof written>

const TRIGGER_REMEDY = 'Write one of: after: 5s, every: 500ms, cron: "0 22 * * *", on: a filter.'
const ACTION_REMEDY = 'Write one of: send, snippet, cache.'

const file: z.ZodType<TaskFile> = written.transform((content, context): TaskFile => {
  const refuse = (path: string[], message: string, remedy: string): void => {
    context.addIssue({ code: 'custom', path, message, params: { remedy } })
  }
  const when = (['after', 'every', 'cron', 'on'] as const).filter((each) => content[each] !== undefined)
  const what = (['send', 'snippet', 'cache'] as const).filter((each) => content[each] !== undefined)
  const [, second] = when
  const [, other] = what
  if (when.length === 0) refuse([], 'it does not say when it runs', TRIGGER_REMEDY)
  else if (second !== undefined) refuse([second], `says when it runs ${when.length} times`, TRIGGER_REMEDY)
  else if (what.length === 0) refuse([], 'it does not say what to do', ACTION_REMEDY)
  else if (other !== undefined) refuse([other], `says what to do ${what.length} times`, ACTION_REMEDY)
  else if (content.jitter !== undefined && content.every === undefined) {
    refuse(['jitter'], 'belongs to "every"', 'Remove the line, or write "every".')
  } else if (content.jitter !== undefined && content.every !== undefined && content.jitter >= content.every) {
    refuse(['jitter'], 'is not below the interval', `Write less than ${formatDuration(content.every)}.`)
  } else if (content.cooldown !== undefined && content.on === undefined) {
    refuse(['cooldown'], 'belongs to "on"', 'Remove the line, or write "on".')
  } else {
    return {
      isEnabled: content.enabled,
      trigger: triggerOf(content),
      action: actionOf(content),
      link: content.link,
      environment: content.environment,
      overrun: content.overrun,
      disconnected: content['while down'],
      stopWhen: content['stop when'] ?? '',
    }
  }
  return z.NEVER
})

function triggerOf({ after, every, jitter = 0, cron: expression, on = '', cooldown }: Written): TaskTrigger {
  if (after !== undefined) return { when: 'after', delayMs: after }
  if (every !== undefined) return { when: 'every', intervalMs: every, jitterMs: jitter }
  if (expression !== undefined) return { when: 'cron', expression }
  return { when: 'filter', filter: on, cooldownMs: cooldown ?? DEFAULT_TASK_COOLDOWN_MS }
}

function actionOf({ send, snippet, cache: change }: Written): TaskAction {
  if (send !== undefined) return { action: 'send', message: send }
  if (change !== undefined) return { action: 'cache', change }
  return { action: 'snippet', snippet: snippet ?? '' }
}

/** Reads a task as people write it (docs/tasks.md). Its filters are checked too. Never throws for what stands in the file. */
export const parseTask = (text: string, path: string): FileReading<TaskFile> => readYaml(text, path, file)

/** The text of a task; reading it gives the same task. What has its usual value is left out. @param before - See `formatYaml`. */
export function formatTask(task: TaskFile, before = ''): string {
  return formatYaml(
    {
      ...plainTrigger(task.trigger),
      ...plainAction(task.action),
      link: task.link || undefined,
      environment: task.environment || undefined,
      overrun: task.overrun === 'skip' ? undefined : task.overrun,
      'while down': task.disconnected === 'hold' ? undefined : task.disconnected,
      'stop when': task.stopWhen || undefined,
      enabled: task.isEnabled ? undefined : false,
    },
    before,
  )
}

function plainTrigger(trigger: TaskTrigger): YamlMapping {
  switch (trigger.when) {
    case 'after':
      return { after: formatDuration(trigger.delayMs) }
    case 'every': {
      const jitter = trigger.jitterMs > 0 ? formatDuration(trigger.jitterMs) : undefined
      return { every: formatDuration(trigger.intervalMs), jitter }
    }
    case 'cron':
      return { cron: trigger.expression }
    case 'filter': {
      const isUsual = trigger.cooldownMs === DEFAULT_TASK_COOLDOWN_MS
      return { on: trigger.filter, cooldown: isUsual ? undefined : formatDuration(trigger.cooldownMs) }
    }
  }
}

function plainAction(action: TaskAction): YamlMapping {
  switch (action.action) {
    case 'send':
      return { send: typeof action.message === 'string' ? action.message : plainDraft(action.message) }
    case 'snippet':
      return { snippet: action.snippet }
    case 'cache': {
      const { change } = action
      if (change.operation === 'clear') return { cache: { clear: true } }
      if (change.operation !== 'set') return { cache: { [change.operation]: change.key } }
      const ttl = change.ttlMs === null ? undefined : formatDuration(change.ttlMs)
      return { cache: { set: change.key, value: change.value, ttl } }
    }
  }
}

/** When a task runs, in a few words: `every 500 ms`, `after 5 s`, `cron 0 22 * * *`, `on msg.route == "cfg.put"`. */
export function triggerWords(trigger: TaskTrigger): string {
  switch (trigger.when) {
    case 'after':
      return `after ${spaced(trigger.delayMs)}`
    case 'every':
      return `every ${spaced(trigger.intervalMs)}`
    case 'cron':
      return `cron ${trigger.expression}`
    case 'filter':
      return `on ${trigger.filter}`
  }
}

/** What a task does, in a few words: `sends status.get`, `snippet soak/status`, `sets dev/mtu in the cache`. */
export function actionWords(action: TaskAction): string {
  switch (action.action) {
    case 'send':
      return `sends ${typeof action.message === 'string' ? action.message : action.message.route}`
    case 'snippet':
      return `snippet ${action.snippet}`
    case 'cache': {
      const { change } = action
      return change.operation === 'clear' ? 'clears the cache' : `cache: ${change.operation} ${change.key}`
    }
  }
}

const spaced = (ms: number): string => formatDuration(ms).replace(/(\d)([a-z])/, '$1 $2')
