import type { LineFraming } from '../line-rate'
import { parseResetRecipe } from '../reset-recipe'
import type { PulseStep } from '../views'
import { type AddressQuery, badAddress } from './address-query'

export type FlowControl = 'none' | 'rtscts' | 'xonxoff'
/** What happens to a line when the port opens; `leave` is the way of the system, which raises both lines mostly. */
export type LineAtOpen = 'leave' | 'low' | 'high'

/** What a serial port has beside its data. Absent means the default: no flow control, lines left alone. */
export interface SerialControl {
  readonly flow?: Exclude<FlowControl, 'none'>
  readonly dtr?: Exclude<LineAtOpen, 'leave'>
  readonly rts?: Exclude<LineAtOpen, 'leave'>
  /** What a reset pulse does when a person asks for one; see `parseResetRecipe`. */
  readonly reset?: readonly PulseStep[]
}

export type SerialPart = {
  readonly scheme: 'serial'
  readonly path: string
  readonly baud: number
  readonly framing: LineFraming
} & SerialControl

export const DEFAULT_BAUD = 115_200

/** @throws ConsoleError `URL_INVALID`, `URL_BAD_OPTION`. */
export function parseSerial(rest: string, query: AddressQuery, text: string): SerialPart {
  // `serial:///dev/ttyUSB0` and `serial://COM3` mean the same as without the two slashes.
  const path = rest.replace(/^\/\/+/, (slashes) => (slashes.length > 2 ? '/' : ''))
  if (path === '') throw badAddress('URL_INVALID', `"${text}" names no port`)
  return {
    scheme: 'serial',
    path,
    baud: query.int('baud', DEFAULT_BAUD, 50, 12_000_000),
    framing: parseFraming(query),
    ...parseControl(query),
  }
}

function parseControl(query: AddressQuery): SerialControl {
  const flow = query.oneOf<FlowControl>('flow', ['none', 'rtscts', 'xonxoff'])
  const dtr = query.oneOf<LineAtOpen>('dtr', ['leave', 'low', 'high'])
  const rts = query.oneOf<LineAtOpen>('rts', ['leave', 'low', 'high'])
  const reset = query.text('reset')
  if (flow === 'rtscts' && rts !== 'leave') {
    throw badAddress('URL_BAD_OPTION', `rts=${rts} does not go with flow=rtscts: there the driver moves RTS`)
  }
  return {
    ...(flow !== 'none' && { flow }),
    ...(dtr !== 'leave' && { dtr }),
    ...(rts !== 'leave' && { rts }),
    ...(reset !== '' && { reset: parseResetRecipe(reset) }),
  }
}

function parseFraming(query: AddressQuery): LineFraming {
  return {
    dataBits: Number(query.oneOf('data', ['8', '7', '6', '5'])) as LineFraming['dataBits'],
    parity: query.oneOf('parity', ['none', 'even', 'odd', 'mark', 'space']),
    stopBits: Number(query.oneOf('stop', ['1', '1.5', '2'])) as LineFraming['stopBits'],
  }
}
