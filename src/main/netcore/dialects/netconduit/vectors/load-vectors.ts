import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fromHex } from '../../../../../shared/bytes'

/** Captures of the Python library netconduit 5.0.0, and what its decoder makes of 22 odd byte strings. */
export interface Vector {
  readonly name: string
  readonly source: 'wire' | 'encoder' | 'decoder'
  readonly frames: readonly VectorFrame[]
}

export interface VectorFrame {
  readonly direction: 'client-to-server' | 'server-to-client' | 'either'
  readonly header: Uint8Array
  readonly typeName: string
  readonly flags: number
  readonly correlationId: bigint
  /** As transmitted. */
  readonly payload: Uint8Array
  /** Inflated. */
  readonly body: Uint8Array
  /** Tagged JSON of the body, see `untagged`; undefined for large ones. */
  readonly value: unknown
}

export interface MalformedCase {
  readonly name: string
  readonly bytes: Uint8Array
  readonly outcome: 'accepted' | 'rejected' | 'waits-for-more'
  readonly value: unknown
}

const FOLDER = new URL('.', import.meta.url)
const read = (file: string): any => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))

export const loadVectors = (): readonly Vector[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json') && file !== 'malformed.json')
    .toSorted()
    .map((file) => {
      const { name, source, frames, input } = read(file)
      return { name, source, frames: frames.map((frame: any) => vectorFrame(frame, input)) }
    })

export const loadMalformed = (): readonly MalformedCase[] =>
  read('malformed.json').cases.map(({ name, hex, outcome, value }: any) => ({
    name,
    bytes: fromHex(hex),
    outcome,
    value,
  }))

function vectorFrame({ direction, header_hex, header, payload, payload_plain, value }: any, input: any): VectorFrame {
  const bytes = payloadOf(payload, input)
  return {
    direction,
    header: fromHex(header_hex),
    typeName: header.type_name,
    flags: header.flags,
    correlationId: BigInt(typeof header.correlation_id === 'object' ? header.correlation_id.$int : header.correlation_id),
    payload: bytes,
    body: payload_plain === undefined ? bytes : payloadOf(payload_plain, input),
    value,
  }
}

/** Large payloads are told by their ends and a recipe: `message-large-binary` is the one there is. */
function payloadOf({ hex, length, sha256, first64_hex: firstHex }: any, input: any): Uint8Array {
  if (hex !== undefined) return fromHex(hex)
  const bytes = new Uint8Array(length)
  const first = fromHex(firstHex)
  const bodyBytes = Number(/range\((\d+)\)/.exec(input.data_recipe)?.[1])
  bytes.set(first)
  for (let index = 0; index < bodyBytes; index++) bytes[length - bodyBytes + index] = (index * 31) % 251
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error('the recipe gives other bytes')
  return bytes
}
