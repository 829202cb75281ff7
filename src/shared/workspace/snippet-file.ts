import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { z } from 'zod'
import { compileFilter } from '../filter'
import { DURATION_REMEDY, formatDuration, parseDuration } from './duration'
import { readValueSource } from './message-values'
import { MAX_VARIABLE_NAME_LENGTH, VARIABLE_NAME } from './environment-file'
import { draftCheck, plainDraft } from './message-file'
import { MAX_ENTRY_NAME_LENGTH } from './entry-name'
import { type FileReading, readYaml } from './read-yaml'
import { knownKeys } from './yaml-problem'
import type { MessageDraft, Snippet, SnippetStep } from './workspace-types'
import { formatYaml, type YamlMapping } from './write-yaml'

/** Steps of one file, those within repeats counted. */
export const MAX_SNIPPET_STEPS = 500
/** Repeats within repeats. */
export const MAX_REPEAT_DEPTH = 8
export const MAX_REPEAT_TIMES = 1_000_000
export const MAX_SNIPPET_TIMEOUT_MS = 86_400_000
export const DEFAULT_SNIPPET_TIMEOUT_MS = 60_000
export const DEFAULT_WITHIN_MS = 5000
const MAX_SNIPPET_VARIABLES = 100
const MAX_TITLE_LENGTH = 200
const FOREVER = 'forever'

/** What a step can be, in the words of the file, with what it takes. */
export const STEP_WORDS: readonly {
  readonly word: StepWord
  readonly example: string
  readonly help: string
}[] = [
  {
    word: 'send',
    example: 'send: bring-up/read-mtu',
    help: 'Send a message of the workspace, or one written here',
  },
  { word: 'expect', example: 'expect: body.value >= 1', help: 'Wait for a message that a filter admits' },
  {
    word: 'check',
    example: 'check: body.value == 512',
    help: 'What came last must be so; the run fails where it is not',
  },
  { word: 'wait', example: 'wait: 200ms', help: 'Let time pass' },
  {
    word: 'set',
    example: 'set: {id: reply.body.id}',
    help: 'Give variables a value, also from the last answer',
  },
  { word: 'repeat', example: 'repeat: 3', help: 'Take steps several times, or until a "stop if"' },
  {
    word: 'stop if',
    example: 'stop if: body.value > 9000',
    help: 'Leave the repeat, or the run; fail: true fails it',
  },
]

type Issue = z.core.$ZodRawIssue
type Context = z.core.$RefinementCtx

interface Place {
  readonly path?: readonly PropertyKey[]
  /** Character within the value. */
  readonly at?: number
  /** The key itself is wrong, not its value. */
  readonly isKey?: boolean
}

const custom = (message: string, remedy: string, { path = [], ...place }: Place = {}): Issue => ({
  code: 'custom',
  message,
  path: [...path],
  params: { remedy, ...place },
  input: undefined,
})

const durationCheck = (minMs: number, maxMs: number): z.ZodType<number> =>
  z.unknown().transform((raw, context) => {
    const ms = typeof raw === 'string' ? parseDuration(raw) : undefined
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms
    const shown = typeof raw === 'string' || typeof raw === 'number' ? `"${raw}"` : 'this'
    context.issues.push(
      ms === undefined
        ? custom(`${shown} is no duration`, DURATION_REMEDY)
        : custom(
            `${shown} is out of bounds`,
            `Allowed: ${formatDuration(minMs)} to ${formatDuration(maxMs)}.`,
          ),
    )
    return z.NEVER
  })

/** Variables in it are known only when it runs: then it is read only if it has none. */
const filterCheck = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    if (text.includes('{{')) return
    const result = compileFilter(text)
    if (result.ok) return
    const { from = 0, message = 'it is not understood', suggestion = null } = result.problems[0] ?? {}
    const remedy = suggestion === null ? 'See docs/filter-language.md.' : `Perhaps: ${suggestion}`
    context.issues.push(
      custom(`the filter is wrong at character ${from + 1}: ${message}`, remedy, { at: from }),
    )
  })

const nameCheck = z.string().superRefine((name, context) => {
  if (VARIABLE_NAME.test(name) && name.length <= MAX_VARIABLE_NAME_LENGTH) return
  context.issues.push(
    custom(
      `"${name.slice(0, 80)}" is no name of a variable`,
      'Use letters, digits, "_", "-" and ".", at most 64.',
    ),
  )
})

const textCheck = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const variablesCheck = (valueCheck: z.ZodType<string>): z.ZodType<Record<string, string>> =>
  z.record(nameCheck, valueCheck).superRefine((variables, context) => {
    if (Object.keys(variables).length <= MAX_SNIPPET_VARIABLES) return
    context.issues.push(custom(`there are over ${MAX_SNIPPET_VARIABLES} variables`, 'Remove some.'))
  })

