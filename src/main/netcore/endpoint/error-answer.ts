import { utf8 } from '../../../shared/bytes'
import { STATUS_ERROR, STATUS_HEADER } from '../../../shared/model/peer-error'
import type { Reply } from '../stack-types'
import type { ToldError } from './told-error'

export interface ErrorReply extends Reply {
  readonly body: Uint8Array
}

/**
 * The answer to a request that could not be served: JSON which a person can read and any peer can digest, and a header
 * by which our side knows it. It names no route of its own: a Python peer that gave up waiting would hand it to the
 * handler of that route as if it were a request (netcore-lso.md §6).
 */
export function errorReply({ code, message, details }: ToldError, route: string): ErrorReply {
  return {
    body: utf8(
      JSON.stringify({ error: message, code, route, ...(details && { details: sayable(details) }) }),
    ),
    route: '',
    headers: { [STATUS_HEADER]: STATUS_ERROR },
  }
}

/** Telling of a failure must not fail. */
function sayable(details: Readonly<Record<string, unknown>>): unknown {
  try {
    return JSON.parse(JSON.stringify(details)) as unknown
  } catch {
    return undefined
  }
}
