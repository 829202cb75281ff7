import type { ErrorCode } from '../../../../../shared/errors'
import { CAPABILITY, type HelloFrame, type HelloSettings } from '../wire/frames'
import type { PeerOffer } from './session-types'

export interface Majors {
  readonly highest: number
  readonly lowest: number
}

export interface OwnOffer {
  readonly settings: HelloSettings
  readonly majors: Majors
  readonly wantsXsafe: boolean
}

/** A device that takes less cannot be sent a chunk of 32 bytes with its head. */
const LEAST_FRAME_BYTES = 48

export type Negotiation =
  | { readonly isPossible: true; readonly offer: PeerOffer }
  | { readonly isPossible: false; readonly code: ErrorCode; readonly detail: string }

/**
 * What both sides can do, from the peer's HELLO and ours. Both sides come to the same version, capabilities and mode.
 * Capabilities that this version does not know stay in `peerCapabilities` and mean nothing.
 */
export function negotiate(own: OwnOffer, hello: HelloFrame): Negotiation {
  const { highestMajor, lowestMajor, settings } = hello
  const major = Math.min(own.majors.highest, highestMajor)
  if (major < Math.max(own.majors.lowest, lowestMajor)) {
    return { isPossible: false, code: 'VERSION_MISMATCH', detail: versionsApart(own.majors, hello) }
  }
  if (settings === null) {
    return { isPossible: false, code: 'HELLO_UNREADABLE', detail: 'the settings in its HELLO cannot be read' }
  }
  const { largestFrameBytes, receiveBytes } = settings
  if (Math.min(largestFrameBytes, receiveBytes) < LEAST_FRAME_BYTES) {
    const detail = `it takes frames of ${largestFrameBytes} and stores ${receiveBytes} bytes, at least ${LEAST_FRAME_BYTES} are needed`
    return { isPossible: false, code: 'HELLO_UNREADABLE', detail }
  }
  const peerCapabilities = settings.capabilities
  const capabilities = (peerCapabilities & own.settings.capabilities) >>> 0
  const isXsafe = (own.wantsXsafe || hello.wantsXsafe) && (capabilities & CAPABILITY.xsafe) !== 0
  return {
    isPossible: true,
    offer: {
      ...settings,
      session: hello.mySession,
      major,
      capabilities,
      peerCapabilities,
      isXsafe,
      isAuthenticated: false,
    },
  }
}

const versionsApart = (own: Majors, hello: HelloFrame): string =>
  `this side speaks ${range(own.lowest, own.highest)}, the other ${range(hello.lowestMajor, hello.highestMajor)}`

const range = (lowest: number, highest: number): string =>
  lowest === highest ? `version ${lowest}` : `versions ${lowest} to ${highest}`
