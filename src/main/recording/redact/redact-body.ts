import { tryUtf8 } from '../../../shared/bytes'
import { bodyTree } from '../../../shared/body/body-tree'
import type { BodyNode } from '../../../shared/body/body-types'
import type { RedactionRule } from './redaction-rules'

export const MASK = 0x2a
const [ONE, QUOTE, ZERO, NINE] = [0x31, 0x22, 0x30, 0x39]

/**
 * A body without what the rules leave out, of the same length: places in it stay. JSON stays JSON, MessagePack MessagePack; of
 * whatever else a rule names values in, nothing is left, and nothing of what is damaged or too large to be read as a whole.
 */
export function redactBody(body: Uint8Array, rules: readonly RedactionRule[]): Uint8Array {
  const concerned = rules.filter((rule) => rule.body !== null || rule.pattern !== null)
  if (concerned.length === 0 || body.length === 0) return body
  const masked = body.slice()
  for (const { body: paths, pattern } of concerned) {
    if (paths === 'all' || (pattern !== null && isFound(pattern, body))) return masked.fill(MASK)
    if (paths === null) continue
    const { format, root, problem } = bodyTree(body)
    if ((format !== 'json' && format !== 'msgpack') || root === null || problem !== null)
      return masked.fill(MASK)
    const mask = format === 'json' ? maskJson : maskPacked
    for (const path of paths) maskAt(masked, root, path, mask)
  }
  return masked
}

/** Whether a rule masks something in a body, be it that it looks the same afterwards. */
export function concernsBody({ body: paths, pattern }: RedactionRule, body: Uint8Array): boolean {
  if (body.length === 0) return false
  if (paths === 'all' || (pattern !== null && isFound(pattern, body))) return true
  if (paths === null) return false
  const { format, root, problem } = bodyTree(body)
  if ((format !== 'json' && format !== 'msgpack') || root === null || problem !== null) return true
  return paths.some((path) => hasAt(root, path))
}

function hasAt(node: BodyNode, path: readonly string[]): boolean {
  const [key, ...rest] = path
  if (key === undefined) return true
  const { children = [] } = node
  return children.some((child) => (key === '*' || String(child.key) === key) && hasAt(child, rest))
}

/** Patterns look at the beginning of a text alone: of what they cannot look at as a whole, nothing is known. */
function isFound(pattern: NonNullable<RedactionRule['pattern']>, body: Uint8Array): boolean {
  const text = tryUtf8(body)
  if (text === undefined) return true
  for (let at = 0; at < text.length; at += PATTERN_STEP) {
    if (pattern.test(text.slice(at, at + PATTERN_WINDOW))) return true
  }
  return false
}

/** Windows overlap by half: a secret that is longer is none that a pattern of this program describes. */
const PATTERN_WINDOW = 4096
const PATTERN_STEP = PATTERN_WINDOW / 2

type Mask = (masked: Uint8Array, value: BodyNode) => void

function maskAt(masked: Uint8Array, node: BodyNode, path: readonly string[], mask: Mask): void {
  const [key, ...rest] = path
  if (key === undefined) {
    maskNode(masked, node, mask)
    return
  }
  for (const child of node.children ?? []) {
    if (key === '*' || String(child.key) === key) maskAt(masked, child, rest, mask)
  }
}

function maskNode(masked: Uint8Array, node: BodyNode, mask: Mask): void {
  if (node.children === undefined) mask(masked, node)
  else for (const child of node.children) maskNode(masked, child, mask)
}

function maskJson(masked: Uint8Array, { valueFrom, to }: BodyNode): void {
  const isText = masked[valueFrom] === QUOTE
  for (let at = valueFrom; at < to; at++) {
    const byte = masked[at]!
    if (isText) masked[at] = at === valueFrom || at === to - 1 ? QUOTE : MASK
    else if (byte >= ZERO && byte <= NINE) masked[at] = ONE
  }
}

/** The head of a value stays, so that it has its type and its length; what it says goes. */
function maskPacked(masked: Uint8Array, { valueFrom, to }: BodyNode): void {
  const head = masked[valueFrom]!
  if (head < 0x80) masked[valueFrom] = 1
  else if (head >= 0xe0) masked[valueFrom] = 0xff
  else masked.fill(MASK, Math.min(to, valueFrom + packedHeadBytes(head)), to)
}

/** Of everything but arrays and maps. Numbers have one byte of it, and 0x2a in all others makes a number too. */
function packedHeadBytes(head: number): number {
  switch (head) {
    case 0xc4: // bin 8
    case 0xd9: // str 8
    case 0xd4: // fixext 1 to 16: the type is the second byte
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return 2
    case 0xc5: // bin 16
    case 0xda: // str 16
    case 0xc7: // ext 8
      return 3
    case 0xc8: // ext 16
      return 4
    case 0xc6: // bin 32
    case 0xdb: // str 32
      return 5
    case 0xc9: // ext 32
      return 6
    default:
      return 1
  }
}
