import { releaseBody } from '../../netcore/pipe/message-body'
import { AnswerWriter } from '../answer-writer'
import type { Command } from '../command'
import { readLinkAddress } from '../link-argument'
import { connected, FirstPeer } from '../connected-link'
import { REQUEST_OPTIONS, readRequest } from '../request-input'
import { RequestRun } from '../request-run'
import { createSession } from '../session'

const MAX_REPEAT = 1_000_000_000
const MAX_CONCURRENCY = 1024

export const send: Command = {
  name: 'send',
  summary: 'Sends a request and waits for the answer, whose body goes to standard output as it is.',
  positionals: ['URL', 'ROUTE'],
  options: {
    ...REQUEST_OPTIONS,
    repeat: { value: 'N', help: 'send it N times, and end with a summary' },
    concurrency: { value: 'N', help: 'so many at a time (default: 1)' },
    out: { value: 'FILE', help: "write the answer's body to a file instead (the last one of a run)" },
  },
  notes: ['With a tcp-listen address it waits for a peer, and sends to the first that comes.'],
  async run({ args, io, out }) {
    const answers = new AnswerWriter(out, args.text('out'))
    const repeat = args.integer('repeat', 1, MAX_REPEAT)
    const concurrency = args.integer('concurrency', 1, MAX_CONCURRENCY) ?? 1
    const peer = new FirstPeer()
    const request = await readRequest(args, args.positional(1))
    const links = createSession({ onLink: (link) => peer.came(link) })
    try {
      const link = await connected(
        links.openLink(readLinkAddress(args.positional(0), io)),
        peer,
        out,
        io.signal,
      )
      const run = new RequestRun(
        link,
        { ...request, ...answers.answerBody },
        {
          repeat: repeat ?? 1,
          concurrency,
          onAnswer: (answer, error) => answers.write(answer, error),
          nowMs: () => links.clock.nowMs(),
          signal: io.signal,
        },
      )
      const stop = (): void => void links.closeAll() // settles what waits for an answer
      io.signal.addEventListener('abort', stop, { once: true })
      await run.run()
      io.signal.removeEventListener('abort', stop)
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
