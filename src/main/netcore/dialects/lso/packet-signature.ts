import { utf8 } from '../../../../shared/bytes'
import type { ReceiveWindow } from './receive-window'

const AFTER_LENGTH = 4
const USUAL = utf8('{"type": "')
const COMPACT = utf8('{"type":"')

/** Length field and the usual start of an extension: what a search for the next packet looks for (§12.6). */
export const SIGNATURE_BYTES = AFTER_LENGTH + USUAL.length

/** True when an extension seems to begin behind the length field, spaced as Python writes it or compact. */
export function matchSignature(window: ReceiveWindow): boolean {
  return matches(window, USUAL) || matches(window, COMPACT)
}

function matches(window: ReceiveWindow, start: Uint8Array): boolean {
  for (let at = 0; at < start.length; at++) {
    if (window.byteAt(AFTER_LENGTH + at) !== start[at]) return false
  }
  return true
}
