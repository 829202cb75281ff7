import { ConsoleError } from '../../../../../shared/errors'
import { DEFAULT_PRIORITY, type Headers, type Priority } from '../../../../../shared/model/trace'
import { STATUS_ERROR, STATUS_HEADER } from '../../../../../shared/model/peer-error'
import { ChunkPipe } from '../../../pipe/chunk-pipe'
import type { DialectCodec, EncodedFrame, FrameExtent, FrameSink } from '../../codec'
import type { CodecDialect } from '../../dialect'
import { checkChunkBytes } from '../chunk-bytes'
import { HeaderGathering, noHeaders } from '../arq/header-block'
import { FrameScanner } from '../wire/frame-scanner'
import { type AnswerFrame, type DataFrame, type NativeFrame, NO_OFFSET, type OpenFrame } from '../wire/frames'
import { FramingFinder, LARGEST_FRAME_BYTES } from './framing-guess'
import { ReadingOrder } from './reading-order'

/**
 * Reads the native dialect without taking part: one direction of a recorded stream, from wherever it begins. Damage was
 * repaired between the two sides by repeating, so repeats are told from first times by their positions, and what was read
 * before is passed over. Nothing can be sent.
 */
export const passiveNativeDialect: CodecDialect = {
  name: 'native',
  traits: {
    isInterleaving: true,
    isProtected: true,
    hasRequests: false,
    deliversEmptyBodies: true,
    endsAnswers: true,
    defaultChunkBytes: 4096,
    choosesChunkBytes: true,
  },
  createCodec: () => new PassiveCodec(),
  createPipe: (options, owner) => new ChunkPipe(passiveNativeDialect, options, owner),
  checkChunkBytes,
}

type MessageFrame = OpenFrame | AnswerFrame | DataFrame

/** A frame that is kept beyond the call that brought it: the scanner uses its objects again. */
interface Held {
  readonly frame: MessageFrame
  readonly extent: FrameExtent
}

interface ReadMessage {
  readonly ref: string
  readonly opener: OpenFrame | AnswerFrame
  readonly gathering: HeaderGathering | null
}

/** One half of an exchange: a request with its bytes, or the answers to one. */
class Half {
  readonly order = new ReadingOrder<Held>()
  message: ReadMessage | undefined
}

interface Alias {
  readonly name: string
  readonly priority: Priority
}

class PassiveCodec implements DialectCodec {
  readonly #finder = new FramingFinder()
  readonly #requests = new Map<number, Half>()
  readonly #answers = new Map<number, Half>()
  readonly #aliases = new Map<number, Alias>()
  #scanner: FrameScanner | undefined
  #session = 0
  #messages = 0

  get wakeAtMs(): null {
    return null
  }

  receive(bytes: Uint8Array, _nowMs: number, sink: FrameSink): void {
    if (this.#scanner) this.#scan(bytes, sink)
    else this.#guess(bytes, false, sink)
  }

  wake(): void {
    // Nothing is waited for.
  }

  end(_nowMs: number, sink: FrameSink): void {
    if (!this.#scanner) this.#guess(new Uint8Array(0), true, sink)
    this.#scanner?.end(this.#wireSink(sink))
  }

  encodeOpen(): EncodedFrame {
    throw new ConsoleError('REQUESTS_UNSUPPORTED', 'a recorded stream takes nothing')
  }

  encodeChunk(): EncodedFrame {
    throw new ConsoleError('REQUESTS_UNSUPPORTED', 'a recorded stream takes nothing')
  }

  encodeCancel(): EncodedFrame {
    return { frameKind: 'cancel', parts: [], wireBytes: 0, payloadBytes: 0 }
  }

  drawRef(): string {
    return ''
  }

  drawCorrelationId(): string {
    return ''
  }

  #guess(bytes: Uint8Array, isEnd: boolean, sink: FrameSink): void {
    const guess = this.#finder.take(bytes, isEnd)
    if (guess === null) return
    this.#scanner = new FrameScanner(guess.framing, { largestFrameBytes: LARGEST_FRAME_BYTES })
    this.#scanner.hasCrc = guess.hasCrc
    this.#scanner.xsafe = 'either'
    this.#scan(this.#finder.taken(), sink)
  }

  #scan(bytes: Uint8Array, sink: FrameSink): void {
    this.#scanner!.receive(bytes, this.#wireSink(sink))
  }