const valueCheck = textCheck.superRefine((text, context) => {
  const source = readValueSource(text)
  if (typeof source === 'string') {
    context.issues.push(custom(source, 'Write a field: reply.body.id, reply.headers.user, message.route.'))
  }
})

const stepChecks = {
  send: z.strictObject({ send: z.string().min(1).max(MAX_ENTRY_NAME_LENGTH), save: nameCheck.optional() }),
  message: z.strictObject({ send: draftCheck, save: nameCheck.optional() }),
  expect: z.strictObject({
    expect: filterCheck,
    within: durationCheck(1, MAX_SNIPPET_TIMEOUT_MS).optional(),
  }),
  check: z.strictObject({ check: filterCheck }),
  wait: z.strictObject({ wait: durationCheck(0, MAX_SNIPPET_TIMEOUT_MS) }),
  set: z.strictObject({ set: variablesCheck(valueCheck) }),
  'stop if': z.strictObject({ 'stop if': filterCheck, fail: z.boolean().optional() }),
  repeat: z.strictObject({
    repeat: z.union([z.int().min(1).max(MAX_REPEAT_TIMES), z.literal(FOREVER)]),
    steps: z.array(z.unknown()).min(1),
  }),
} as const
type StepWord = Exclude<keyof typeof stepChecks, 'message'>

/** Holds a part of the file against its own check, and puts what is wrong where it stands. */
function parsed<T>(
  check: z.ZodType<T>,
  raw: unknown,
  path: readonly PropertyKey[],
  context: Context,
): T | undefined {
  const result = check.safeParse(raw)
  if (result.success) return result.data
  const { issues } = result.error
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0] // what was mistyped is missing too
  if (issue === undefined) return undefined
  const [extraKey] = issue.code === 'unrecognized_keys' ? issue.keys : []
  if (extraKey === undefined) {
    context.issues.push({ ...issue, path: [...path, ...issue.path], input: issue.input } as Issue)
  } else {
    const remedy = `Known here: ${knownKeys(check, issue.path).join(', ')}.`
    const place = { path: [...path, ...issue.path, extraKey], isKey: true }
    context.issues.push(custom(`"${extraKey}" is not known here`, remedy, place))
  }
  return undefined
}

const isRecord = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw)

/** Reads steps, those within repeats too; undefined when one of them is wrong. */
class StepReader {
  readonly #context: Context
  #count = 0

  constructor(context: Context) {
    this.#context = context
  }

  all(raw: readonly unknown[], path: readonly PropertyKey[], depth: number): SnippetStep[] | undefined {
    const steps: SnippetStep[] = []
    for (const [at, each] of raw.entries()) {
      const step = this.#one(each, [...path, at], depth)
      if (step === undefined) return undefined
      steps.push(step)
    }
    return steps
  }

