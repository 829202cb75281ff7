import type {
  BytesEvent,
  Direction,
  MessageOpened,
  StackEvent,
  TraceEvent,
} from '../../../shared/model/trace'
import { dialectNamed } from '../../netcore/dialects'
import { createStack } from '../../netcore/stack'

/** Requests that wait for their answer, per direction; of older ones nobody knows the answer. */
const MAX_REQUESTS = 4096

interface OneWay {
  readonly stack: ReturnType<typeof createStack>
  receivedBytes: number
  /** Where the stream was when the stack saw its first byte. */
  base: number
}

/**
 * Makes of bytes that passed a line what the real stack would have seen in them: frames, messages and faults, in both
 * directions, with requests joined to their answers. Nothing is sent, and no time passes but that of the bytes.
 */
export class BytesDecoder {
  readonly #linkId: number
  readonly #emit: (event: TraceEvent) => void
  readonly #ways: Readonly<Record<Direction, OneWay>>
  readonly #requests: Readonly<Record<Direction, Map<string, MessageOpened>>> = {
    in: new Map(),
    out: new Map(),
  }
  /** Answers that have begun: key of the answer -> the request. */
  readonly #answers = new Map<number, MessageOpened>()

  /** @throws ConsoleError `DIALECT_UNKNOWN`. */
  constructor(linkId: number, dialectName: string, emit: (event: TraceEvent) => void) {
    this.#linkId = linkId
    this.#emit = emit
    this.#ways = { in: this.#oneWay('in', dialectName), out: this.#oneWay('out', dialectName) }
  }

  /** Takes bytes as they passed; what is in them is told before this returns. */
  bytes({ dir, bytes, streamOffset, atMs }: BytesEvent): void {
    const way = this.#ways[dir]
    way.base = streamOffset - way.receivedBytes
    way.receivedBytes += bytes.length
    way.stack.receive(bytes, atMs)
  }

  /** The line ended: what was on its way is interrupted. */
  end(atMs: number): void {
    for (const { stack } of Object.values(this.#ways)) stack.disconnected(atMs, 'MESSAGE_INTERRUPTED')
  }

  #oneWay(dir: Direction, dialectName: string): OneWay {
    const dialect = dialectNamed(dialectName)
    const stack = createStack({
      dialect: dialect.reader ?? dialect, // whoever only reads can not shake hands
      codec: { onDamage: 'resync' },
      random: () => 0, // nothing is sent, so nothing is drawn
      answersErrors: false,
      onTrace: (event) => this.#take(dir, event),
      onWork: () => undefined,
    })
    stack.onUnrouted(() => undefined) // that nobody here serves its routes is no fault of the bytes
    stack.connected(0)
    return { stack, receivedBytes: 0, base: 0 }
  }

  #take(dir: Direction, event: StackEvent): void {
    const linkId = this.#linkId
    switch (event.type) {
      case 'frame': {
        const { base } = this.#ways[dir]
        const messageKey = keyOf(dir, event.messageKey)
        const streamOffset = event.streamOffset + base
        this.#emit({ ...event, linkId, dir, messageKey, streamOffset })
        return
      }
      case 'message-opened':
        this.#opened({
          ...event,
          linkId,
          dir,
          messageKey: keyOf(dir, event.messageKey),
          answersKey: 0,
        })
        return
      case 'message-closed': {
        const messageKey = keyOf(dir, event.messageKey)
        this.#emit({ ...event, linkId, dir, messageKey })
        const request = this.#answers.get(messageKey)
        this.#answers.delete(messageKey)
        if (request?.dir !== 'out' || event.outcome !== 'complete') return
        const { atMs } = event
        const roundTripMs = atMs - request.atMs
        const requestKey = request.messageKey
        this.#emit({
          type: 'request-settled',
          linkId,
          atMs,
          requestKey,
          answerKey: messageKey,
          code: null,
          roundTripMs,
        })
        return
      }
      case 'fault':
        // that nobody here waits for an answer is true of every recorded answer, and no fault of the bytes
        if (event.code === 'ANSWER_UNMATCHED') return
        this.#emit({ ...event, linkId, dir, streamOffset: event.streamOffset + this.#ways[dir].base })
        return
      default: // what a reader says of a session of its own says nothing of the one that was recorded
    }
  }

  #opened(opened: MessageOpened): void {
    const { correlationId, kind, dir, messageKey } = opened
    if (kind === 'request' && correlationId !== '') {
      const requests = this.#requests[dir]
      requests.set(correlationId, opened)
      const oldest = requests.size > MAX_REQUESTS ? requests.keys().next().value : undefined
      if (oldest !== undefined) requests.delete(oldest)
    }
    const asked = this.#requests[dir === 'in' ? 'out' : 'in']
    const request = kind === 'response' ? asked.get(correlationId) : undefined
    if (request === undefined) {
      this.#emit(opened)
      return
    }
    asked.delete(correlationId)
    this.#answers.set(messageKey, request)
    this.#emit({ ...opened, answersKey: request.messageKey })
  }
}

/** Two stacks count from 1 each; on a link keys are unique. */
const keyOf = (dir: Direction, key: number): number => (key === 0 ? 0 : key * 2 - (dir === 'in' ? 1 : 0))
