import { expect, test } from 'vitest'
import { utf8 } from '../../../../shared/bytes'
import { ReceiveWindow } from './receive-window'

const textOf = (window: ReceiveWindow): string => Buffer.from(window.view(0, window.length)).toString()

test('shows what it borrowed where it arrived', () => {
  const arrival = utf8('abcdef')
  const window = new ReceiveWindow()
  window.borrow(arrival)
  window.skip(2)
  expect(window.view(0, 4).buffer).toBe(arrival.buffer)
  expect(textOf(window)).toBe('cdef')
})

test('never writes into memory it borrowed or has shown', () => {
  const arrival = utf8('abc')
  const window = new ReceiveWindow()
  window.borrow(arrival)
  window.append(utf8('def'), 6)
  const shown = window.view(0, 6)
  window.skip(5)
  window.append(utf8('ghijkl'.repeat(100)), 600)
  expect(Buffer.from(arrival).toString()).toBe('abc')
  expect(Buffer.from(shown).toString()).toBe('abcdef')
  expect(textOf(window)).toBe(`f${'ghijkl'.repeat(100)}`)
})

test('puts skipped bytes back without a copy while they are still there, else with one', () => {
  const arrival = utf8('abcdef')
  const window = new ReceiveWindow()
  window.borrow(arrival)
  window.skip(4)
  window.restore(utf8('cd'))
  expect(textOf(window)).toBe('cdef')
  expect(window.view(0, 4).buffer).toBe(arrival.buffer)
  window.skip(4)
  window.borrow(utf8('gh'))
  window.restore(utf8('ef'))
  expect(textOf(window)).toBe('efgh')
})

test('reads signed little-endian numbers and finds bytes only within its length', () => {
  const window = new ReceiveWindow()
  window.append(Uint8Array.of(9, 0xfe, 0xff, 0xff, 0xff, 7), 6)
  window.skip(1)
  expect(window.int32At(0)).toBe(-2)
  expect(window.indexOf(7, 0)).toBe(4)
  expect(window.indexOf(0, 0)).toBe(-1)
  expect(window.indexOf(9, 0)).toBe(-1)
})
