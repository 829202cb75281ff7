import { asConsoleError, ConsoleError, toWireError, type WireError } from '../../shared/errors'
import {
  DEFAULT_COOLDOWN_MS,
  MAX_COOLDOWN_MS,
  MAX_TRIGGER_ID_LENGTH,
  MAX_TRIGGER_NAME_LENGTH,
  MAX_TRIGGER_NOTE_LENGTH,
  MAX_TRIGGER_SAVE_MINUTES,
  MIN_COOLDOWN_MS,
  NO_TRIGGER_ACTIONS,
  type Trigger,
  type TriggerActions,
  type TriggerContent,
  TRIGGER_MOMENTS,
} from '../../shared/model/triggers'
import { MAX_FILTER_LENGTH } from '../../shared/model/list-view'
import { entryNameProblem } from '../../shared/workspace/entry-name'

const TRIGGERS_HEAD = '# Netcore Console triggers: see docs/triggers.md.\n'

/** A trigger as it stands in the text. What makes no sense is kept as it is, with its problem. */
export interface TriggerBlock {
  readonly trigger: Trigger
  readonly problem: WireError | null
  /** Its lines, with the comment above its head, as they were read. */
  readonly raw: string
}

export interface TriggerTexts {
  /** What stands before the first trigger. */
  readonly head: string
  readonly blocks: readonly TriggerBlock[]
}

const ID = /^[a-z0-9][a-z0-9-]*$/
const isTriggerId = (text: string): boolean => ID.test(text) && text.length <= MAX_TRIGGER_ID_LENGTH
const WORDS = ['marker', 'notify', 'pause', 'sound'] as const

/**
 * One trigger as text (docs/triggers.md): `key = value`, one a line, in a fixed order, so that two versions compare line
 * by line.
 *
 * @throws ConsoleError `TRIGGER_INVALID`.
 */
export function formatTrigger(trigger: Trigger): string {
  checkTrigger(trigger)
  const { triggerId, name, filter, moment, actions, fires, cooldownMs, isEnabled } = trigger
  const chosen = { ...actions, pause: actions.pauseView }
  const words = WORDS.filter((word) => chosen[word])
  const lines = [
    `[${triggerId}]`,
    `name = ${name.trim()}`,
    `filter = ${filter.trim()}`,
    `when = ${moment}`,
    ...(words.length > 0 ? [`actions = ${words.join(', ')}`] : []),
    ...(actions.note.trim() === '' ? [] : [`note = ${actions.note.trim()}`]),
    ...(actions.snippet.trim() === '' ? [] : [`snippet = ${actions.snippet.trim()}`]),
    ...(actions.recording === 'none' ? [] : [`recording = ${actions.recording}`]),
    ...(actions.saveMinutes === 0 ? [] : [`save = ${actions.saveMinutes} min`]),
    `fires = ${fires}`,
    `cooldown = ${cooldownMs} ms`,
    `enabled = ${isEnabled ? 'yes' : 'no'}`,
  ]
  return `${lines.join('\n')}\n`
}

/** Reads the text of all triggers, written by us or by hand. */
export function parseTriggers(text: string): TriggerTexts {
  const parts: string[][] = [[]]
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (!/^\s*\[/.test(line)) {
      parts.at(-1)!.push(line)
      continue
    }
    const former = parts.at(-1)!
    let from = former.length
    // the head of the file is told from a comment of the first trigger by an empty line
    while (from > 0 && former[from - 1]!.trimStart().startsWith('#')) from -= 1
    if (parts.length === 1 && from === 0) from = former.length
    parts.push([...former.splice(from), line])
  }
  const [head = [], ...blocks] = parts
  const ids = new Set<string>()
  return { head: joined(head), blocks: blocks.map((lines) => parseBlock(lines, ids)) }
}

/** The text of a file: what did not change stays as it was, comments and all. */
export const formatTriggers = ({ head, blocks }: TriggerTexts): string =>
  [head === '' ? TRIGGERS_HEAD : head, ...blocks.map(({ raw }) => raw)]
    .map((part) => part.replace(/\n*$/, '\n'))
    .join('\n')

/** The block with another trigger in it; comments above its head stay. @throws ConsoleError `TRIGGER_INVALID`. */
export function replaceBlock(
  block: TriggerBlock | undefined,
  content: TriggerContent,
  taken: ReadonlySet<string>,
): TriggerBlock {
  const known = block?.trigger.triggerId ?? ''
  const trigger = { ...content, triggerId: isTriggerId(known) ? known : freeTriggerId(content.name, taken) }
  const comment = /^(?:\s*#.*\n)*/.exec(block?.raw ?? '')?.[0] ?? ''
  return { trigger, problem: null, raw: comment + formatTrigger(trigger) }
}

/** A free name for a new trigger: letters and digits of what it is called. */
function freeTriggerId(name: string, taken: ReadonlySet<string>): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_TRIGGER_ID_LENGTH - 8)
    .replace(/^-+|-+$/g, '')
  const wanted = slug === '' ? 'trigger' : slug
  for (let turn = 1; ; turn++) {
    const id = turn === 1 ? wanted : `${wanted}-${turn}`
    if (!taken.has(id)) return id
  }
}

