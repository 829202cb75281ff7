/**
 * The bytes of a message, as they lie somewhere. A body in memory is a plain array; one that lies elsewhere (a file) is
 * read piece by piece as its chunks are sent, so that it is never in memory as a whole.
 */
export interface BodySource {
  readonly byteLength: number
  /**
   * Bytes `offset` … `offset + length - 1`. The result is borrowed by the caller for good.
   *
   * @throws ConsoleError `BODY_UNREADABLE` when they can not be read any more: the message fails alone.
   */
  read(offset: number, length: number): Uint8Array
  /**
   * One more needs it. Whoever made or received a source holds it once; a pipe holds it while the message is in it
   * (`OutgoingTrace` sees to that). The last `release` lets go of what is behind it.
   */
  retain?(): void
  release?(): void
}

export type MessageBody = Uint8Array | BodySource

/**
 * A body that was received and lies outside the memory of the stack.
 *
 * That of a request is held by the stack until its handler is done and the answers which carry it have left; a handler that
 * needs it for longer retains it. That of an answer belongs to whoever awaited it, who releases it.
 */
export interface StoredBody extends BodySource {
  /** Where it lies, in words a person can use (a file name). */
  readonly place: string
  retain(): void
  release(): void
}

export interface ReceivedBody {
  readonly byteLength: number
  /** All of it; of a stored body the first bytes, to show. Borrowed and immutable. */
  readonly bytes: Uint8Array
  readonly stored: StoredBody | null
}

/** Gathers the body of one incoming message, in order. */
export interface BodyWriter {
  /** Bytes appended. */
  readonly byteLength: number
  /** Bytes of them held in memory: what counts against `reassemblyBytes`. */
  readonly heldBytes: number
  /** Borrowed for good: the payload does not change afterwards. @throws ConsoleError: the message fails alone. */
  append(payload: Uint8Array): void
  /** The body is whole. @throws ConsoleError: the message fails alone. */
  finish(): ReceivedBody
  /** The body will not be whole. Returns what there is to show of it, and lets go of everything else. */
  abandon(): Uint8Array
}

/** Where a body gathers before its message is open, or when it was refused before it began: takes nothing. */
export const NOWHERE: BodyWriter = {
  byteLength: 0,
  heldBytes: 0,
  append: () => undefined,
  finish: () => ({ byteLength: 0, bytes: new Uint8Array(0), stored: null }),
  abandon: () => new Uint8Array(0),
}

/** Decides where incoming bodies gather. */
export interface MessageStore {
  open(head: { readonly route: string; readonly declaredBytes: number | null }): BodyWriter
}

/** What a trace shows of a body that does not lie in memory. */
export const PREVIEW_BYTES = 64 * 1024

/** Bytes that a body occupies in memory. */
export const memoryBytesOf = (body: MessageBody): number => (body instanceof Uint8Array ? body.byteLength : 0)

/** One more needs the body, for as long as it does not say `releaseBody`. */
export function retainBody(body: MessageBody): void {
  if (!(body instanceof Uint8Array)) body.retain?.()
}

export function releaseBody(body: MessageBody): void {
  if (!(body instanceof Uint8Array)) body.release?.()
}

/** Bytes `from` … `to - 1` of a body: a view where it lies in memory. */
export const sliceBody = (body: MessageBody, from: number, to: number): Uint8Array =>
  body instanceof Uint8Array ? body.subarray(from, to) : body.read(from, to - from)

/** A body from front to back, in pieces that need little memory. @throws ConsoleError `BODY_UNREADABLE`. */
export function* bodyBlocks(
  body: MessageBody,
  blockBytes = 256 * 1024,
): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < body.byteLength; at += blockBytes) {
    yield sliceBody(body, at, Math.min(at + blockBytes, body.byteLength))
  }
}

/** What an observer gets of a body: all of it where it lies in memory, else its beginning. */
export function shownBody(body: MessageBody): Uint8Array {
  if (body instanceof Uint8Array) return body
  try {
    return body.read(0, Math.min(PREVIEW_BYTES, body.byteLength))
  } catch {
    return new Uint8Array(0)
  }
}
