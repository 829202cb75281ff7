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
  /**
   * Name in an object, index in an array, null for the root. MessagePack allows any key: integers stay numbers (bigint
   * ones become their digits), everything else becomes the text `shortText` shows for it.
   */
  readonly key: string | number | null
  /** Bytes of key and value together: what a selection of this node highlights. */
  readonly from: number
  readonly to: number
  /** First byte of the value itself. */
  readonly valueFrom: number
  /** Of objects and arrays, in the order of their bytes; else undefined. */
  readonly children?: readonly BodyNode[]
  /**
   * Of all others. Integers that a double cannot hold are bigint; a time is the bigint of its nanoseconds since 1970;
   * bytes and extensions are views of the body.
   */
  readonly scalar?: BodyScalar
  /** Children that were read but not kept, because the tree reached its limit. */
  readonly more?: number
  /** Type of an extension, -128 to 127. */
  readonly extensionType?: number
  /** What is odd about this part: bytes that are not UTF-8, a repeated name, a number no double can hold, a cut. */
  readonly note?: string
}

export interface BodyTree {
  readonly format: BodyFormat
  /** Null for an empty body and for bytes that are neither JSON, MessagePack nor text. */
  readonly root: BodyNode | null
  /** Why it is shown as text or bytes although it looked like more, or what of it is not shown or damaged. */
  readonly problem: string | null
}

export interface BodyTreeOptions {
  /** Nodes that are kept; further ones are read and counted. Default 100 000. */
  readonly maxNodes?: number
  /** What the sender or the dialect says the body is: then damaged or cut content is shown as far as it goes. */
  readonly expects?: 'json' | 'msgpack' | null
  /** The bytes are the beginning of a longer body: a value that is cut at the end is shown as far as it goes. */
  readonly isPart?: boolean
}
