import { z } from 'zod'
import { asConsoleError, ConsoleError } from '../../../../shared/errors'
import { parseJsonBody } from '../../../../shared/model/json-body'
import type { IncomingRequest } from '../../stack-types'
import { isStream } from '../answer-stream'
import { Blueprint } from '../blueprint'
import { jsonReply, wholeBody } from '../body-encoding'
import type { RequestContext } from '../endpoint-types'
import { checked } from './rpc-check'
import {
  DEFAULT_RPC_PREFIX,
  DISCOVER_METHOD,
  type ParamsChecked,
  type ResultGiven,
  type RpcContract,
  type RpcDescription,
  type RpcShape,
} from './rpc-contract'
import { type RpcCall, RunningCall } from './running-call'

/** Parameters of a call are read into memory, up to here. */
const MAX_PARAMS_BYTES = 16 * 1024 * 1024

/** Serves a method: returns the result, or yields the items of a stream. What it throws is told to the caller. */
export type RpcHandler<S extends RpcShape> = (
  params: ParamsChecked<S>,
  call: RpcCall,
) => S extends { readonly isStream: true }
  ? AsyncIterable<ResultGiven<S>>
  : ResultGiven<S> | Promise<ResultGiven<S>>

/** Without the types of its shape, which were checked where it was added. */
type AnyHandler = (params: unknown, call: RpcCall) => unknown

/**
 * Methods with checked parameters, each on a route of its own (`rpc/NAME`), so that everything below sees ordinary
 * requests, and any peer that can send JSON can call them.
 *
 * ```ts
 * const rpc = new RpcServer().method(
 *   'motor.move',
 *   { params: z.object({ axis: z.int(), mm: z.number() }), description: 'Moves an axis.' },
 *   async ({ axis, mm }, call) => motor.move(axis, mm, call.signal),
 * )
 * endpoint.register(rpc.blueprint)
 * ```
 *
 * What goes wrong is answered with a code: `RPC_METHOD_UNKNOWN`, `RPC_PARAMS_INVALID` (naming the field),
 * `RPC_DEADLINE_EXCEEDED`, `RPC_RESULT_INVALID`; a handler tells a code of its own by an `AnswerError`.
 */
export class RpcServer {
  /** To be registered at an endpoint; may get hooks and middleware of its own. */
  readonly blueprint: Blueprint
  readonly #shapes = new Map<string, RpcShape>()

  constructor(options: { readonly prefix?: string } = {}) {
    this.blueprint = new Blueprint(options.prefix ?? DEFAULT_RPC_PREFIX)
      .request(DISCOVER_METHOD, () => jsonReply(this.describe()))
      .onDefault(({ route }) => {
        throw new ConsoleError('RPC_METHOD_UNKNOWN', `there is no method on the route "${route}"`)
      })
  }

  /** @throws ConsoleError `RPC_METHOD_TAKEN`. */
  method<S extends RpcShape>(name: string, shape: S, handler: RpcHandler<S>): this {
    if (this.#shapes.has(name) || name.startsWith('rpc.')) {
      throw new ConsoleError('RPC_METHOD_TAKEN', `the method name "${name}" is taken`)
    }
    this.#shapes.set(name, shape)
    this.blueprint.request(name, (_, context) => call(name, shape, handler as AnyHandler, context))
    return this
  }

  /** All methods of a contract. @throws ConsoleError `RPC_METHOD_TAKEN`. */
  implement<C extends RpcContract>(
    contract: C,
    handlers: { readonly [N in keyof C]: RpcHandler<C[N]> },
  ): this {
    for (const [name, shape] of Object.entries(contract))
      this.method(name, shape, handlers[name] as AnyHandler)
    return this
  }

  /** What `rpc.discover` answers. */
  describe(): RpcDescription {
    const methods = [...this.#shapes].map(
      ([name, { description = '', isStream: isMany = false, params, result }]) => ({
        name,
        description,
        isStream: isMany,
        params: params ? schemaOf(params, 'input') : null,
        result: result ? schemaOf(result, 'output') : null,
      }),
    )
    return { methods }
  }
}

async function call(
  name: string,
  shape: RpcShape,
  handler: AnyHandler,
  context: RequestContext,
): Promise<unknown> {
  const running = new RunningCall(name, context)
  let isStreaming = false
  try {
    running.checkTime()
    const params = await paramsOf(name, shape, context.request)
    const given = handler(params, running)
    if (isStream(given) && Symbol.asyncIterator in given) {
      isStreaming = true
      return itemsOf(name, shape, given, running)
    }
    const result = await running.unlessOver(given)
    running.checkTime()
    return await replyOf(name, shape, result)
  } finally {
    if (!isStreaming) running.close()
  }
}

async function* itemsOf(
  name: string,
  shape: RpcShape,
  items: AsyncIterable<unknown>,
  running: RunningCall,
): AsyncGenerator {
  try {
    for await (const item of running.unlessOverEach(items)) {
      running.checkTime()
      yield await replyOf(name, shape, item)
    }
  } finally {
    running.close()
  }
}

async function paramsOf(name: string, { params }: RpcShape, request: IncomingRequest): Promise<unknown> {
  if (params === undefined) return undefined
  const of = `the parameters of "${name}"`
  if (request.bodyBytes > MAX_PARAMS_BYTES) {
    throw new ConsoleError(
      'RPC_PARAMS_INVALID',
      `${of} have ${request.bodyBytes} bytes, ${MAX_PARAMS_BYTES} are allowed`,
    )
  }
  let given: unknown
  try {
    given = request.bodyBytes === 0 ? undefined : parseJsonBody(wholeBody(request))
  } catch (error) {
    throw new ConsoleError('RPC_PARAMS_INVALID', `${of}: ${asConsoleError(error).message}`)
  }
  return checked(params, given, 'RPC_PARAMS_INVALID', of)
}

/** Nothing is said as null: a caller waits for an answer. */
async function replyOf(name: string, { result }: RpcShape, given: unknown): Promise<unknown> {
  const value = await checked(result, given, 'RPC_RESULT_INVALID', `the result of "${name}"`)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    throw new ConsoleError(
      'RPC_RESULT_INVALID',
      `the result of "${name}" is bytes: use a route of its own for them`,
    )
  }
  return jsonReply(value ?? null)
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): unknown =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' })
