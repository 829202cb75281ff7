import type { HelloSettings } from './frames'

/** Constants that only the two sides of the codec need. */

/** Bits of the byte that begins an opener's extension; bits 0–2 are the priority, 6 and 7 are zero. */
export const EXTENSION_FLAG = { total: 8, deadline: 16, restartable: 32, reserved: 0xc0 } as const

/** Bytes 2 and 3 of a HELLO, "NW": HELLO is recognised even by a peer that speaks another version. */
export const HELLO_MAGIC = [0x4e, 0x57] as const

/**
 * Tag of each setting in a HELLO. A setting is tag (one byte), length (varint), value; numbers are unsigned, little-endian,
 * of one to six bytes. Unknown tags are skipped.
 */
export const SETTING_TAG = {
  largestFrameBytes: 1,
  receiveBytes: 2,
  slots: 3,
  urgentSlots: 4,
  firstCreditBytes: 5,
  capabilities: 6,
  ackDelayUs: 7,
  tickNs: 8,
  largestMessageBytes: 9,
  identity: 10,
} as const satisfies Record<keyof HelloSettings, number>

export const MAX_SETTING_NUMBER_BYTES = 6

export const CRC_BYTES = 4
