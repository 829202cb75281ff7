/** The application's side of the stack: see `Endpoint`. */
export { Blueprint, RouteGroup } from './blueprint'
export { encodeBody, isReply, jsonReply, textReply, toReply, wholeBody } from './body-encoding'
export { Endpoint, type EndpointOptions, MAX_CONCURRENT, MAX_WAITING } from './endpoint'
export type {
  AfterHook,
  Asked,
  AskOptions,
  BeforeHook,
  EndpointHandler,
  EndpointPipe,
  ErrorHandler,
  Middleware,
  PostOptions,
  RequestContext,
  RequestScope,
  RouteOptions,
  SendOptions,
  SentMessage,
  SubscribeOptions,
} from './endpoint-types'
export {
  DEFAULT_DEADLINE_MS,
  RpcClient,
  type RpcCallOptions,
  type RpcMethods,
} from './rpc/rpc-client'
export type { RpcContract, RpcDescription, RpcMethodDescription, RpcShape } from './rpc/rpc-contract'
export { type RpcHandler, RpcServer } from './rpc/rpc-server'
export type { RpcCall } from './rpc/running-call'
export { stackPipe, type StackPipeOptions } from './stack-pipe'
export { DEFAULT_BUFFERED_ANSWERS, DEFAULT_BUFFERED_BYTES, Subscription } from './subscription'
export { AnswerError } from './told-error'
