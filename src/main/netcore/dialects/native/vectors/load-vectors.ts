import { readFileSync } from 'node:fs'
import { fromHex } from '../../../../../shared/bytes'
import type { NativeFrame } from '../wire/frames'

/** Golden bytes made by make-vectors.py (see there). Test helper: no code of the program imports it. */
export interface Primitives {
  readonly madeBy: string
  readonly crc32c: readonly { readonly bytes: string; readonly crc: number }[]
  readonly cobs: readonly { readonly plain: string; readonly stuffed: string }[]
  readonly varint: readonly { readonly value: number; readonly bytes: string }[]
  readonly xsafe: readonly { readonly plain: string; readonly escaped: string }[]
}

export interface FrameVector {
  readonly name: string
  readonly frame: NativeFrame
  /** All in hex. */
  readonly content: string
  readonly cobs: string
  readonly xsafe: string
  readonly len: string
  readonly lenWithoutCrc?: string
}

export interface RidingVector {
  readonly name: string
  /** Names of other vectors. */
  readonly ack: string
  readonly rider: string
  readonly cobs: string
  readonly len: string
  readonly lenWithoutCrc: string
}

export interface RefusedVector {
  readonly name: string
  readonly content: string
  readonly cobs: string
  readonly len: string
}

const BYTE_FIELDS = new Set([
  'payload',
  'bitmap',
  'clientNonce',
  'serverNonce',
  'salt',
  'clientProof',
  'serverSignature',
])

const load = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'), (key, value: unknown) =>
    BYTE_FIELDS.has(key) && typeof value === 'string' ? fromHex(value) : value,
  )

export const loadPrimitives = (): Primitives => load('primitives.json') as Primitives

export const loadFrames = (): {
  readonly frames: readonly FrameVector[]
  readonly riding: readonly RidingVector[]
  readonly refused: readonly RefusedVector[]
} => load('frames.json') as ReturnType<typeof loadFrames>
