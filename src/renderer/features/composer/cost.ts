import { bitsPerByte, wireMs } from '../../../shared/model/line-rate'
import { type LinkAddress, parseLinkUrl } from '../../../shared/model/link-url'
import type { LinkStatus } from '../../../shared/model/views'

export interface SendCost {
  readonly bytes: number
  /** Null on links that do not cut messages (raw). */
  readonly chunks: number | null
  /** Time the body alone takes on the line; null when the speed of the line is not known. */
  readonly wireMs: number | null
  readonly baud: number | null
}

/** What sending a body of this size costs on this link, as far as it is known before. */
export function sendCost(bytes: number, link: LinkStatus): SendCost {
  const address = tryAddress(link.url)
  const framing = address?.scheme === 'serial' ? address.framing : EIGHT_N_ONE
  return {
    bytes,
    chunks: link.dialect === 'raw' || link.chunkBytes === null ? null : Math.ceil(bytes / link.chunkBytes),
    wireMs: link.baud === null ? null : wireMs(bytes, { baud: link.baud, bitsPerByte: bitsPerByte(framing) }),
    baud: link.baud,
  }
}

const EIGHT_N_ONE = { dataBits: 8, parity: 'none', stopBits: 1 } as const

function tryAddress(url: string): LinkAddress | undefined {
  try {
    return parseLinkUrl(url)
  } catch {
    return undefined // an address of a newer core: the cost is then an estimate with the defaults
  }
}
