/** The parts of rsocket-js 0.0.27 that the benchmark uses; the packages carry no types. */
declare module 'rsocket-core' {
  import type { ByteTransport, ConnectionSource, Payload, Publisher, SinglePublisher } from 'rsocket-shapes'

  export interface Responder {
    requestResponse?(payload: Payload): SinglePublisher<Payload>
    requestChannel?(payloads: Publisher<Payload>): Publisher<Payload>
  }
  export interface RSocket {
    requestResponse(payload: Payload): SinglePublisher<Payload>
    requestChannel(payloads: Publisher<Payload>): Publisher<Payload>
    close(): void
  }
  export class RSocketClient {
    constructor(options: {
      readonly setup: {
        readonly keepAlive: number
        readonly lifetime: number
        readonly dataMimeType: string
        readonly metadataMimeType: string
      }
      readonly transport: ByteTransport
    })
    connect(): SinglePublisher<RSocket>
  }
  export class RSocketServer {
    constructor(options: {
      readonly getRequestHandler: () => Responder
      readonly transport: ConnectionSource
    })
    start(): void
  }
  export const BufferEncoders: unique symbol
}

declare module 'rsocket-tcp-client' {
  import type { Duplex } from 'node:stream'
  import type { BufferEncoders } from 'rsocket-core'
  import type { ByteTransport } from 'rsocket-shapes'

  export class RSocketTcpConnection implements ByteTransport {
    constructor(stream: Duplex, encoders: typeof BufferEncoders)
    connect(): void
    close(): void
  }
}

/** Not a package: what the publishers of rsocket-js look like. */
declare module 'rsocket-shapes' {
  export interface Payload {
    readonly data: Buffer
    readonly metadata?: Buffer
  }
  export interface Subscription {
    request(count: number): void
    cancel(): void
  }
  export interface Subscriber<T> {
    onSubscribe(subscription: Subscription): void
    onNext(value: T): void
    onComplete(): void
    onError(error: Error): void
  }
  export interface Publisher<T> {
    subscribe(subscriber: Subscriber<T>): void
  }
  export interface SingleSubscriber<T> {
    onSubscribe(cancel: () => void): void
    onComplete(value: T): void
    onError(error: Error): void
  }
  export interface SinglePublisher<T> {
    subscribe(subscriber: SingleSubscriber<T>): void
  }
  export interface ByteTransport {
    connect(): void
    close(): void
  }
  /** Where a server gets its connections from. */
  export interface ConnectionSource {
    start(): Publisher<ByteTransport>
    stop(): void
  }
}
