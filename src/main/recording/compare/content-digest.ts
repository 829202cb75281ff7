import { createHash } from 'node:crypto'
import { bodyTree } from '../../../shared/body/body-tree'
import type { BodyNode } from '../../../shared/body/body-types'
import type { Headers, LosslessJson } from '../../../shared/model/trace'
import { MAX_COMPARED_BODY_BYTES } from '../../../shared/model/compare'
import type { FieldPlace, IgnoreRules } from './ignore-rules'

/**
 * A number of 52 bits that stands for some content: equal content has equal numbers, and of a million different ones
 * two meet by chance once in ten thousand comparisons. What matters is compared field by field afterwards.
 */
export type Digest = number

const SEED_LOW = 0x811c9dc5
const SEED_HIGH = 0x9747b28c
const HIGH_SHARE = 2 ** 32

/** Two multiplicative hashes that go over the same words. */
class Mixer {
  #low = SEED_LOW
  #high = SEED_HIGH

  word(word: number): this {
    this.#low = Math.imul(this.#low ^ word, 0x01000193)
    this.#low ^= this.#low >>> 15
    this.#high = Math.imul(this.#high ^ word, 0x85ebca6b)
    this.#high ^= this.#high >>> 13
    return this
  }

  bytes(bytes: Uint8Array): this {
    for (let at = 0; at < bytes.length; at++) this.word(bytes[at]!)
    return this.word(bytes.length)
  }

  text(text: string): this {
    for (let at = 0; at < text.length; at++) this.word(text.charCodeAt(at))
    return this.word(text.length)
  }

  number(number: number): this {
    return this.word(number | 0).word(Math.floor(number / HIGH_SHARE) | 0)
  }

  get digest(): Digest {
    return ((this.#high >>> 12) & 0xfffff) * HIGH_SHARE + (this.#low >>> 0)
  }
}

export const mixed = (...parts: readonly (number | string)[]): Digest => {
  const mixer = new Mixer()
  for (const part of parts) {
    if (typeof part === 'string') mixer.text(part)
    else mixer.number(part)
  }
  return mixer.digest
}

/** Bytes above which the hash of the machine is faster. */
const SMALL_BYTES = 4096
/** Bodies of more values than this are taken as bytes. */
const MAX_NODES = 5000

/** Stands for a body without what is ignored in it. */
export function bodyDigest(body: Uint8Array, place: 'body' | 'reply', ignore: IgnoreRules): Digest {
  if (ignore.touches(place) && body.length <= MAX_COMPARED_BODY_BYTES) {
    if (ignore.ignores(place, [])) return 0
    const { root, problem } = bodyTree(body, { maxNodes: MAX_NODES })
    if (root?.children !== undefined && problem === null)
      return treeDigest(root, [], (path) => ignore.ignores(place, path))
  }
  if (body.length <= SMALL_BYTES) return new Mixer().bytes(body).digest
  const hash = createHash('sha1').update(body).digest()
  return hash.readUIntBE(0, 6)
}

type Ignores = (path: readonly (string | number)[]) => boolean

function treeDigest(node: BodyNode, path: readonly (string | number)[], ignores: Ignores): Digest {
  if (node.children === undefined) return scalarDigest(node)
  let sum = node.children.length === 0 ? node.kind.length : 0
  for (const [index, child] of node.children.entries()) {
    const key = child.key ?? index
    const below = [...path, key]
    if (ignores(below)) continue
    const digest = mixed(String(key), treeDigest(child, below, ignores))
    // the order of names in an object is no difference
    sum = node.kind === 'object' ? (sum + digest) % 2 ** 52 : mixed(sum, digest)
  }
  return mixed(node.kind, sum, node.more ?? 0)
}

function scalarDigest({ kind, scalar, extensionType }: BodyNode): Digest {
  const mixer = new Mixer().word(extensionType ?? 0)
  if (scalar instanceof Uint8Array) return mixer.word(1).bytes(scalar).digest
  // 1 and 1.0 are the same number
  const word = typeof scalar === 'number' || typeof scalar === 'bigint' ? 'number' : kind
  return mixer.text(word).text(Object.is(scalar, -0) ? '0' : String(scalar)).digest
}

/** Stands for the headers of a message without those that are ignored. */
export function headersDigest(
  headers: Headers,
  place: Extract<FieldPlace, 'header' | 'reply.header'>,
  ignore: IgnoreRules,
): Digest {
  let sum = 0
  for (const name in headers) {
    if (ignore.ignores(place, [name])) continue
    sum = (sum + mixed(name, headerText(headers[name]!))) % 2 ** 52
  }
  return sum
}

/** One text for one value. */
export const headerText = (value: LosslessJson): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}` : item))
