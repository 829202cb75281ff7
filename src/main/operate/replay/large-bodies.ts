import { createHash } from 'node:crypto'
import type { BytesEvent, Direction, TraceEvent } from '../../../shared/model/trace'
import { type LinkAddress, parseLinkUrl } from '../../../shared/model/link-url'
import { isLossyScheme } from '../../link/line-settings'
import { nodeCompression } from '../../link/node-compression'
import { dialectNamed } from '../../netcore/dialects'
import { LARGEST_MESSAGE_BYTES } from '../../netcore/pipe/limits'
import {
  type BodyWriter,
  type MessageBody,
  type MessageStore,
  PREVIEW_BYTES,
  type ReceivedBody,
} from '../../netcore/pipe/message-body'
import { createStack } from '../../netcore/stack'
import type { StackPort } from '../../netcore/stack-types'

interface Kept {
  readonly dir: Direction
  readonly bodyBytes: number
  /** As much of the body as was recorded with its message; never empty. */
  readonly start: Uint8Array
}

/** A body of which the recording has the beginning only, beside the bytes of the line. */
export type WantedBody =
  /** To be sent again. The taker holds it, and releases it. */
  | (Kept & { readonly as: 'body'; found(body: MessageBody): void })
  /** To be compared. */
  | (Kept & { readonly as: 'digest'; found(digest: string): void })

/** One direction of a connection, from its first byte on. */
interface Way {
  readonly stack: StackPort
  nextOffset: number
}

/**
 * Reads the bytes of one recorded link again, by the stack that read them when they passed, for the sake of the bodies
 * that were too large to be written down with their messages. They gather where the store puts them, so that no body is
 * in memory as a whole; of those that are only compared nothing is kept but the digest.
 *
 * A derived body is a wanted one when it has the same direction, length and beginning; of several like that each has its
 * turn. What is not found (the recording begins within it, or lost bytes of it) stays wanted.
 */
export class LargeBodies {
  /** By direction and length; those of one kind in the order of the recording. */
  readonly #wanted = new Map<string, WantedBody[]>()
  readonly #store: MessageStore
  readonly #ways = new Map<Direction, Way>()
  #url = ''

  constructor(wanted: readonly WantedBody[], store: MessageStore) {
    for (const body of wanted) {
      const alike = this.#wanted.get(kindOf(body))
      if (alike === undefined) this.#wanted.set(kindOf(body), [body])
      else alike.push(body)
    }
    this.#store = store
  }

  /** Nothing is left to look for. */
  get isThrough(): boolean {
    return this.#wanted.size === 0
  }

  /** Takes the next event of the link. Where its address is not known its bytes cannot be read. */
  take(event: TraceEvent): void {
    if (event.type === 'bytes') this.#receive(event)
    else if (event.type === 'link-state') {
      this.#url ||= event.url
      if (event.phase === 'connected' || event.phase === 'closed' || event.phase === 'interrupted') this.end()
    }
  }

  /** The connection is over: lets go of what is not whole. */
  end(): void {
    for (const { stack } of this.#ways.values()) stack.disconnected(0, 'MESSAGE_INTERRUPTED')
    this.#ways.clear()
  }

  #receive({ dir, bytes, streamOffset, atMs }: BytesEvent): void {
    let way = this.#ways.get(dir)
    if (way !== undefined && way.nextOffset !== streamOffset) {
      way.stack.disconnected(atMs, 'MESSAGE_INTERRUPTED') // bytes are missing between
      way = undefined
    }
    way ??= this.#open(dir, atMs)
    if (way === undefined) return
    way.nextOffset = streamOffset + bytes.length
    way.stack.receive(bytes, atMs)
  }

