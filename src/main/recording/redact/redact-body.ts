import { tryUtf8 } from '../../../shared/bytes'
import { bodyTree } from '../../../shared/body/body-tree'
import type { BodyNode } from '../../../shared/body/body-types'
import type { RedactionRule } from './redaction-rules'

export const MASK = 0x2a
const [ONE, QUOTE, ZERO, NINE] = [0x31, 0x22, 0x30, 0x39]

/**
 * A body without what the rules leave out, of the same length: places in it stay. JSON stays JSON; of whatever else a rule
 * names values in, nothing is left, and nothing of JSON that is damaged or too large to be read as a whole.
 */
export function redactBody(body: Uint8Array, rules: readonly RedactionRule[]): Uint8Array {
  const concerned = rules.filter((rule) => rule.body !== null || rule.pattern !== null)
  if (concerned.length === 0 || body.length === 0) return body
  const masked = body.slice()
  for (const { body: paths, pattern } of concerned) {
    if (paths === 'all' || (pattern !== null && isFound(pattern, body))) return masked.fill(MASK)
    if (paths === null) continue
    const { format, root, problem } = bodyTree(body)
    if (format !== 'json' || root === null || problem !== null) return masked.fill(MASK)
    for (const path of paths) maskAt(masked, root, path)
  }
  return masked
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

function maskAt(masked: Uint8Array, node: BodyNode, path: readonly string[]): void {
  const [key, ...rest] = path
  if (key === undefined) {
    maskNode(masked, node)
    return
  }
  for (const child of node.children ?? []) {
    if (key === '*' || String(child.key) === key) maskAt(masked, child, rest)
  }
}

function maskNode(masked: Uint8Array, { children, valueFrom, to }: BodyNode): void {
  if (children !== undefined) {
    for (const child of children) maskNode(masked, child)
    return
  }
  const isText = masked[valueFrom] === QUOTE
  for (let at = valueFrom; at < to; at++) {
    const byte = masked[at]!
    if (isText) masked[at] = at === valueFrom || at === to - 1 ? QUOTE : MASK
    else if (byte >= ZERO && byte <= NINE) masked[at] = ONE
  }
}
