import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { BulkLedger } from './bulk-ledger'

test('keeps what each transfer has when half of all bytes have arrived', () => {
  const ledger = new BulkLedger(false)
  ledger.count(9, 1000) // a transfer before the watch does not count
  ledger.watchHalf(100)
  ledger.count(1, 30)
  ledger.count(2, 15)
  expect(ledger.atHalf).toEqual([])
  ledger.count(1, 5)
  ledger.count(2, 50)
  expect(ledger.atHalf).toEqual([35, 15])
  expect(ledger.countedBytes).toBe(100)
})

test('hashes each transfer on its own, and only in the correctness pass', () => {
  const ledger = new BulkLedger(true)
  ledger.received(1, Buffer.from('ab'))
  ledger.received(2, Buffer.from('x'))
  ledger.received(1, Buffer.from('c'))
  expect(ledger.takeSha256(1)).toBe(createHash('sha256').update('abc').digest('hex'))
  expect(ledger.takeSha256(3)).toBe('')
  const counting = new BulkLedger(false)
  counting.received(1, Buffer.from('ab'))
  expect(counting.takeSha256(1)).toBe('')
  expect(counting.countedBytes).toBe(2)
})
