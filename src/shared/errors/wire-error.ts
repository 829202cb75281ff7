import type { ErrorCode } from './catalogue'
import { asConsoleError, ConsoleError } from './console-error'

/** An error as it crosses a process border: no stack, no path of the machine, the code survives. */
export interface WireError {
  readonly code: ErrorCode
  readonly message: string
  readonly remedy: string
}

export function toWireError(error: unknown): WireError {
  const { code, message, remedy } = asConsoleError(error)
  return { code, message: code === 'INTERNAL' ? `internal error: ${message}` : message, remedy }
}

export function fromWireError(error: WireError): ConsoleError {
  return new ConsoleError(error.code, error.message, { remedy: error.remedy })
}
