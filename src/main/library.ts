/**
 * The stack as a library for Node: everything of `netcore/index.ts`, and what it needs of the world: links over real
 * lines, a clock, files. `docs/library.md` has an example for each part.
 */
export * from './netcore'
export { utf8, lenientUtf8, toHex, fromHex, concatBytes } from '../shared/bytes'
export { asConsoleError, ConsoleError, type ErrorCode, hasCode } from '../shared/errors'
export type { Clock } from '../shared/model/clock'
export type { LineRate } from '../shared/model/line-rate'
export { type LinkAddress, parseLinkUrl } from '../shared/model/link-url'
export type { Headers, MessageKind, Priority, TraceEvent, TraceObserver } from '../shared/model/trace'
export { fileBody, type FileBody } from './link/bodies/file-body'
export { FileStore, type FileStoreCounts, type FileStoreOptions } from './link/bodies/file-store'
export { fileWriter } from './link/bodies/file-writer'
export { CacheDriver } from './link/cache-driver'
export { cronRule, type CronRuleOptions } from './link/cron-rule'
export { type AttachedLink, attachEndpoint } from './link/endpoint-link'
export { Link } from './link/link'
export type { ReconnectPolicy } from './link/link-machine'
export { LsoFile, type LsoFileContent } from './link/lso-file-store'
export { currentContext, currentRequest } from './link/request-scope'
export { SchedulerDriver } from './link/scheduler-driver'
export {
  decodeLsoFile,
  encodeLsoFile,
  extensionHeaders,
  toExtension,
} from './netcore/dialects/lso/lso-file'
export { Cache, type CacheChange, type CacheStats } from './netcore/cache'
export { Blueprint } from './netcore/endpoint/blueprint'
export { jsonReply, textReply, wholeBody } from './netcore/endpoint/body-encoding'
export { Endpoint, type EndpointOptions } from './netcore/endpoint/endpoint'
export type { EndpointHandler, Middleware, RequestContext } from './netcore/endpoint/endpoint-types'
export { RpcClient } from './netcore/endpoint/rpc/rpc-client'
export type { RpcContract } from './netcore/endpoint/rpc/rpc-contract'
export { RpcServer } from './netcore/endpoint/rpc/rpc-server'
export { type Subscription } from './netcore/endpoint/subscription'
export { AnswerError } from './netcore/endpoint/told-error'
export { Events, type SystemEvents } from './netcore/events'
export {
  bodyBlocks,
  type BodySource,
  type BodyWriter,
  type MessageBody,
  type MessageStore,
  type StoredBody,
} from './netcore/pipe/message-body'
export { Scheduler, type TaskOptions, type TaskRun } from './netcore/scheduler'
export {
  type CustomOptions,
  type CustomStream,
  type CustomTransport,
  customTransport,
} from './transport/custom'
export { duplexTransport } from './transport/duplex'
export { SystemClock } from './transport/system-clock'
export type { Connection, ConnectionHandlers, ListeningTransport, Transport } from './transport/transport'
export {
  connect,
  type ConnectOptions,
  listen,
  type Listening,
  type ListenOptions,
  type OpenOptions,
} from './library/connect'
export { createCache, createEndpoint, createScheduler, systemClock } from './library/machine-clock'