  #wireSink(sink: FrameSink) {
    return {
      frame: (frame: NativeFrame, streamOffset: number, wireBytes: number) =>
        this.#frame(frame, { frameKind: frame.kind, streamOffset, wireBytes }, sink),
      fault: (fault: Omit<Parameters<FrameSink['fault']>[0], 'losesOpenMessages'>) =>
        sink.fault({ ...fault, losesOpenMessages: fault.isFatal }),
    }
  }

  #frame(frame: NativeFrame, extent: FrameExtent, sink: FrameSink): void {
    switch (frame.kind) {
      case 'req':
      case 'sub':
      case 'evt':
        this.#opened(frame, extent, sink)
        return
      case 'ans':
        this.#placed(this.#answers, frame, extent, sink)
        return
      case 'data':
        this.#placed(this.#requests, frame, extent, sink)
        return
      case 'back':
        this.#placed(this.#answers, frame, extent, sink)
        return
      case 'cancel': {
        const half = (frame.isSendersSlot ? this.#requests : this.#answers).get(frame.sid)
        if (half?.message) sink.cancel(half.message.ref, extent)
        else sink.control('', extent)
        if (half) half.message = undefined
        return
      }
      case 'alias':
        this.#aliases.set(frame.alias, { name: frame.name, priority: frame.priority })
        break
      case 'hello':
        if (frame.mySession !== this.#session) this.#begin(frame.mySession)
        break
      default:
    }
    sink.control('', extent)
  }

  /** Another session: slots and aliases mean nothing of what they meant. */
  #begin(session: number): void {
    this.#session = session
    this.#requests.clear()
    this.#answers.clear()
    this.#aliases.clear()
  }

  #opened(frame: OpenFrame, extent: FrameExtent, sink: FrameSink): void {
    let half = this.#requests.get(frame.sid)
    // The same slot and generation again with everything read: the opener itself was repeated, or four uses went unseen.
    if (half === undefined) {
      half = new Half()
      this.#fresh(this.#requests, frame.sid, half)
    }
    this.#read(half, 0, { frame: copyOf(frame), extent }, sink)
  }

  #placed(
    table: Map<number, Half>,
    frame: AnswerFrame | DataFrame,
    extent: FrameExtent,
    sink: FrameSink,
  ): void {
    let half = table.get(frame.sid)
    if (half === undefined) {
      if (frame.kind !== 'ans') {
        // The reader came later than the message began: its frames can be shown, its words can not be told.
        sink.control('', extent)
        return
      }
      half = new Half()
      this.#fresh(table, frame.sid, half)
    }
    const isStuffed = this.#scanner!.framing === 'cobs'
    const { offset } = frame
    const from =
      offset === NO_OFFSET
        ? isStuffed
          ? 0
          : half.order.next
        : isStuffed
          ? half.order.nearest(offset)
          : offset
    this.#read(half, from, { frame: copyOf(frame), extent }, sink)
  }

  /** A slot in its next generation: what it held in the former ones is over. */
  #fresh(table: Map<number, Half>, sid: number, half: Half): void {
    const slot = sid - (sid & 3)
    for (let generation = 0; generation < 4; generation++) table.delete(slot + generation)
    table.set(sid, half)
  }

  #read(half: Half, from: number, held: Held, sink: FrameSink): void {
    const { payload, isFin } = held.frame
    const { frames, hasGap } = half.order.take(from, from + payload.length + (isFin ? 1 : 0), held)
    if (hasGap) this.#lost(half, held.extent, sink)
    if (!frames.includes(held)) sink.control(half.message?.ref ?? '', held.extent)
    for (const each of frames) {
      // What had to wait for others was told when it came.
      const extent = each === held ? held.extent : { ...held.extent, wireBytes: 0 }
      this.#inOrder(half, each.frame, extent, sink)
    }
  }

  #lost(half: Half, extent: FrameExtent, sink: FrameSink): void {
    if (half.message) sink.cancel(half.message.ref, { ...extent, wireBytes: 0 })
    half.message = undefined
  }

  #inOrder(half: Half, frame: MessageFrame, extent: FrameExtent, sink: FrameSink): void {
    if (half.message !== undefined) this.#goesOn(half, half.message, frame, extent, sink)
    else if ('hasHeaders' in frame) {
      this.#messages += 1
      const ref = `${frame.kind === 'ans' ? 'a' : 'm'}${this.#messages}`
      const message = { ref, opener: frame, gathering: frame.hasHeaders ? new HeaderGathering() : null }
      half.message = message
      if (!frame.hasHeaders) this.#open(message, noHeaders(), extent, sink)
      this.#goesOn(half, message, frame, frame.hasHeaders ? extent : behind(extent), sink)
    } else sink.control('', extent)
  }

  /** @param extent - Of what is not told of the frame yet. */
  #goesOn(half: Half, message: ReadMessage, frame: MessageFrame, extent: FrameExtent, sink: FrameSink): void {
    const { ref, gathering } = message
    let { payload } = frame
    let rest = extent
    if (gathering !== null && !hasHeaders(gathering)) {
      payload = gathering.take(payload)
      if (gathering.fault !== null) {
        sink.refuse(ref, 'HEAD_NOT_ENCODABLE', `the headers can not be read: ${gathering.fault}`, extent)
        half.message = undefined
        return
      }
      const { headers } = gathering
      if (headers === null) {
        sink.control(ref, extent)
        return
      }
      this.#open(message, headers, extent, sink)
      rest = behind(extent)
    }
    sink.chunk(ref, payload, frame.isFin, rest)
    if (frame.isFin) half.message = undefined
  }

  #open({ ref, opener }: ReadMessage, headers: Headers, extent: FrameExtent, sink: FrameSink): void {
    if (opener.kind === 'ans') {
      const told = opener.isError ? { ...headers, [STATUS_HEADER]: STATUS_ERROR } : headers
      sink.open({ ...NO_WORDS, ref, kind: 'response', headers: told }, extent)
      return
    }
    const { kind, route, extension } = opener
    const alias = typeof route === 'number' ? this.#aliases.get(route) : undefined
    sink.open(
      {
        ...NO_WORDS,
        ref,
        route: typeof route === 'string' ? route : (alias?.name ?? `alias ${route}`),
        kind: kind === 'evt' ? 'event' : 'request',
        isSubscription: kind === 'sub',
        priority: extension?.priority ?? alias?.priority ?? DEFAULT_PRIORITY,
        correlationId: kind === 'evt' ? '' : ref,
        headers,
      },
      extent,
    )
  }
}

const NO_WORDS = {
  route: '',
  priority: DEFAULT_PRIORITY,
  correlationId: '',
  declaredBytes: null,
} as const

/** Asked twice in a row with bytes between: a property would be taken for what it was before. */
const hasHeaders = (gathering: HeaderGathering): boolean => gathering.headers !== null

/** The body of a frame whose bytes were told with its head. */
const behind = ({ frameKind, streamOffset, wireBytes }: FrameExtent): FrameExtent => ({
  frameKind,
  streamOffset: streamOffset + wireBytes,
  wireBytes: 0,
})

const copyOf = <F extends MessageFrame>(frame: F): F => ({ ...frame })
