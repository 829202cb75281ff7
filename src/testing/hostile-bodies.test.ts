import { expect, test } from 'vitest'
import { bodyTree } from '../shared/body/body-tree'
import { utf8 } from '../shared/bytes'
import { decodeDamagedBodies } from './damaged-bodies'

test('decoding a body takes a time that grows with the body, whatever the body is', () => {
  const many = 1 << 18 // a quarter of one: what grows faster shows here already
  const hostile: Uint8Array[] = [
    utf8('['.repeat(many)),
    utf8('[[],'.repeat(many / 4)),
    utf8(`[${'1'.repeat(many)}]`),
    utf8(`["${'\\u0000'.repeat(many / 6)}"]`),
    utf8(`{${'"a":1,'.repeat(many / 6)}"a":1}`),
    new Uint8Array(many).fill(0x91),
    new Uint8Array(many).fill(0xdd),
    new Uint8Array(many).fill(0x81),
    Uint8Array.from([0xdd, 0xff, 0xff, 0xff, 0xff, ...new Uint8Array(many / 4).fill(0xc0)]),
    Uint8Array.from([0x91, 0xdb, 0, 0x04, 0, 0, ...new Uint8Array(many).fill(0xff)]),
  ]
  const before = process.cpuUsage()
  for (const body of hostile) for (const isPart of [true, false]) bodyTree(body, { isPart })
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(2500)
})

test('a damaged body decodes to something whose values lie in each other', () => {
  const { json, msgpack, text, bytes } = decodeDamagedBodies(1, 2000)
  expect(Math.min(json, msgpack, text, bytes)).toBeGreaterThan(50)
})
