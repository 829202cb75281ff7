import { Packr, Unpackr } from 'msgpackr'
import { ConsoleError } from '../errors'
import { MAX_FRAME_BYTES } from './envelope'
import { checkFrame } from './wire-gate'

/**
 * Values of the contract as MessagePack. Plain objects with text keys, arrays, texts, numbers, booleans, null, undefined,
 * byte arrays, and typed arrays from Int8 to Float64 come back as what they were (only minus zero becomes zero). No records: they would compile code
 * from text, which the page's policy forbids.
 */
const packr = new Packr({ useRecords: false, moreTypes: true, mapsAsObjects: true, variableMapSize: true })
const unpackr = new Unpackr({ useRecords: false, moreTypes: true, mapsAsObjects: true, copyBuffers: true })

/**
 * One frame, owned by the caller.
 *
 * @throws ConsoleError `CONTRACT_FRAME_TOO_LARGE` beyond `MAX_FRAME_BYTES`.
 */
export function encodeMessage(message: unknown): Uint8Array {
  const packed = packr.pack(message)
  checkSize(packed.length)
  return new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength)
}

/**
 * The value of one frame. Nothing in it points into `frame`, so the frame may be reused. A key `__proto__` comes out as
 * `__proto_`: no frame reaches a prototype.
 *
 * @throws ConsoleError `CONTRACT_FRAME_TOO_LARGE` beyond `MAX_FRAME_BYTES`; `CONTRACT_BAD_FRAME` when the bytes are not
 *   exactly one value of the types named above, or nest too deep.
 */
export function decodeMessage(frame: Uint8Array): unknown {
  checkSize(frame.length)
  checkFrame(frame)
  try {
    // a plain view: the decoder would hand out Node buffers for a Node buffer
    return unpackr.unpack(new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength))
  } catch (cause) {
    throw new ConsoleError('CONTRACT_BAD_FRAME', 'the frame cannot be decoded', {}, { cause })
  }
}

function checkSize(byteLength: number): void {
  if (byteLength <= MAX_FRAME_BYTES) return
  throw new ConsoleError(
    'CONTRACT_FRAME_TOO_LARGE',
    `a frame of ${byteLength} bytes is over ${MAX_FRAME_BYTES}`,
    {
      byteLength,
    },
  )
}
