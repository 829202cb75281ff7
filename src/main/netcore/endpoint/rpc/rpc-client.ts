import type { z } from 'zod'
import { ConsoleError, ERROR_CATALOGUE, type ErrorCode, hasCode } from '../../../../shared/errors'
import { parseJsonBody } from '../../../../shared/model/json-body'
import type { Answer } from '../../stack-types'
import { wholeBody } from '../body-encoding'
import type { Endpoint } from '../endpoint'
import type { AskOptions, PostOptions } from '../endpoint-types'
import { checked } from './rpc-check'
import {
  DEADLINE_HEADER,
  DEFAULT_RPC_PREFIX,
  DISCOVER_METHOD,
  type ParamsGiven,
  type ResultChecked,
  type RpcContract,
  type RpcDescription,
  type RpcShape,
} from './rpc-contract'

export const DEFAULT_DEADLINE_MS = 30_000
/** The peer says by itself that the time is over. This much later the caller goes on without it. */
const DEADLINE_GRACE_MS = 500

export interface RpcCallOptions extends PostOptions {
  /**
   * Milliseconds that the peer may take, from when it has the whole call. Default for a call: 30 s; for a stream: no end.
   */
  readonly deadlineMs?: number
  /** Aborting cancels the call: `REQUEST_CANCELLED`. */
  readonly signal?: AbortSignal
  /** Checks the result (of a stream: each item). */
  readonly result?: z.ZodType
}

type Arguments<S extends RpcShape> =
  undefined extends ParamsGiven<S>
    ? [params?: ParamsGiven<S>, options?: RpcCallOptions]
    : [params: ParamsGiven<S>, options?: RpcCallOptions]

/** The methods of a contract, to be called like functions. */
export type RpcMethods<C extends RpcContract> = {
  readonly [N in keyof C]: C[N] extends { readonly isStream: true }
    ? (...args: Arguments<C[N]>) => AsyncGenerator<ResultChecked<C[N]>, void>
    : (...args: Arguments<C[N]>) => Promise<ResultChecked<C[N]>>
}

/**
 * Calls methods of the peer.
 *
 * ```ts
 * const motor = new RpcClient(endpoint).methods(motorContract)
 * await motor['motor.move']({ axis: 1, mm: 2.5 }, { deadlineMs: 2000 })
 * for await (const { mm } of motor['motor.watch']({ axis: 1 })) show(mm)
 * ```
 *
 * A call rejects, and a stream throws, with ConsoleError `RPC_METHOD_UNKNOWN`, `RPC_PARAMS_INVALID` (`details.path` leads to
 * the field), `RPC_DEADLINE_EXCEEDED`, `RPC_RESULT_INVALID`; `PEER_FAILED` when the method itself failed (its code is
 * `details.peerCode`); and with what `Endpoint.send` and `Subscription` say.
 */
export class RpcClient {
  readonly #endpoint: Pick<Endpoint, 'send' | 'subscribe'>
  readonly #prefix: string
  readonly #defaults: RpcCallOptions

  constructor(
    endpoint: Pick<Endpoint, 'send' | 'subscribe'>,
    options: RpcCallOptions & { readonly prefix?: string } = {},
  ) {
    const { prefix = DEFAULT_RPC_PREFIX, ...defaults } = options
    this.#endpoint = endpoint
    this.#prefix = prefix
    this.#defaults = defaults
  }

  async call(name: string, params?: unknown, options: RpcCallOptions = {}): Promise<unknown> {
    const all = { ...this.#defaults, ...options }
    const { deadlineMs = DEFAULT_DEADLINE_MS } = all
    try {
      const answer = await this.#endpoint.send(this.#prefix + name, params, {
        ...requestOptions({ ...all, deadlineMs }),
        timeoutMs: deadlineMs + DEADLINE_GRACE_MS,
      })
      return await resultOf(name, answer, all.result)
    } catch (error) {
      throw rpcErrorOf(name, error)
    }
  }

  /** The items are asked for with the first `next`. Leaving the loop ends the stream at the peer. */
  async *stream(name: string, params?: unknown, options: RpcCallOptions = {}): AsyncGenerator<unknown, void> {
    const all = { ...this.#defaults, ...options }
    const { deadlineMs } = all
    const timeout = deadlineMs === undefined ? {} : { timeoutMs: deadlineMs + DEADLINE_GRACE_MS }
    try {
      const answers = this.#endpoint.subscribe(this.#prefix + name, params, {
        ...requestOptions(all),
        ...timeout,
      })
      for await (const answer of answers) yield await resultOf(name, answer, all.result)
    } catch (error) {
      throw rpcErrorOf(name, error)
    }
  }

  /** What methods the peer has. */
  async discover(options: RpcCallOptions = {}): Promise<RpcDescription> {
    return (await this.call(DISCOVER_METHOD, undefined, options)) as RpcDescription
  }

  methods<C extends RpcContract>(contract: C): RpcMethods<C> {
    const entries = Object.entries(contract).map(([name, { isStream, result }]) => {
      const withSchema = (options?: RpcCallOptions): RpcCallOptions => ({
        ...(result && { result }),
        ...options,
      })
      const method =
        isStream === true
          ? (params?: unknown, options?: RpcCallOptions) => this.stream(name, params, withSchema(options))
          : (params?: unknown, options?: RpcCallOptions) => this.call(name, params, withSchema(options))
      return [name, method] as const
    })
    return Object.fromEntries(entries) as unknown as RpcMethods<C>
  }
}

function requestOptions({ deadlineMs, headers, priority, pipe, signal }: RpcCallOptions): AskOptions {
  const time = deadlineMs === undefined ? {} : { [DEADLINE_HEADER]: Math.max(0, Math.round(deadlineMs)) }
  return {
    headers: { ...headers, ...time },
    ...(priority !== undefined && { priority }),
    ...(pipe !== undefined && { pipe }),
    ...(signal !== undefined && { signal }),
  }
}

async function resultOf(name: string, answer: Answer, schema: z.ZodType | undefined): Promise<unknown> {
  let given: unknown
  try {
    given = parseJsonBody(wholeBody(answer))
  } catch (cause) {
    throw new ConsoleError('RPC_RESULT_INVALID', `the result of "${name}" is not JSON`, {}, { cause })
  } finally {
    answer.stored?.release()
  }
  return checked(schema, given, 'RPC_RESULT_INVALID', `the result of "${name}"`)
}

/** The peer's codes are ours where they are about the call itself. */
function rpcErrorOf(name: string, error: unknown): unknown {
  if (hasCode(error, 'REQUEST_TIMEOUT')) {
    const message = `the peer did not answer "${name}" in time`
    return new ConsoleError('RPC_DEADLINE_EXCEEDED', message, {}, { cause: error })
  }
  if (!hasCode(error, 'PEER_FAILED')) return error
  const { peerCode, peerMessage, peerDetails } = error.details
  if (peerCode === 'ROUTE_UNKNOWN') {
    return new ConsoleError(
      'RPC_METHOD_UNKNOWN',
      `the peer has no methods: ${String(peerMessage)}`,
      {},
      { cause: error },
    )
  }
  if (!isRpcCode(peerCode)) return error
  // What to do about it is ours to say: a peer might have a person type anything.
  const details = Object.entries(peerDetails ?? {}).filter(([field]) => field !== 'remedy')
  return new ConsoleError(peerCode, String(peerMessage), Object.fromEntries(details), { cause: error })
}

const isRpcCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && code.startsWith('RPC_') && Object.hasOwn(ERROR_CATALOGUE, code)
