/** Numbers for what goes wrong: the library reads the code of an Alarm as a number, and fails where it is none. */
const NUMBER_OF_CODE: Readonly<Record<string, number>> = {
  REQUEST_BODY_INVALID: 400,
  RPC_PARAMS_INVALID: 400,
  ROUTE_UNKNOWN: 404,
  RPC_METHOD_UNKNOWN: 404,
  RPC_DEADLINE_EXCEEDED: 408,
  BROKER_NO_ADDRESS: 400,
  BROKER_NO_TARGET: 404,
  MESSAGE_TOO_LARGE: 413,
  MESSAGE_STALLED: 408,
  ENDPOINT_STOPPED: 503,
  REASSEMBLY_FULL: 503,
  ENDPOINT_BUSY: 3001,
}

const INTERNAL = 500

/** The number for a code of ours or of an application; a code that is a number already stays it. */
export function alarmNumber(code: string): number {
  if (/^\d{1,9}$/.test(code)) return Number(code)
  return Object.hasOwn(NUMBER_OF_CODE, code) ? NUMBER_OF_CODE[code]! : INTERNAL
}
