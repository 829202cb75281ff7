export { ERROR_CATALOGUE, type ErrorCode, type ExitCode, type Layer } from './catalogue'
export { asConsoleError, ConsoleError, type ErrorDetails, hasCode } from './console-error'
export { fromWireError, toWireError, type WireError } from './wire-error'
export { unreadableFile } from './unreadable-file'
