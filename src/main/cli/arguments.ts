import { parseArgs } from 'node:util'
import { ConsoleError } from '../../shared/errors'
import { nearestOf } from '../../shared/filter/nearest'

export interface OptionSpec {
  /** What the value is, for the help; absent for a switch. */
  readonly value?: string
  readonly help: string
  /** May be given several times. */
  readonly isList?: boolean
  /** One letter. */
  readonly short?: string
}

export interface ArgumentSpec {
  /** `URL`, `ROUTE`; in brackets when it may be left out: `[FILE]`. */
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, OptionSpec>>
}

/** Options of every command. */
export const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  jsonl: { help: 'machine output: one JSON object per line on standard output' },
  help: { help: 'show this help', short: 'h' },
}

/** What was typed, checked against what the command takes. */
export class Arguments {
  readonly #positionals: readonly string[]
  readonly #values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

  /** @throws ConsoleError `OPTION_INVALID`: unknown option, missing value, too few or too many arguments. */
  constructor(argv: readonly string[], spec: ArgumentSpec) {
    const options = { ...spec.options, ...COMMON_OPTIONS }
    try {
      const { values, positionals } = parseArgs({
        args: withNegativeValues(argv, options),
        options: parserOptions(options),
        allowPositionals: true,
        strict: true,
      })
      this.#values = values
      this.#positionals = positionals
    } catch (error) {
      throw usageError(optionProblem(error instanceof Error ? error.message : String(error), options))
    }
    if (!this.has('help')) this.#checkCount(spec.positionals)
  }

  has(option: string): boolean {
    return this.#values[option] !== undefined
  }

  positional(index: number): string {
    return this.#positionals[index] ?? ''
  }

  text(option: string): string | undefined {
    const value = this.#values[option]
    return typeof value === 'string' ? value : undefined
  }

  list(option: string): readonly string[] {
    const value = this.#values[option]
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
  }

  /** @throws ConsoleError `OPTION_INVALID` when it is not a whole number in range. */
  integer(option: string, min: number, max: number): number | undefined {
    const text = this.text(option)
    if (text === undefined) return undefined
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw usageError(`--${option} ${text} is not a whole number from ${min} to ${max}`)
  }

  #checkCount(names: readonly string[]): void {
    const missing = names[this.#positionals.length]
    if (missing !== undefined && !missing.startsWith('[')) throw usageError(`${missing} is missing`)
    const extra = this.#positionals[names.length]
    if (extra !== undefined) throw usageError(`"${extra}" is one argument too many`)
  }
}

/** Something typed is wrong: the usage is shown with it. */
export const usageError = (message: string): ConsoleError => new ConsoleError('OPTION_INVALID', message)

type Options = Readonly<Record<string, OptionSpec>>

/** `--json -5`: behind an option that takes a value, a number below zero is that value and not an option. */
function withNegativeValues(argv: readonly string[], options: Options): string[] {
  const args: string[] = []
  for (const arg of argv) {
    const before = args.at(-1) ?? ''
    const takesValue = options[before.slice(2)]?.value !== undefined && before.startsWith('--')
    if (takesValue && /^-\.?\d/.test(arg) && !args.includes('--')) args[args.length - 1] = `${before}=${arg}`
    else args.push(arg)
  }
  return args
}

/** What Node's parser says about an option, in our words: which one, and what was probably meant. */
function optionProblem(told: string, options: Options): string {
  const option = /'(?:-\w, )?(--?[^'\s]+)/.exec(told)?.[1] ?? ''
  if (told.startsWith('Unknown option')) {
    const meant = nearestOf(option.replace(/^-+/, ''), Object.keys(options))
    return `${option} is not an option${meant === null ? '' : ` (perhaps --${meant})`}`
  }
  const value = options[option.replace(/^-+/, '')]?.value
  if (value === undefined) return told.includes('does not take') ? `${option} takes no value` : told
  return `${option} needs a value: ${option}=${value}`
}

type ParserOptions = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

function parserOptions(specs: Options): ParserOptions {
  const options: ParserOptions = {}
  for (const [name, { value, isList, short }] of Object.entries(specs)) {
    options[name] = {
      type: value === undefined ? 'boolean' : 'string',
      ...(isList && { multiple: true }),
      ...(short && { short }),
    }
  }
  return options
}
