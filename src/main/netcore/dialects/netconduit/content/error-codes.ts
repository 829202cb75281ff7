/** Numbers of the library's own list for what goes wrong (docs/netconduit.md). */
export const CONDUIT_ERROR = {
  internal: 1001,
  timeout: 1002,
  validation: 2000,
  authFailed: 3001,
  methodNotFound: 4000,
  rateLimited: 6000,
} as const

const NUMBER_OF_CODE: Readonly<Record<string, number>> = {
  ROUTE_UNKNOWN: CONDUIT_ERROR.methodNotFound,
  RPC_METHOD_UNKNOWN: CONDUIT_ERROR.methodNotFound,
  REQUEST_BODY_INVALID: CONDUIT_ERROR.validation,
  RPC_PARAMS_INVALID: CONDUIT_ERROR.validation,
  RPC_DEADLINE_EXCEEDED: CONDUIT_ERROR.timeout,
  ENDPOINT_BUSY: CONDUIT_ERROR.rateLimited,
  RATE_LIMITED: CONDUIT_ERROR.rateLimited,
}

/** The number for a code of ours or of an application; a code that is a number already stays it. */
export function conduitCodeOf(code: string): number {
  if (/^\d{1,9}$/.test(code)) return Number(code)
  return Object.hasOwn(NUMBER_OF_CODE, code) ? NUMBER_OF_CODE[code]! : CONDUIT_ERROR.internal
}
