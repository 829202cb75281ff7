import { transportErrors } from './catalogue/transport-errors'
import { framingErrors } from './catalogue/framing-errors'
import { exchangeErrors } from './catalogue/exchange-errors'
import { contractErrors } from './catalogue/contract-errors'
import { inputErrors } from './catalogue/input-errors'
import { serviceErrors } from './catalogue/service-errors'

export type { ExitCode, Layer } from './catalogue/entry'

/**
 * Every error code of the program, once. A code is stable: scripts, tests and the screen react to it.
 * `exitCode` is what the command line ends with (design.md §8), `remedy` is what a person can do about it.
 */
export const ERROR_CATALOGUE = {
  ...transportErrors,
  ...framingErrors,
  ...exchangeErrors,
  ...contractErrors,
  ...inputErrors,
  ...serviceErrors,
} as const

export type ErrorCode = keyof typeof ERROR_CATALOGUE
