import type { z } from 'zod'

/** Methods lie on routes that begin so. */
export const DEFAULT_RPC_PREFIX = 'rpc/'
/** Says which methods there are. Names that begin with `rpc.` are reserved. */
export const DISCOVER_METHOD = 'rpc.discover'
/** Header of a call: milliseconds that are left for it, from when it was complete at the peer. */
export const DEADLINE_HEADER = 'deadline'

/**
 * What a method takes and gives. The schemas describe JSON; what `params` makes of it is what the handler gets. Without
 * `params` a method takes none; without `result` anything is allowed.
 */
export interface RpcShape {
  readonly params?: z.ZodType
  /** Of a stream: of each item. */
  readonly result?: z.ZodType
  readonly description?: string
  /** It gives many results, one after another: its handler is an async generator. */
  readonly isStream?: boolean
}

/** Methods by name: written once, implemented by the one side and called by the other. */
export type RpcContract = Readonly<Record<string, RpcShape>>

export type ParamsGiven<S extends RpcShape> = S extends { readonly params: infer P extends z.ZodType }
  ? z.input<P>
  : undefined
export type ParamsChecked<S extends RpcShape> = S extends { readonly params: infer P extends z.ZodType }
  ? z.output<P>
  : undefined
export type ResultGiven<S extends RpcShape> = S extends { readonly result: infer R extends z.ZodType }
  ? z.input<R>
  : unknown
export type ResultChecked<S extends RpcShape> = S extends { readonly result: infer R extends z.ZodType }
  ? z.output<R>
  : unknown

/** What `rpc.discover` answers. */
export interface RpcDescription {
  readonly methods: readonly RpcMethodDescription[]
}

export interface RpcMethodDescription {
  readonly name: string
  readonly description: string
  readonly isStream: boolean
  /** JSON Schema; null: takes none. */
  readonly params: unknown
  /** JSON Schema; null: anything. */
  readonly result: unknown
}