  #open(dir: Direction, atMs: number): Way | undefined {
    const address = addressOf(this.#url)
    if (address === undefined) return undefined
    const dialect = dialectNamed(address.dialect)
    const stack = createStack({
      dialect: dialect.reader ?? dialect, // whoever only reads can not shake hands
      codec: { onDamage: isLossyScheme(address) ? 'resync' : 'fatal' },
      random: () => 0, // nothing is sent, so nothing is drawn
      answersErrors: false,
      limits: { messageBytes: LARGEST_MESSAGE_BYTES },
      store: { open: (head) => this.#writer(dir, head) },
      compression: nodeCompression,
      onTrace: () => undefined,
      onWork: () => undefined,
    })
    stack.onUnrouted(() => undefined)
    stack.connected(atMs)
    const way = { stack, nextOffset: 0 }
    this.#ways.set(dir, way)
    return way
  }

  #writer(dir: Direction, head: Parameters<MessageStore['open']>[0]): BodyWriter {
    const { declaredBytes } = head
    const kinds =
      declaredBytes === null ? [...this.#wanted.values()] : [this.#wanted.get(`${dir} ${declaredBytes}`)]
    const candidates = kinds.flatMap((alike) => alike?.filter((body) => body.dir === dir) ?? [])
    if (candidates.length === 0) return new WatchedWriter(undefined, undefined)
    const behind = candidates.some(({ as }) => as === 'body') ? this.#store.open(head) : undefined
    return new WatchedWriter(behind, (whole) => this.#whole(dir, whole))
  }

  #whole(dir: Direction, { received, start, digest }: Whole): void {
    const { byteLength, bytes, stored } = received
    const kind = `${dir} ${byteLength}`
    const alike = this.#wanted.get(kind) ?? []
    const at = alike.findIndex((body) => beginsWith(start, body.start))
    const [wanted] = at === -1 ? [] : alike.splice(at, 1)
    if (alike.length === 0) this.#wanted.delete(kind)
    if (wanted?.as === 'digest') wanted.found(digest())
    else if (wanted !== undefined) {
      stored?.retain()
      wanted.found(stored ?? bytes)
    }
  }
}

const kindOf = ({ dir, bodyBytes }: WantedBody): string => `${dir} ${bodyBytes}`

/** Both are cut somewhere: as far as both go. */
function beginsWith(start: Uint8Array, recorded: Uint8Array): boolean {
  const length = Math.min(start.length, recorded.length)
  return Buffer.compare(start.subarray(0, length), recorded.subarray(0, length)) === 0
}

function addressOf(url: string): LinkAddress | undefined {
  try {
    return parseLinkUrl(url)
  } catch {
    return undefined // a file may name an address that means nothing here
  }
}

interface Whole {
  readonly received: ReceivedBody
  readonly start: Uint8Array
  readonly digest: () => string
}

/** Sees a body pass by on its way to where it gathers, or to nowhere. */
class WatchedWriter implements BodyWriter {
  readonly #behind: BodyWriter | undefined
  readonly #onWhole: ((whole: Whole) => void) | undefined
  readonly #hash = createHash('sha256')
  readonly #start: Uint8Array[] = []
  #startBytes = 0
  #byteLength = 0

  /** @param onWhole - Undefined: nobody looks at this one. */
  constructor(behind: BodyWriter | undefined, onWhole: ((whole: Whole) => void) | undefined) {
    this.#behind = behind
    this.#onWhole = onWhole
  }

  get byteLength(): number {
    return this.#byteLength
  }

  get heldBytes(): number {
    return (this.#behind?.heldBytes ?? 0) + this.#startBytes
  }

  append(payload: Uint8Array): void {
    this.#behind?.append(payload)
    this.#byteLength += payload.length
    if (this.#onWhole === undefined) return
    this.#hash.update(payload)
    if (this.#startBytes >= PREVIEW_BYTES) return
    const part = payload.slice(0, PREVIEW_BYTES - this.#startBytes)
    this.#start.push(part)
    this.#startBytes += part.length
  }

  finish(): ReceivedBody {
    const byteLength = this.#byteLength
    const received = this.#behind?.finish() ?? { byteLength, bytes: NONE, stored: null }
    const start = Buffer.concat(this.#start)
    this.#onWhole?.({ received, start, digest: () => this.#hash.digest('hex') })
    return received
  }

  abandon(): Uint8Array {
    this.#behind?.abandon()
    return NONE
  }
}

const NONE = new Uint8Array(0)
