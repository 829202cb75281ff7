import { asConsoleError, type ConsoleError } from '../shared/errors'
import { webLaunchOptions } from './launch-options'
import { startWeb } from './start-web'

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const explain = ({ code, message, remedy }: ConsoleError): string => `${code}: ${message}\n${remedy}`

try {
  const options = webLaunchOptions(process.argv.slice(2))
  const web = await startWeb({ ...options, onProblem: (problem) => say(explain(problem)) })
  if (options.isJsonl) {
    const { url, token } = web
    process.stdout.write(`${JSON.stringify({ event: 'listening', url, token })}\n`)
  } else {
    process.stdout.write(`Netcore Console: ${web.openUrl}\n`)
    say('Open this address in a browser on this computer. Ctrl+C ends the program.')
  }
  const end = (): void => void web.close().then(() => process.exit(0))
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
} catch (error) {
  const failure = asConsoleError(error)
  say(explain(failure))
  process.exit(failure.exitCode)
}
