import type { ArgumentSpec, Arguments } from './arguments'
import type { CliIo } from './cli-io'
import type { Output } from './output'

export interface CommandContext {
  readonly args: Arguments
  readonly io: CliIo
  readonly out: Output
}

/** One word of the command line. Its errors are ConsoleErrors; their code decides the exit code. */
export interface Command extends ArgumentSpec {
  readonly name: string
  readonly summary: string
  /** Lines under the options: defaults, examples. */
  readonly notes?: readonly string[]
  run(context: CommandContext): Promise<void>
}

/** Resolves when the person (or the reader of our output) wants an end. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
