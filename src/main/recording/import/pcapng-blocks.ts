import { ConsoleError } from '../../../shared/errors'
import { BLOCK, BYTE_ORDER, OPTION } from '../export/pcapng-writer'
import type { ByteSource } from '../read/byte-source'

/** A block of a pcapng file, as far as ours have them. */
export type PcapngBlock =
  | { readonly kind: 'section' }
  | {
      readonly kind: 'interface'
      readonly linkType: number
      readonly name: string
      readonly description: string
    }
  | {
      readonly kind: 'packet'
      readonly interfaceId: number
      readonly timeNs: bigint
      readonly isOutbound: boolean
      readonly bytes: Uint8Array
    }
  | { readonly kind: 'own'; readonly text: string }

/** A length in a file is a claim. */
const MAX_BLOCK_BYTES = 96 * 1024 * 1024
const READ_BYTES = 1024 * 1024
const NANOSECONDS = 9

export interface ReadBlock {
  readonly block: PcapngBlock
  readonly endOffset: number
}

/**
 * The blocks of a pcapng file, in order; kinds that we never write are passed over.
 *
 * @throws ConsoleError `IMPORT_INVALID` when it is no such file, `IMPORT_TOO_LARGE` for a block beyond all measure. A file that
 * was cut off ends with its last whole block.
 */
export async function* pcapngBlocks(source: ByteSource): AsyncGenerator<ReadBlock> {
  let window = await source.read(0, READ_BYTES)
  let from = 0
  for (let at = 0; at + 12 <= source.size; ) {
    if (at < from || at + 12 > from + window.length) {
      window = await source.read(at, READ_BYTES)
      from = at
    }
    const head = viewOf(window, at - from)
    const type = head.getUint32(0, true)
    const length = head.getUint32(4, true)
    if (at === 0 && (type !== BLOCK.section || head.getUint32(8, true) !== BYTE_ORDER)) {
      throw new ConsoleError('IMPORT_INVALID', 'the file does not begin as a pcapng file of ours does')
    }
    if (length > MAX_BLOCK_BYTES)
      throw new ConsoleError('IMPORT_TOO_LARGE', `a block claims to have ${length} bytes`)
    if (length < 12 || length % 4 !== 0)
      throw new ConsoleError('IMPORT_INVALID', `a block claims to have ${length} bytes`)
    if (at + length > source.size) return
    if (at + length > from + window.length) {
      window = await source.read(at, Math.max(READ_BYTES, length))
      from = at
    }
    const body = window.subarray(at - from + 8, at - from + length - 4)
    at += length
    const block = blockOf(type, body)
    if (block !== undefined) yield { block, endOffset: at }
  }
}

function blockOf(type: number, body: Uint8Array): PcapngBlock | undefined {
  const view = viewOf(body, 0)
  try {
    switch (type) {
      case BLOCK.section:
        return { kind: 'section' }
      case BLOCK.interface: {
        const options = optionsOf(body.subarray(8))
        if (options.get(OPTION.resolution)?.[0] !== NANOSECONDS) {
          throw new ConsoleError('IMPORT_INVALID', 'the times in the file are no nanoseconds, as ours are')
        }
        const [name, description] = [OPTION.name, OPTION.description].map((option) =>
          textOf(options.get(option)),
        )
        return {
          kind: 'interface',
          linkType: view.getUint16(0, true),
          name: name!,
          description: description!,
        }
      }
      case BLOCK.packet: {
        const length = view.getUint32(12, true)
        if (20 + length > body.length) return undefined
        const flags = optionsOf(body.subarray(20 + Math.ceil(length / 4) * 4)).get(OPTION.flags)
        return {
          kind: 'packet',
          interfaceId: view.getUint32(0, true),
          timeNs: (BigInt(view.getUint32(4, true)) << 32n) | BigInt(view.getUint32(8, true)),
          isOutbound: flags !== undefined && (flags[0]! & 3) === 2,
          bytes: body.subarray(20, 20 + length),
        }
      }
      case BLOCK.own: {
        const length = view.getUint32(0, true)
        return 4 + length > body.length
          ? undefined
          : { kind: 'own', text: textOf(body.subarray(4, 4 + length)) }
      }
      default:
        return undefined
    }
  } catch (error) {
    if (error instanceof ConsoleError) throw error
    return undefined // too short for what it claims to be
  }
}

function optionsOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>()
  const view = viewOf(bytes, 0)
  for (let at = 0; at + 4 <= bytes.length; ) {
    const code = view.getUint16(at, true)
    const length = view.getUint16(at + 2, true)
    if (code === OPTION.end || at + 4 + length > bytes.length) break
    options.set(code, bytes.subarray(at + 4, at + 4 + length))
    at += 4 + Math.ceil(length / 4) * 4
  }
  return options
}

const viewOf = (bytes: Uint8Array, at: number): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at)

const textOf = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? '' : new TextDecoder().decode(bytes)
