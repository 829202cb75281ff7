import { COMMON_OPTIONS, type OptionSpec } from './arguments'
import type { Command } from './command'

const LINKS = `Link addresses:
  serial:PATH?baud=115200&data=8&parity=none&stop=1     a serial port
      flow=rtscts|xonxoff, dtr=low|high, rts=low|high   flow control; lines when it opens
  tcp://HOST:PORT                                       a server
  ws://HOST:PORT/PATH                                   a WebSocket server (wss:// with TLS)
  udp://HOST:PORT                                       datagrams to one peer, datagram=1400 bytes at most
  sd:tcp://HOST:PORT/PATH?u=a#OPTIONS                   a Socket.D server; also sd:tcps, sd:ws, sd:wss, sd:udp
  tcp-listen://HOST:PORT                                wait for peers; port 0 takes a free one
  ws-listen://HOST:PORT/PATH, udp-listen://HOST:PORT    the same for WebSockets, and for datagrams
  sim:demo?baud=115200&seed=1&flip=0&drop=0             a simulated device
  @NAME                                                 the address in a profile of the workspace
  All take dialect=lso|native|netconduit|socketd|raw, chunk=BYTES, name=TEXT, gap=MS, reconnect=no, listen=only.
  Without chunk=, lines of known speed get chunks of 25 ms.
`

const EXIT_CODES = `Exit codes: 0 done, 1 internal error, 2 wrong usage or input, 3 link not opened or lost, 4 timeout,
  5 the peer answered with an error, 6 a recording is damaged, or not the same.`

export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return [
    'Usage: netcore COMMAND [ARGUMENTS] [OPTIONS]',
    '',
    'Commands:',
    ...list,
    '',
    'netcore COMMAND --help shows what a command takes. netcore --version shows the version.',
    '',
    LINKS,
    EXIT_CODES,
    '',
  ].join('\n')
}

/** What helps when a command is typed wrongly. */
export const helpRemedy = (command?: Command): string =>
  `See "netcore ${command === undefined ? '' : `${command.name} `}--help".`

export const usageLine = (command: Command): string =>
  `Usage: ${['netcore', command.name, ...command.positionals, '[OPTIONS]'].join(' ')}`

export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(optionLine)
  const width = Math.max(...options.map(([left]) => left.length))
  return [
    usageLine(command),
    '',
    command.summary,
    '',
    'Options:',
    ...options.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`),
    ...(command.notes ? ['', ...command.notes] : []),
    '',
    ...(takesAddress(command) ? [LINKS] : []),
    EXIT_CODES,
    '',
  ].join('\n')
}

const takesAddress = ({ positionals, options }: Command): boolean =>
  [...positionals, ...Object.values(options).map(({ value }) => value)].includes('URL')

function optionLine([name, { value, help, short, isList }]: [string, OptionSpec]): [string, string] {
  const left = `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`
  return [left, isList ? `${help} (may be repeated)` : help]
}
