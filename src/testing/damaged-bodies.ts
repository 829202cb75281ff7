import { Packr } from 'msgpackr'
import { seededRandom, unitInterval } from '../main/transport/seeded-random'
import { bodyTree } from '../shared/body/body-tree'
import type { BodyNode } from '../shared/body/body-types'
import { utf8 } from '../shared/bytes'

export interface DamagedBodyCounts {
  readonly bodies: number
  readonly empty: number
  readonly json: number
  readonly msgpack: number
  readonly text: number
  readonly bytes: number
  /** Values seen in all of them. */
  readonly values: number
}

/** From 0 (included) to 1 (excluded). */
type Random = () => number

const packr = new Packr({ useRecords: false })

/**
 * Decodes JSON and MessagePack bodies with bytes changed, cut out and put in: every one is decoded as something, and every
 * value lies within the one around it.
 *
 * @throws when one is not; the message has the seed of that body.
 */
export function decodeDamagedBodies(seed: number, bodies: number): DamagedBodyCounts {
  const counts = { bodies, empty: 0, json: 0, msgpack: 0, text: 0, bytes: 0, values: 0 }
  for (let index = 0; index < bodies; index++) {
    const seeded = seededRandom(seed + index)
    const random: Random = () => unitInterval(seeded)
    const value = anyValue(random, 4)
    const whole = random() < 0.5 ? utf8(JSON.stringify(value)) : Uint8Array.from(packr.pack(value))
    const body = damaged(whole, random)
    const { format, root } = bodyTree(body, {
      isPart: random() < 0.5,
      maxNodes: 1 + Math.floor(random() * 200),
    })
    counts[format] += 1
    if (root !== null) counts.values += countSound(root, 0, body.length, seed + index)
  }
  return counts
}

function anyValue(random: Random, depth: number): unknown {
  const kind = Math.floor(random() * (depth > 0 ? 8 : 6))
  const count = Math.floor(random() * 6)
  if (kind === 0) return null
  if (kind === 1) return random() < 0.5
  if (kind === 2) return Math.floor((random() - 0.5) * 2 ** Math.floor(random() * 53))
  if (kind === 3) return (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20)
  if (kind < 6) return Array.from({ length: count * 4 }, () => String.fromCharCode(random() * 0x2ff)).join('')
  if (kind === 6) return Array.from({ length: count }, () => anyValue(random, depth - 1))
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, anyValue(random, depth - 1)]))
}

function damaged(body: Uint8Array, random: Random): Uint8Array {
  const bytes = [...body]
  for (let hits = Math.floor(random() * 4); hits > 0; hits--) {
    const at = Math.floor(random() * (bytes.length + 1))
    const removed = Math.floor(random() * 3)
    const added = Array.from({ length: Math.floor(random() * 3) }, () => Math.floor(random() * 256))
    bytes.splice(at, removed, ...added)
  }
  return Uint8Array.from(bytes)
}

function countSound(node: BodyNode, from: number, to: number, seed: number): number {
  if (node.from < from || node.to > to || node.valueFrom < node.from || node.to < node.valueFrom) {
    throw new Error(
      `body of seed ${seed}: a value at ${node.from} to ${node.to} lies outside ${from} to ${to}`,
    )
  }
  let count = 1
  let end = node.valueFrom
  for (const child of node.children ?? []) {
    count += countSound(child, end, node.to, seed)
    end = child.to
  }
  return count
}
