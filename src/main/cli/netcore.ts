import { runCli } from './run-cli'

/** The entry of the command line: joins `runCli` to the process. */
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

// Whoever read our output has gone (`netcore monitor … | head`): there is nobody left to work for.
const onOutputError = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error
  stop.abort()
}
process.stdout.on('error', onOutputError)
process.stderr.on('error', onOutputError)

const exitCode = await runCli(process.argv.slice(2), {
  stdout: (chunk) => void process.stdout.write(chunk),
  stderr: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
  stdin: process.stdin,
  signal: stop.signal,
  env: process.env,
})
// Output first: on some systems pipes are written in the background.
process.stdout.write('', () => process.exit(exitCode))
