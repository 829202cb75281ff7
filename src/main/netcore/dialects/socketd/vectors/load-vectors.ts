import { readdirSync, readFileSync } from 'node:fs'
import { fromHex } from '../../../../../shared/bytes'

/** Exchanges between real peers: Java 2.5.20 over tcp, JavaScript 2.5.20 over WebSocket. */
export interface Vector {
  readonly name: string
  readonly frames: readonly VectorFrame[]
}

export interface VectorFrame {
  readonly dir: 'c2s' | 's2c'
  /** One whole frame. */
  readonly bytes: Uint8Array
  readonly decoded: DecodedFrame
}

export interface DecodedFrame {
  readonly len: number
  readonly flag: number
  readonly flagName: string
  readonly sid?: string
  readonly event?: string
  readonly metaString?: string
  readonly meta?: readonly (readonly [string, string])[]
  readonly dataLength?: number
  readonly dataText?: string
  readonly dataHex?: string
}

interface KeptVector {
  readonly name: string
  readonly frames: readonly {
    readonly dir: 'c2s' | 's2c'
    readonly hex?: string
    readonly decoded: DecodedFrame
  }[]
}

const FOLDER = new URL('.', import.meta.url)

export const loadVectors = (): readonly Vector[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => {
      const { name, frames } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as KeptVector
      return {
        name,
        frames: frames.flatMap(({ dir, hex, decoded }) =>
          hex === undefined ? [] : [{ dir, bytes: fromHex(hex), decoded }],
        ),
      }
    })

/** What the captures carry as large data. */
export const pattern = (byteCount: number): Uint8Array =>
  Uint8Array.from({ length: byteCount }, (_, at) => (at * 31 + (at >>> 8) * 7 + 3) & 255)

/** All that one side of an exchange said. */
export const saidBy = (vector: Vector, dir: 'c2s' | 's2c'): readonly VectorFrame[] =>
  vector.frames.filter((frame) => frame.dir === dir)
