import { concatBytes } from '../shared/bytes'
import { socketdDialect } from '../main/netcore/dialects'
import { frameHead, frameNames } from '../main/netcore/dialects/socketd/wire/frame'
import type { FrameKind } from '../main/netcore/dialects/socketd/wire/flags'
import type { SessionOptions } from '../main/netcore/pipe/pipe'
import type { StackOptions } from '../main/netcore/stack-types'
import { eventsOf, exchange, type ObservedStack, observedStack, pullAll, seededRandom } from './stack-wire'

export type SocketdOptions = Partial<Omit<StackOptions, 'onTrace' | 'onWork' | 'session' | 'dialect'>>

/** One side of Socket.D, with everything it said. */
export const socketdSide = (session: Partial<SessionOptions>, options: SocketdOptions = {}): ObservedStack =>
  observedStack({ dialect: socketdDialect, ...options, session: { role: 'host', ...session } })

export interface SocketdPair {
  readonly client: ObservedStack
  readonly server: ObservedStack
  /** Both say everything they have to say. */
  readonly talk: (nowMs?: number) => void
}

/** A client and a server that have shaken hands. */
export function socketdPair(
  options: {
    readonly client?: Partial<SessionOptions>
    readonly server?: Partial<SessionOptions>
    readonly both?: SocketdOptions
  } = {},
): SocketdPair {
  const client = socketdSide(options.client ?? {}, { random: seededRandom(1), ...options.both })
  const server = socketdSide(
    { role: 'device', ...options.server },
    { random: seededRandom(2), ...options.both },
  )
  client.stack.connected(0)
  server.stack.connected(0)
  const talk = (nowMs = 0): void => {
    for (let turn = 0; turn < 4; turn++) {
      client.stack.wake(nowMs)
      server.stack.wake(nowMs)
      exchange(client.stack, server.stack, nowMs)
    }
  }
  talk(0)
  return { client, server, talk }
}

const NO_DATA: Uint8Array = new Uint8Array(0)

/** A frame as a peer would write it, with nothing checked. */
export const socketdFrame = (
  kind: FrameKind,
  { sid = '', event = '', meta = '', data = NO_DATA } = {},
): Uint8Array => concatBytes([frameHead(kind, frameNames(sid, event), meta, data.length), data])

/** A server that somebody has connected to; what it said to that is gone. */
export function servedSocketd(
  session: Partial<SessionOptions> = {},
  options: SocketdOptions = {},
): ObservedStack {
  const server = socketdSide({ role: 'device', ...session }, options)
  server.stack.connected(0)
  const url = 'tcp://h:1/'
  server.stack.receive(
    socketdFrame('connect', {
      sid: 'c',
      event: url,
      meta: 'Socket.D=1.0',
      data: new TextEncoder().encode(url),
    }),
    0,
  )
  pullAll(server.stack, 0)
  return server
}

export const sessionPhases = ({ events }: ObservedStack): string[] =>
  eventsOf(events, 'session').map(({ phase }) => phase)

export const faultCodes = ({ events }: ObservedStack): string[] =>
  eventsOf(events, 'fault').map(({ code }) => code)
