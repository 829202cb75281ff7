import { ConsoleError, type ErrorCode } from '../../../shared/errors'

/** What an error answer says besides the route. */
export interface ToldError {
  readonly code: string
  readonly message: string
  /** JSON. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** An error with a code of the application's own: thrown by a handler it is what the caller is told. */
export class AnswerError extends Error implements ToldError {
  readonly code: string
  readonly details?: Readonly<Record<string, unknown>>

  /** @param details - JSON; told to the caller too. */
  constructor(code: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message)
    this.name = 'AnswerError'
    this.code = code
    if (details !== undefined) this.details = details
  }
}

/** A failure that is seen here, and not told to the caller. */
export class UntoldFailure {
  readonly error: unknown

  constructor(error: unknown) {
    this.error = error
  }
}

/** Codes of ours that mean something to a caller. What else goes wrong in a handler is its own affair. */
const TOLD_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ROUTE_UNKNOWN',
  'REQUEST_BODY_INVALID',
  'ENDPOINT_BUSY',
  'ENDPOINT_STOPPED',
  'RPC_METHOD_UNKNOWN',
  'RPC_PARAMS_INVALID',
  'RPC_RESULT_INVALID',
  'RPC_DEADLINE_EXCEEDED',
  'BROKER_NO_ADDRESS',
  'BROKER_NO_TARGET',
  'BROKER_FAN_OUT',
])

/** What the caller is told of a failure here. */
export function toldOf(error: unknown): ToldError {
  if (error instanceof AnswerError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof ConsoleError) || !TOLD_CODES.has(error.code))
    return { code: 'HANDLER_FAILED', message }
  const { code, details } = error
  return Object.keys(details).length > 0 ? { code, message, details } : { code, message }
}

/** The code by which the operator here sees it. */
export const faultCodeOf = (error: unknown): ErrorCode =>
  error instanceof ConsoleError && TOLD_CODES.has(error.code) ? error.code : 'HANDLER_FAILED'
