import { ERROR_CATALOGUE, type ErrorCode, type ExitCode, type Layer } from './catalogue'

export type ErrorDetails = Readonly<Record<string, unknown>>

/**
 * The one error class of the program. The code tells causes apart and is what code reacts to; the message says what
 * happened with which value and is for people; the remedy says what to do.
 */
export class ConsoleError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ConsoleError'
    this.code = code
    this.details = details
  }

  get layer(): Layer {
    return ERROR_CATALOGUE[this.code].layer
  }

  get exitCode(): ExitCode {
    return ERROR_CATALOGUE[this.code].exitCode
  }

  /** What to do about it. `details.remedy` (a text) overrides the remedy of the catalogue. */
  get remedy(): string {
    const own = this.details['remedy']
    return typeof own === 'string' ? own : ERROR_CATALOGUE[this.code].remedy
  }
}

export const hasCode = (error: unknown, code: ErrorCode): error is ConsoleError =>
  error instanceof ConsoleError && error.code === code

/** The same failure as a ConsoleError; anything foreign becomes `INTERNAL` and keeps its cause. */
export function asConsoleError(error: unknown): ConsoleError {
  if (error instanceof ConsoleError) return error
  const text = error instanceof Error ? error.message : String(error)
  return new ConsoleError('INTERNAL', text, {}, { cause: error })
}
