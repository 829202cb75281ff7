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

/** As it stands in a file. */
interface KeptBytes {
  readonly hex?: string
  readonly length?: number
  readonly sha256?: string
  readonly first64_hex?: string
}

interface KeptFrame {
  readonly direction: VectorFrame['direction']
  readonly header_hex: string
  readonly header: {
    readonly type_name: string
    readonly flags: number
    readonly correlation_id: number | { readonly $int: string }
  }
  readonly payload: KeptBytes
  readonly payload_plain?: KeptBytes
  readonly value?: unknown
}

interface KeptVector {
  readonly name: string
  readonly source: Vector['source']
  readonly frames: readonly KeptFrame[]
  readonly input?: { readonly data_recipe?: string }
}

interface KeptCases {
  readonly cases: readonly (Omit<MalformedCase, 'bytes'> & { readonly hex: string })[]
}

const FOLDER = new URL('.', import.meta.url)
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))

export const loadVectors = (): readonly Vector[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json') && file !== 'malformed.json')
    .toSorted()
    .map((file) => {
      const { name, source, frames, input } = read(file) as KeptVector
      return { name, source, frames: frames.map((frame) => vectorFrame(frame, input?.data_recipe ?? '')) }
    })

export const loadMalformed = (): readonly MalformedCase[] =>
  (read('malformed.json') as KeptCases).cases.map(({ name, hex, outcome, value }) => ({
    name,
    bytes: fromHex(hex),
    outcome,
    value,
  }))

function vectorFrame(frame: KeptFrame, recipe: string): VectorFrame {
  const { direction, header_hex: headerHex, header, payload, payload_plain: plain, value } = frame
  const id = header.correlation_id
  const bytes = payloadOf(payload, recipe)
  return {
    direction,
    header: fromHex(headerHex),
    typeName: header.type_name,
    flags: header.flags,
    correlationId: BigInt(typeof id === 'object' ? id.$int : id),
    payload: bytes,
    body: plain === undefined ? bytes : payloadOf(plain, recipe),
    value,
  }
}

/** Large payloads are told by their ends and a recipe: `message-large-binary` is the one there is. */
function payloadOf({ hex, length = 0, sha256, first64_hex: firstHex = '' }: KeptBytes, recipe: string): Uint8Array {
  if (hex !== undefined) return fromHex(hex)
  const bytes = new Uint8Array(length)
  bytes.set(fromHex(firstHex))
  const bodyBytes = Number(/range\((\d+)\)/.exec(recipe)?.[1])
  for (let index = 0; index < bodyBytes; index++) bytes[length - bodyBytes + index] = (index * 31) % 251
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error('the recipe gives other bytes')
  return bytes
}
