import { toHex } from '../../../shared/bytes'
import { bodyTree } from '../../../shared/body/body-tree'
import type { BodyNode } from '../../../shared/body/body-types'

/** Bodies up to this are converted; of longer ones the beginning is told. */
const MAX_CONVERTED_BYTES = 1024 * 1024
const MAX_NODES = 100_000
const PREVIEW_BYTES = 64

/** A body as plain JSON that every viewer reads: integers that no double holds are texts, bytes are base64. */
export function readableBody(body: Uint8Array): unknown {
  if (body.length > MAX_CONVERTED_BYTES) return { ...hexPreview(body), left_out: true }
  const { root, format } = bodyTree(body, { maxNodes: MAX_NODES })
  if (format === 'empty') return null
  if (root === null || isCut(root)) return readableBytes(body)
  return plainNode(root)
}

/** Bytes as base64 with a preview in hex. */
export const readableBytes = (bytes: Uint8Array): object => ({
  ...hexPreview(bytes),
  data: Buffer.from(bytes).toString('base64'),
})

/** Any JSON value of ours with integers that no double holds as texts. */
export function plainJson(value: unknown): unknown {
  if (typeof value === 'bigint') return plainInteger(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : `${value}`
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(plainJson)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainJson(each)]))
}

const hexPreview = (bytes: Uint8Array): { bytes: number; hex: string } => ({
  bytes: bytes.length,
  hex: toHex(bytes.subarray(0, PREVIEW_BYTES)),
})

function plainNode({ kind, children, scalar }: BodyNode): unknown {
  if (children === undefined) return plainJson(scalar ?? null)
  if (kind === 'array') return children.map(plainNode)
  return Object.fromEntries(children.map((child) => [String(child.key), plainNode(child)]))
}

const plainInteger = (value: bigint): number | string =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : `${value}`

const isCut = ({ more = 0, children = [] }: BodyNode): boolean => more > 0 || children.some(isCut)
