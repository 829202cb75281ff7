import type { ErrorCode } from '../../../../../shared/errors'
import { NATIVE_CODE } from '../wire/frames'

/** Why we give up, in the words of the wire. */
export function nativeCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'REQUEST_TIMEOUT':
    case 'MESSAGE_STALLED':
      return NATIVE_CODE.timeout
    case 'MESSAGE_TOO_LARGE':
    case 'HEAD_TOO_LARGE':
      return NATIVE_CODE.tooBig
    case 'REASSEMBLY_FULL':
      return NATIVE_CODE.busy
    case 'ROUTE_UNKNOWN':
      return NATIVE_CODE.noRoute
    default:
      return NATIVE_CODE.cancelled
  }
}

/** Why the peer gave up, in ours. */
export function errorCodeOf(code: number): ErrorCode {
  switch (code) {
    case NATIVE_CODE.busy:
      return 'REASSEMBLY_FULL'
    case NATIVE_CODE.tooBig:
      return 'MESSAGE_TOO_LARGE'
    case NATIVE_CODE.noRoute:
      return 'ROUTE_UNKNOWN'
    case NATIVE_CODE.timeout:
      return 'REQUEST_TIMEOUT'
    default:
      return 'REQUEST_CANCELLED'
  }
}
