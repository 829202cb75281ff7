import { bitsPerByte, wireMs } from '../../../shared/model/line-rate'
import { DEFAULT_DIALECT, type LinkAddress, parseLinkUrl } from '../../../shared/model/link-url'
import type { LinkStatus } from '../../../shared/model/views'

export interface SendCost {
  readonly bytes: number
  /** What the dialect adds: the head of the message and of each chunk; 0 where that is not known before, and little. */
  readonly overheadBytes: number
  /** Null on links that do not cut messages (raw), or decide that on the way (native). */
  readonly chunks: number | null
  /** Time body and overhead take on the line; null when the speed of the line is not known. */
  readonly wireMs: number | null
  readonly baud: number | null
}

/** What a message would cost. `kind` and `route` count: the dialect writes them in front of the body. */
export interface SendDraft {
  readonly route: string
  readonly kind: 'request' | 'subscribe' | 'event' | 'bytes'
  readonly bytes: number
}

/** What sending a message costs on this link, as far as it is known before. */
export function sendCost({ route, kind, bytes }: SendDraft, link: LinkStatus): SendCost {
  const address = tryAddress(link.url)
  const framing = address?.scheme === 'serial' ? address.framing : EIGHT_N_ONE
  const chunks =
    link.dialect !== DEFAULT_DIALECT || link.chunkBytes === null ? null : Math.ceil(bytes / link.chunkBytes)
  const overheadBytes = chunks === null ? 0 : lsoHeadBytes(route, kind, bytes) + chunks * LSO_CHUNK_HEAD_BYTES
  const rate = link.baud === null ? null : { baud: link.baud, bitsPerByte: bitsPerByte(framing) }
  return {
    bytes,
    overheadBytes,
    chunks,
    wireMs: rate === null ? null : wireMs(bytes + overheadBytes, rate),
    baud: link.baud,
  }
}

/** Two lengths and `{"type": "data", "extension": "a1B2c3"}` in front of each chunk (docs/architecture.md). */
const LSO_CHUNK_HEAD_BYTES = 47
/** Two lengths and `{"type": "mission"}`. */
const LSO_HEAD_FRAME_BYTES = 27

/** Bytes of the packet that announces a message: JSON in ASCII, ids of 6 and 8 characters. */
function lsoHeadBytes(route: string, kind: SendDraft['kind'], bytes: number): number {
  const id = kind === 'request' || kind === 'subscribe' ? ', "message_id": "a1B2c3D4"' : ''
  const info = route === '' ? id.slice(2) : `"route": ${JSON.stringify(route)}${id}`
  const json = `{"extension": "a1B2c3", "length": ${bytes}, "info": {${info}}}`
  let length = LSO_HEAD_FRAME_BYTES
  for (let at = 0; at < json.length; at++) length += json.charCodeAt(at) > 126 ? '\\u00fc'.length : 1
  return length
}

const EIGHT_N_ONE = { dataBits: 8, parity: 'none', stopBits: 1 } as const

function tryAddress(url: string): LinkAddress | undefined {
  try {
    return parseLinkUrl(url)
  } catch {
    return undefined // an address of a newer core: the cost is then an estimate with the defaults
  }
}