const joined = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`)

interface Read {
  triggerId: string
  name: string
  filter: string
  moment: Trigger['moment']
  actions: { -readonly [K in keyof TriggerActions]: TriggerActions[K] }
  fires: Trigger['fires']
  cooldownMs: number
  isEnabled: boolean
}

function parseBlock(lines: readonly string[], ids: Set<string>): TriggerBlock {
  const read: Read = {
    triggerId: '',
    name: '',
    filter: '',
    moment: 'settled',
    actions: { ...NO_TRIGGER_ACTIONS },
    fires: 'always',
    cooldownMs: DEFAULT_COOLDOWN_MS,
    isEnabled: true,
  }
  const raw = joined(lines)
  try {
    for (const line of lines) readLine(read, line.trim())
    if (read.name === '') read.name = read.triggerId
    if (ids.has(read.triggerId)) throw invalid(`there are two triggers [${read.triggerId}]`)
    checkTrigger(read)
    ids.add(read.triggerId)
    return { trigger: read, problem: null, raw }
  } catch (error) {
    const name = (read.name || read.triggerId || lines[0]!).slice(0, MAX_TRIGGER_NAME_LENGTH)
    const triggerId = otherId(read.triggerId, ids)
    ids.add(triggerId)
    const trigger = { ...read, triggerId, name, isEnabled: false }
    return { trigger, problem: toWireError(asConsoleError(error)), raw }
  }
}

/** Something to call a broken trigger by, until it is saved properly. */
function otherId(triggerId: string, taken: ReadonlySet<string>): string {
  let id = triggerId === '' ? '?' : triggerId
  for (let turn = 2; taken.has(id); turn++) id = `${triggerId}?${turn}`
  return id
}

function readLine(read: Read, line: string): void {
  if (line === '' || line.startsWith('#')) return
  const head = /^\[\s*(.*?)\s*\]$/.exec(line)
  if (head !== null) {
    read.triggerId = head[1]!.slice(0, MAX_TRIGGER_ID_LENGTH)
    return
  }
  const [, key = '', value = ''] = /^([a-z]+)\s*=\s*(.*)$/.exec(line) ?? []
  const moment = TRIGGER_MOMENTS.find((word) => word === value)
  switch (key) {
    case 'name':
      read.name = value
      return
    case 'filter':
      read.filter = value
      return
    case 'note':
      read.actions.note = value
      return
    case 'snippet':
      read.actions.snippet = value
      return
    case 'recording':
      if (value !== 'start' && value !== 'stop') break
      read.actions.recording = value
      return
    case 'save': {
      const minutes = /^(\d+)\s*min$/.exec(value)?.[1]
      if (minutes === undefined) break
      read.actions.saveMinutes = Number(minutes)
      return
    }
    case 'when':
      if (moment === undefined) break
      read.moment = moment
      return
    case 'fires':
      if (value !== 'always' && value !== 'once') break
      read.fires = value
      return
    case 'enabled':
      if (value !== 'yes' && value !== 'no') break
      read.isEnabled = value === 'yes'
      return
    case 'cooldown': {
      const [, count, unit] = /^(\d+)\s*(ms|s)$/.exec(value) ?? []
      if (count === undefined) break
      read.cooldownMs = Number(count) * (unit === 's' ? 1000 : 1)
      return
    }
    case 'actions':
      for (const word of value.split(',').map((each) => each.trim())) {
        if (word === 'pause') read.actions.pauseView = true
        else if (word === 'marker' || word === 'notify' || word === 'sound') read.actions[word] = true
        else if (word !== '') throw invalid(`"${word.slice(0, 40)}" is no action: ${WORDS.join(', ')} are`)
      }
      return
  }
  throw invalid(`the line is not understood: ${line.slice(0, 80)}`)
}

function checkTrigger({ triggerId, name, filter, actions, cooldownMs }: Trigger): void {
  if (!isTriggerId(triggerId)) {
    throw invalid(`[${triggerId}] is no name for a trigger: small letters, digits and "-" are`)
  }
  const trimmed = name.trim()
  if (trimmed === '' || trimmed.length > MAX_TRIGGER_NAME_LENGTH) {
    throw invalid(`its name has 1 to ${MAX_TRIGGER_NAME_LENGTH} characters`)
  }
  if (filter.trim() === '') throw invalid('it has no filter; "msg.id > 0" holds for every message')
  if (filter.length > MAX_FILTER_LENGTH) throw invalid(`its filter has over ${MAX_FILTER_LENGTH} characters`)
  if (actions.note.length > MAX_TRIGGER_NOTE_LENGTH) {
    throw invalid(`its note has over ${MAX_TRIGGER_NOTE_LENGTH} characters`)
  }
  const snippetProblem = actions.snippet === '' ? null : entryNameProblem(actions.snippet.trim())
  if (snippetProblem !== null) throw invalid(`its snippet: ${snippetProblem}`)
  if (actions.saveMinutes > MAX_TRIGGER_SAVE_MINUTES) {
    throw invalid(`it saves at most ${MAX_TRIGGER_SAVE_MINUTES} min`)
  }
  if ([name, filter, actions.note].some((text) => /\p{Cc}/u.test(text))) {
    throw invalid('name, filter and note are one line each, without control characters')
  }
  if (cooldownMs < MIN_COOLDOWN_MS || cooldownMs > MAX_COOLDOWN_MS) {
    throw invalid(`its cooldown is ${MIN_COOLDOWN_MS} ms to one day`)
  }
}

const invalid = (why: string): ConsoleError =>
  new ConsoleError('TRIGGER_INVALID', `the trigger is wrong: ${why}`)
