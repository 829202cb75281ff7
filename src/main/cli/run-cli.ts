import packageJson from '../../../package.json'
import { asConsoleError, ConsoleError } from '../../shared/errors'
import { nearestOf } from '../../shared/filter/nearest'
import { Arguments } from './arguments'
import type { CliIo } from './cli-io'
import type { Command } from './command'
import { compare } from './commands/compare'
import { decode } from './commands/decode'
import { exportRecording } from './commands/export'
import { files } from './commands/files'
import { importFile } from './commands/import'
import { listen } from './commands/listen'
import { monitor } from './commands/monitor'
import { ports } from './commands/ports'
import { record } from './commands/record'
import { recover } from './commands/recover'
import { replay } from './commands/replay'
import { redact } from './commands/redact'
import { run } from './commands/run'
import { send } from './commands/send'
import { serve } from './commands/serve'
import { simulate } from './commands/simulate'
import { trim } from './commands/trim'
import { verify } from './commands/verify'
import { whatIf } from './commands/what-if'
import { commandHelp, helpRemedy, programHelp, usageLine } from './help'
import { Output } from './output'

export const COMMANDS: readonly Command[] = [
  ports,
  serve,
  listen,
  send,
  files,
  run,
  monitor,
  record,
  replay,
  compare,
  verify,
  recover,
  whatIf,
  exportRecording,
  importFile,
  trim,
  redact,
  decode,
  simulate,
]

/**
 * Runs one command line.
 *
 * @param argv - Without the program: `['send', 'tcp://…', 'echo']`.
 * @returns The exit code of design.md §8. An end asked for by `io.signal` is a clean end: 0.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const [name, ...rest] = argv[0] === 'help' && argv[1] !== undefined ? [argv[1], '--help'] : argv
  const out = new Output(io, argv.includes('--jsonl'))
  const command = COMMANDS.find((known) => known.name === name)
  if (command === undefined) return runWithoutCommand(name, io, out)
  try {
    const args = new Arguments(rest, command)
    if (args.has('help')) io.stdout(commandHelp(command))
    else await command.run({ args, io, out })
    return 0
  } catch (error) {
    if (io.signal.aborted) return 0
    return fail(asConsoleError(error), out, command)
  }
}

function runWithoutCommand(name: string | undefined, io: CliIo, out: Output): number {
  const help = programHelp(COMMANDS)
  switch (name) {
    case '--version':
      io.stdout(`${packageJson.version}\n`)
      return 0
    case '--help':
    case '-h':
    case 'help':
      io.stdout(help)
      return 0
    case undefined:
      io.stderr(help)
      return 2
    default: {
      const meant = nearestOf(
        name,
        COMMANDS.map((command) => command.name),
      )
      const hint = meant === null ? '' : ` (perhaps ${meant})`
      return fail(new ConsoleError('OPTION_INVALID', `"${name}" is not a command${hint}`), out)
    }
  }
}

function fail(error: ConsoleError, out: Output, command?: Command): number {
  const isUsage = error.code === 'OPTION_INVALID'
  if (isUsage && command !== undefined) out.note(usageLine(command))
  out.error(isUsage && error.details['remedy'] === undefined ? withHelp(error, command) : error)
  return error.exitCode
}

const withHelp = (error: ConsoleError, command?: Command): ConsoleError =>
  new ConsoleError(error.code, error.message, { ...error.details, remedy: helpRemedy(command) })
