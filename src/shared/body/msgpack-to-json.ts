import type { BodyNode } from './body-types'
import { readMsgpackBody } from './msgpack-reader'

const MAX_NODES = 200_000

/** JSON text, or what of the bytes JSON has no word for. */
export type JsonOfMsgpack = { readonly text: string } | { readonly loses: string }

/**
 * MessagePack bytes as JSON text, when that loses nothing: integers keep all digits. Bytes, times, extensions, names that
 * are no text and numbers that JSON does not know are told, not rewritten.
 */
export function msgpackToJson(bytes: Uint8Array): JsonOfMsgpack {
  const { root, problem, end, dropped, invalidBytes } = readMsgpackBody(bytes, MAX_NODES)
  if (root === null || problem !== null || end < bytes.length)
    return { loses: 'they are not one MessagePack value' }
  if (dropped > 0) return { loses: 'they hold too many values' }
  if (invalidBytes > 0) return { loses: 'they hold text that is not UTF-8' }
  try {
    return { text: written(root, '') }
  } catch (error) {
    if (error instanceof Loss) return { loses: error.message }
    throw error
  }
}

class Loss extends Error {}

function written(node: BodyNode, indent: string): string {
  const { kind, scalar, children = [] } = node
  const inner = `${indent}  `
  switch (kind) {
    case 'array':
      if (children.length === 0) return '[]'
      return `[${children.map((child) => written(child, indent)).join(', ')}]`
    case 'object': {
      if (children.length === 0) return '{}'
      const members = children.map((child) => {
        if (typeof child.key !== 'string' || child.note !== undefined)
          throw new Loss('they hold names that are no text')
        return `${inner}${JSON.stringify(child.key)}: ${written(child, inner)}`
      })
      return `{\n${members.join(',\n')}\n${indent}}`
    }
    case 'float':
      if (!Number.isFinite(scalar)) throw new Loss('they hold a number that JSON does not know')
      return floatText(Number(scalar))
    case 'bytes':
      throw new Loss('they hold bytes, which JSON has no word for')
    case 'time':
    case 'extension':
      throw new Loss('they hold a value that JSON has no word for')
    default:
      return typeof scalar === 'bigint' ? scalar.toString() : JSON.stringify(scalar)
  }
}

/** With a point or an exponent, so that it stays a double. */
function floatText(value: number): string {
  const digits = Object.is(value, -0) ? '-0' : String(value)
  return /[.e]/.test(digits) ? digits : `${digits}.0`
}
