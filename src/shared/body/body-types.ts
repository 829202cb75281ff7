/** A body decoded without loss, with the bytes that each part of it came from. */

export type BodyFormat = 'empty' | 'json' | 'msgpack' | 'text' | 'bytes'

export type BodyScalar = null | boolean | number | bigint | string | Uint8Array

export type BodyKind =
  | 'object'
  | 'array'
  | 'string'
  | 'integer'
  | 'float'
  | 'boolean'
  | 'null'
  | 'bytes'
  | 'time'
  | 'extension'

export interface BodyNode {
  readonly kind: BodyKind
  /** Name in an object, index in an array, null for the root. */
  readonly key: string | number | null
  /** Bytes of key and value together: what a selection of this node highlights. */
  readonly from: number
  readonly to: number
  /** First byte of the value itself. */
  readonly valueFrom: number
  /** Of objects and arrays; else undefined. */
  readonly children?: readonly BodyNode[]
  /** Of all others. Integers that a double cannot hold are bigint. */
  readonly scalar?: BodyScalar
}

export interface BodyTree {
  readonly format: BodyFormat
  /** Null for an empty body and for bytes that are neither JSON, MessagePack nor text. */
  readonly root: BodyNode | null
  /** Why it is shown as text or bytes although it looked like more. */
  readonly problem: string | null
}
