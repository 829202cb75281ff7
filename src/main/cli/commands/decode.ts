import { createReadStream } from 'node:fs'
import { fromHex, lenientUtf8 } from '../../../shared/bytes'
import { ConsoleError, unreadableFile } from '../../../shared/errors'
import type { StackEvent } from '../../../shared/model/trace'
import { DIALECT_NAMES, dialectNamed } from '../../netcore/dialects'
import { createStack } from '../../netcore/stack'
import { usageError } from '../arguments'
import type { CliIo } from '../cli-io'
import type { Command } from '../command'
import { Output } from '../output'
import { TraceLines } from '../trace-lines'

const MAX_HEX_CHARACTERS = 64 * 1024 * 1024

export const decode: Command = {
  name: 'decode',
  summary: 'Decodes bytes from a file or standard input. Always JSON lines: frame, message, fault.',
  positionals: ['[FILE|-]'],
  options: {
    dialect: { value: 'D', help: `how to read the bytes: ${DIALECT_NAMES.join(', ')} (needed)` },
    hex: { help: 'the input is text: pairs of hex digits' },
  },
  notes: [
    'After damage the next frame is searched, so one input may hold several faults; they do not change the exit code.',
  ],
  async run({ args, io }) {
    const name = args.text('dialect')
    if (name === undefined) throw usageError(`--dialect is missing (${DIALECT_NAMES.join(' or ')})`)
    const out = new Output(io, true)
    const dialect = dialectNamed(name)
    const lines = new TraceLines(out, { hasFrames: true, isHeld: false })
    const stack = createStack({
      dialect: dialect.reader ?? dialect, // whoever only reads can not shake hands
      codec: { onDamage: 'resync' },
      random: () => 0, // nothing is sent, so nothing is drawn
      answersErrors: false,
      onTrace: (event) => {
        if (concernsTheBytes(event)) lines.onTrace({ ...event, linkId: 1 })
      },
      onWork: () => {},
    })
    stack.onUnrouted(() => undefined) // that nobody here serves its routes is no fault of the bytes
    stack.connected(0)
    for await (const bytes of readInput(args.positional(0), args.has('hex'), io)) stack.receive(bytes, 0)
    stack.disconnected(0, 'MESSAGE_INTERRUPTED')
  },
}

/** That nobody here waits for an answer is true of every recorded answer, and no fault of the bytes. */
const concernsTheBytes = (event: StackEvent): boolean =>
  !(event.type === 'fault' && event.code === 'ANSWER_UNMATCHED') &&
  // A frame that opens a message and carries its first bytes is one frame.
  !(event.type === 'frame' && event.wireBytes === 0)

async function* readInput(file: string, isHex: boolean, io: CliIo): AsyncGenerator<Uint8Array> {
  const chunks = file === '' || file === '-' ? io.stdin : createReadStream(file)
  if (!isHex) yield* unshared(chunks, file, io)
  else {
    let text = ''
    for await (const chunk of unshared(chunks, file, io)) {
      text += lenientUtf8(chunk)
      if (text.length > MAX_HEX_CHARACTERS) throw usageError('--hex takes at most 64 MiB of text')
    }
    yield fromHex(text)
  }
}

/** Copies each piece (streams may use their buffers again), and ends when asked to. */
async function* unshared(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  io: CliIo,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) {
      if (io.signal.aborted) return
      yield Uint8Array.from(chunk)
    }
  } catch (error) {
    if (error instanceof ConsoleError) throw error
    throw unreadableFile(file || 'standard input', error)
  }
}
