/**
 * Blocks of a pcapng file (IETF draft-ietf-opsawg-pcapng), little endian, times in nanoseconds. Pure: gives bytes.
 */

export const LINKTYPE_USER0 = 147
export const LINKTYPE_UPPER_PDU = 252

export const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  packet: 6,
  /** For local use, by the standard: readers that do not know it pass over it. Ours holds a line of JSON. */
  own: 0x80004e43,
} as const
export const OPTION = {
  end: 0,
  comment: 1,
  name: 2,
  description: 3,
  resolution: 9,
  flags: 2,
  application: 4,
} as const
export const BYTE_ORDER = 0x1a2b3c4d
const SNAP_LENGTH = 0

export interface Packet {
  readonly interfaceId: number
  readonly timeNs: bigint
  readonly isOutbound: boolean
  readonly bytes: Uint8Array
  readonly comment?: string
}

export function sectionBlock(application: string): Uint8Array {
  const fixed = new Fields().u32(BYTE_ORDER).u16(1).u16(0).u64(0xffff_ffff_ffff_ffffn)
  return block(BLOCK.section, fixed.option(OPTION.application, utf8(application)).endOptions().bytes())
}

export function interfaceBlock(linkType: number, name: string, description: string): Uint8Array {
  const fields = new Fields().u16(linkType).u16(0).u32(SNAP_LENGTH)
  fields.option(OPTION.name, utf8(name)).option(OPTION.description, utf8(description))
  fields.option(OPTION.resolution, Uint8Array.of(9)) // nanoseconds
  return block(BLOCK.interface, fields.endOptions().bytes())
}

export function packetBlock({ interfaceId, timeNs, isOutbound, bytes, comment }: Packet): Uint8Array {
  const fields = new Fields()
    .u32(interfaceId)
    .u32(Number(timeNs >> 32n))
    .u32(Number(timeNs & 0xffff_ffffn))
  fields.u32(bytes.length).u32(bytes.length).padded(bytes)
  fields.option(OPTION.flags, new Fields().u32(isOutbound ? 2 : 1).bytes())
  if (comment !== undefined) fields.option(OPTION.comment, utf8(comment))
  return block(BLOCK.packet, fields.endOptions().bytes())
}

/** What only we read: facts that pcapng has no place for. */
export function ownBlock(text: string): Uint8Array {
  const bytes = utf8(text, Number.POSITIVE_INFINITY)
  return block(BLOCK.own, new Fields().u32(bytes.length).padded(bytes).bytes())
}

function block(type: number, body: Uint8Array): Uint8Array {
  const length = body.length + 12
  return new Fields().u32(type).u32(length).raw(body).u32(length).bytes()
}

const MAX_OPTION_BYTES = 0xffff

const utf8 = (text: string, most = MAX_OPTION_BYTES): Uint8Array =>
  new TextEncoder().encode(text).subarray(0, most)

/** Fields one after the other, little endian. */
export class Fields {
  readonly #parts: Uint8Array[] = []

  u8(value: number): this {
    return this.raw(Uint8Array.of(value))
  }

  u16(value: number): this {
    return this.raw(Uint8Array.of(value & 0xff, value >>> 8))
  }

  u32(value: number): this {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, value, true)
    return this.raw(bytes)
  }

  u64(value: bigint): this {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigUint64(0, value, true)
    return this.raw(bytes)
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes)
    return this
  }

  /** Bytes, and as many zeros as reach the next multiple of four. */
  padded(bytes: Uint8Array): this {
    return this.raw(bytes).raw(new Uint8Array((4 - (bytes.length % 4)) % 4))
  }

  option(code: number, value: Uint8Array): this {
    return this.u16(code).u16(value.length).padded(value)
  }

  endOptions(): this {
    return this.u16(OPTION.end).u16(0)
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts))
  }
}
