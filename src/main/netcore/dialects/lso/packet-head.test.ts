import { expect, test } from 'vitest'
import { utf8 } from '../../../../shared/bytes'
import { PacketHeads, readPacketHead } from './packet-head'

const EXTENSIONS = [
  '{"type": "data", "extension": "abc123"}',
  '{"type": "data", "extension": "abc123"}',
  '{"type": "data", "extension": "abc124"}',
  '{"type": "mission"}',
  '{"type": "cancel", "extension": "abc123"}',
  '{"type": "data", "extension": "abc12"}',
  `{"type": "data", "extension": "${'x'.repeat(400)}"}`,
  '{"type": "data", "extension": "abc12"}',
]

test('heads read one after the other are those read alone', () => {
  const heads = new PacketHeads()
  expect(EXTENSIONS.map((text) => heads.read(utf8(text)))).toEqual(
    EXTENSIONS.map((text) => readPacketHead(utf8(text))),
  )
})

test('a remembered head does not depend on bytes that somebody writes over', () => {
  const heads = new PacketHeads()
  const bytes = utf8(EXTENSIONS[0]!)
  heads.read(bytes)
  bytes.set(utf8('zzz999'), EXTENSIONS[0]!.indexOf('abc123'))
  expect(heads.read(bytes).ref).toBe('zzz999')
})
