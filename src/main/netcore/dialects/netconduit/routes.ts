import { ConsoleError } from '../../../../shared/errors'

/** What a route of ours is on the wire. */
export interface WireTarget {
  readonly kind: 'rpc' | 'msg' | 'stream'
  readonly name: string
}

export const rpcRoute = (method: string): string => `rpc:${method}`
export const messageRoute = (type: string): string => `msg:${type}`
export const streamRoute = (name: string): string => `stream:${name}`

/** A handler's return value goes back under this name; nothing of that name is ever answered. */
export const answerType = (type: string): string => `${type}${ANSWER_SUFFIX}`

/** The type of the message that one of this type answers; undefined where it answers none. */
export const answeredType = (type: string): string | undefined =>
  type.endsWith(ANSWER_SUFFIX) ? type.slice(0, -ANSWER_SUFFIX.length) : undefined

const ANSWER_SUFFIX = '_response'

/** @throws ConsoleError `HEAD_NOT_ENCODABLE`. */
export function wireTarget(route: string): WireTarget {
  const match = /^(rpc|msg|stream):(.+)$/s.exec(route)
  if (match !== null) return { kind: match[1] as WireTarget['kind'], name: match[2]! }
  throw new ConsoleError('HEAD_NOT_ENCODABLE', `netconduit has no route "${route.slice(0, 80)}"`, {
    remedy: 'Use rpc:METHOD to call, msg:TYPE for a message, or stream:NAME to subscribe.',
  })
}
