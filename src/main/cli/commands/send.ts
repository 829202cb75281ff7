import { setImmediate } from 'node:timers/promises'
import type { Link } from '../../link/link'
import { releaseBody } from '../../netcore/pipe/message-body'
import type { OutgoingMessage } from '../../netcore/stack-types'
import { sentMessage } from '../../operate/send/sent-message'
import { type Arguments, usageError } from '../arguments'
import type { CliIo } from '../cli-io'
import type { Output } from '../output'
import { AnswerWriter } from '../answer-writer'
import type { Command } from '../command'
import { readLinkAddress } from '../link-argument'
import { connected, FirstPeer } from '../connected-link'
import { REQUEST_OPTIONS, readRequest } from '../request-input'
import { RequestRun } from '../request-run'
import { createSession } from '../session'
import { readStored, type StoredMessage, surroundings, VARIABLE_OPTIONS } from '../stored-message'

const MAX_REPEAT = 1_000_000_000
const MAX_CONCURRENCY = 1024

export const send: Command = {
  name: 'send',
  summary: 'Sends a request and waits for the answer, whose body goes to standard output as it is.',
  positionals: ['URL', '[ROUTE]'],
  options: {
    ...REQUEST_OPTIONS,
    from: {
      value: 'NAME',
      help: 'a message of the workspace (collection/name) instead of a route and a body',
    },
    ...VARIABLE_OPTIONS,
    subscribe: { help: 'ask for many answers, in dialects that tell the two apart (socketd)' },
    repeat: { value: 'N', help: 'send it N times, and end with a summary' },
    concurrency: { value: 'N', help: 'so many at a time (default: 1)' },
    out: { value: 'FILE', help: "write the answer's body to a file instead (the last one of a run)" },
  },
  notes: [
    'With a listening address it waits for a peer, and sends to the first that comes.',
    'With --from, kind, headers, priority and timeout are those of the file unless they are given here.',
  ],
  async run({ args, io, out }) {
    const answers = new AnswerWriter(out, args.text('out'))
    const repeat = args.integer('repeat', 1, MAX_REPEAT)
    const concurrency = args.integer('concurrency', 1, MAX_CONCURRENCY) ?? 1
    const peer = new FirstPeer()
    const { kind, request } = await readMessage(args, io)
    const links = createSession({ onLink: (link) => peer.came(link) })
    try {
      const link = await connected(
        links.openLink(readLinkAddress(args.positional(0), surroundings(args, io))),
        peer,
        out,
        io.signal,
      )
      const stop = (): void => void links.closeAll() // settles what waits for an answer, or to leave
      io.signal.addEventListener('abort', stop, { once: true })
      if (kind === 'event' || kind === 'bytes') {
        await sendEach(link, { ...request, kind }, repeat ?? 1, out, io.signal)
        return
      }
      const run = new RequestRun(
        link,
        { ...request, ...answers.answerBody },
        {
          repeat: repeat ?? 1,
          concurrency,
          isSubscription: kind === 'subscribe' || args.has('subscribe'),
          onAnswer: (answer, error) => answers.write(answer, error),
          nowMs: () => links.clock.nowMs(),
          signal: io.signal,
        },
      )
      await run.run()
      if (repeat !== undefined) {
        const summary = run.summary()
        const { sent, answered, failed, p50Ms, p99Ms, bytesPerSecond } = summary
        out.line(summary)
        out.note(
          `${sent} sent, ${answered} answered, ${failed} failed; half within ${p50Ms ?? '–'} ms, ` +
            `99 % within ${p99Ms ?? '–'} ms; ${bytesPerSecond} bytes/s`,
        )
      }
      if (run.firstError) throw run.firstError
    } finally {
      await links.closeAll()
      releaseBody(request.body)
    }
  },
}

/** @throws ConsoleError as `readRequest` and `readStored`. */
async function readMessage(args: Arguments, io: CliIo): Promise<StoredMessage> {
  const name = args.text('from')
  if (name !== undefined) return readStored(name, args, io)
  const misplaced = ['env', 'var'].find((option) => args.has(option))
  if (misplaced !== undefined) throw usageError(`--${misplaced} goes with --from`)
  if (args.positional(1) === '')
    throw usageError('ROUTE is missing (or --from with a message of the workspace)')
  return { kind: 'request', request: await readRequest(args, args.positional(1)) }
}

/** What nobody answers is done as soon as it has left. */
async function sendEach(
  link: Link,
  message: OutgoingMessage,
  count: number,
  out: Output,
  signal: AbortSignal,
): Promise<void> {
  let sent = 0
  try {
    for (; sent < count && !signal.aborted; sent++) {
      await sentMessage(link, message)
      await setImmediate() // a line that takes everything at once would leave no turn for whoever stops us
    }
  } finally {
    out.note(`${sent} sent`)
  }
}