  #one(raw: unknown, path: readonly PropertyKey[], depth: number): SnippetStep | undefined {
    this.#count += 1
    if (this.#count > MAX_SNIPPET_STEPS) {
      return this.#refuse(
        `a snippet has at most ${MAX_SNIPPET_STEPS} steps`,
        'Use "repeat", or two snippets.',
        path,
      )
    }
    const words = STEP_WORDS.map(({ word }) => word)
    const found = isRecord(raw) ? words.filter((word) => Object.hasOwn(raw, word)) : []
    const [word, other] = found
    if (word === undefined) {
      return this.#refuse('this is no step', `A step begins with one of: ${words.join(', ')}.`, path)
    }
    if (other !== undefined) {
      const remedy = 'Begin a line of its own with "- " for each step.'
      return this.#refuse(`"${word}" and "${other}" are two steps`, remedy, [...path, other])
    }
    return this.#step(word, raw, path, depth)
  }

  #step(word: StepWord, raw: unknown, path: readonly PropertyKey[], depth: number): SnippetStep | undefined {
    switch (word) {
      case 'send': {
        const isName = isRecord(raw) && typeof raw['send'] === 'string'
        const read = parsed<{ send: string | MessageDraft; save?: string | undefined }>(
          isName ? stepChecks.send : stepChecks.message,
          raw,
          path,
          this.#context,
        )
        return read && { step: 'send', message: read.send, save: read.save ?? '' }
      }
      case 'expect': {
        const read = parsed(stepChecks.expect, raw, path, this.#context)
        return read && { step: 'expect', filter: read.expect, withinMs: read.within ?? DEFAULT_WITHIN_MS }
      }
      case 'check': {
        const read = parsed(stepChecks.check, raw, path, this.#context)
        return read && { step: 'check', filter: read.check }
      }
      case 'wait': {
        const read = parsed(stepChecks.wait, raw, path, this.#context)
        return read && { step: 'wait', waitMs: read.wait }
      }
      case 'set': {
        const read = parsed(stepChecks.set, raw, path, this.#context)
        return read && { step: 'set', variables: read.set }
      }
      case 'stop if': {
        const read = parsed(stepChecks['stop if'], raw, path, this.#context)
        return read && { step: 'stop-if', filter: read['stop if'], isFailure: read.fail ?? false }
      }
      case 'repeat':
        return this.#repeat(raw, path, depth)
    }
  }

  #repeat(raw: unknown, path: readonly PropertyKey[], depth: number): SnippetStep | undefined {
    if (depth >= MAX_REPEAT_DEPTH) {
      return this.#refuse(
        `repeats lie at most ${MAX_REPEAT_DEPTH} deep`,
        'Write fewer repeats into each other.',
        path,
      )
    }
    const read = parsed(stepChecks.repeat, raw, path, this.#context)
    const steps = read && this.all(read.steps, [...path, 'steps'], depth + 1)
    if (read === undefined || steps === undefined) return undefined
    if (read.repeat === FOREVER && !steps.some(({ step }) => step === 'stop-if')) {
      const remedy = 'Add a step "stop if: …" directly below it, or say how often.'
      return this.#refuse('this repeat has no end', remedy, [...path, 'repeat'])
    }
    return { step: 'repeat', times: read.repeat === FOREVER ? 0 : read.repeat, steps }
  }

  #refuse(message: string, remedy: string, path: readonly PropertyKey[]): SnippetStep | undefined {
    this.#context.issues.push(custom(message, remedy, { path }))
    return undefined
  }
}

const stepsCheck: z.ZodType<readonly SnippetStep[]> = z
  .array(z.unknown())
  .min(1)
  .transform((raw, context) => new StepReader(context).all(raw, [], 0) ?? z.NEVER)

const snippetCheck: z.ZodType<Snippet> = z
  .strictObject({
    title: z.string().max(MAX_TITLE_LENGTH).optional(),
    variables: variablesCheck(textCheck).optional(),
    timeout: durationCheck(1, MAX_SNIPPET_TIMEOUT_MS).optional(),
    steps: stepsCheck,
  })
  .transform(({ title = '', variables = {}, timeout = DEFAULT_SNIPPET_TIMEOUT_MS, steps }) => ({
    title,
    variables,
    timeoutMs: timeout,
    steps,
  }))

/** Reads a snippet as people write it (docs/snippets.md). Its filters are checked too. Never throws for what stands in the file. */
export const parseSnippet = (text: string, file: string): FileReading<Snippet> =>
  readYaml(text, file, snippetCheck)

/**
 * The text of a snippet; reading it gives the same snippet. What has its usual value is left out.
 *
 * @param before - Text of the file so far, whose comments and order are kept.
 */
export const formatSnippet = ({ title, variables, timeoutMs, steps }: Snippet, before?: string): string =>
  formatYaml(
    {
      title: title === '' ? undefined : title,
      variables: Object.keys(variables).length === 0 ? undefined : variables,
      timeout: timeoutMs === DEFAULT_SNIPPET_TIMEOUT_MS ? undefined : formatDuration(timeoutMs),
      steps: steps.map(plainStep),
    },
    before,
  )

/** A snippet in one line, for lists. */
export function snippetSummary({ title, steps }: Snippet): string {
  const count = steps.length === 1 ? '1 step' : `${steps.length} steps`
  return title === '' ? count : `${title} · ${count}`
}

function plainStep(step: SnippetStep): YamlMapping {
  switch (step.step) {
    case 'send': {
      const message = typeof step.message === 'string' ? step.message : plainDraft(step.message)
      return { send: message, ...(step.save !== '' && { save: step.save }) }
    }
    case 'wait':
      return { wait: formatDuration(step.waitMs) }
    case 'expect': {
      const within = step.withinMs === DEFAULT_WITHIN_MS ? {} : { within: formatDuration(step.withinMs) }
      return { expect: step.filter, ...within }
    }
    case 'check':
      return { check: step.filter }
    case 'set':
      return { set: step.variables }
    case 'repeat':
      return { repeat: step.times === 0 ? FOREVER : step.times, steps: step.steps.map(plainStep) }
    case 'stop-if':
      return { 'stop if': step.filter, ...(step.isFailure && { fail: true }) }
  }
}

/** Line of each step of a readable snippet, from 1: in the order of the file, those within a repeat after it. */
export function stepLines(text: string): number[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const found: number[] = []
  const visit = (node: unknown, depth: number): void => {
    if (!isSeq(node) || depth > MAX_REPEAT_DEPTH) return
    for (const item of node.items as Node[]) {
      found.push(item.range ? lines.linePos(item.range[0]).line : 0)
      if (found.length > MAX_SNIPPET_STEPS) return
      if (isMap(item)) visit(item.get('steps', true), depth + 1)
    }
  }
  if (isMap(document.contents)) visit(document.contents.get('steps', true), 0)
  return found
}
