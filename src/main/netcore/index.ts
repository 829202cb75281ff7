/**
 * The Netcore stack as a library: wire dialects, multiplexing, reassembly, requests and routes, without I/O, clock,
 * timers or randomness of its own. Whoever owns a stack brings four things: bytes, the time, a random source, and the
 * patience to call it again when it says so.
 *
 * ```ts
 * const stack = createStack({
 *   dialect: lsoDialect,
 *   codec: { onDamage: 'fatal' },                    // 'resync' on lines that can lose or damage bytes
 *   random: (bound) => randomInt(bound),             // ids come from here
 *   onTrace: (event) => observe(event),              // everything that happens, in order
 *   onWork: () => queueMicrotask(pump),              // an async handler answered
 * })
 * stack.route('add', (request) => {
 *   const { a, b } = request.json() as { a: number; b: number }
 *   return { body: utf8(JSON.stringify({ sum: a + b })) }
 * })
 *
 * socket.on('connect', () => stack.connected(now()))
 * socket.on('data', (bytes) => { stack.receive(bytes, now()); pump() })
 * socket.on('close', () => stack.disconnected(now(), 'LINK_LOST'))
 *
 * function pump() {
 *   if ((stack.wakeAtMs ?? Infinity) <= now()) stack.wake(now())
 *   while (socket.canTake()) {                       // pull late: the order is decided here
 *     const frame = stack.pull(now())
 *     if (frame === undefined) break
 *     socket.write(join(frame.parts))                // one write per frame: a head must not be torn
 *   }
 *   alarm.set(stack.wakeAtMs, pump)
 * }
 *
 * const { answer } = stack.request({ route: 'add', body: utf8('{"a": 1, "b": 2}') }, now())
 * pump()
 * const { body } = await answer                      // or a ConsoleError with a code
 * ```
 *
 * Rules of the house
 * - Times are milliseconds of one monotonic clock and never go back. `wakeAtMs` may be early, never late.
 * - `receive` borrows its bytes for good, `send` and `request` borrow the body until the message has left; nobody
 *   modifies them. Bodies that handlers and observers get are borrowed too.
 * - Handlers run inside `receive` or `wake`; they may call the stack. Their answers leave with the next `pull`.
 * - Messages that wait when a connection ends are sent on the next one, unless they had begun, are answers, or somebody
 *   awaits their answer: those end as `interrupted`, and every wait rejects.
 * - A time limit of a request counts time without progress, so it need not grow with the body (see `request`).
 * - Answers of a peer that failed come as answers; `peerErrorOf` tells them apart.
 */
export {
  DIALECT_NAMES,
  dialectNamed,
  lsoDialect,
  nativeDialect,
  netconduitDialect,
  rawDialect,
  socketdDialect,
} from './dialects'
export type { CodecOptions, Dialect, DialectCodec, DialectTraits, RandomSource } from './dialects/dialect'
export { type PeerError, peerErrorOf } from '../../shared/model/peer-error'
export { MAX_JSON_NESTING, parseJsonBody } from '../../shared/model/json-body'
export { DEFAULT_AGING_MS, DEFAULT_LIMITS } from './pipe/limits'
export { createStack } from './stack'
export * from './endpoint'
export type {
  Answer,
  Handler,
  IncomingRequest,
  OutgoingFrame,
  OutgoingMessage,
  OutgoingRequest,
  PendingRequest,
  Reply,
  SendPolicy,
  StackLimits,
  StackOptions,
  StackPort,
} from './stack-types'
