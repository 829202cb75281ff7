import { expect, test } from 'vitest'
import { shownLink } from '../../testing/shown-link'
import { quietCauses, quietOf } from './quiet-link'

const serial = { scheme: 'serial', phaseSinceMs: 1000 }

test('five seconds of silence after connecting are worth a word', () => {
  expect(quietOf(shownLink(serial), 0, 5999)).toEqual({ kind: 'none' })
  expect(quietOf(shownLink(serial), 0, 6000)).toEqual({ kind: 'silent', forMs: 5000 })
})

test('bytes without a message are strange, but not as raw bytes and not when they are few', () => {
  expect(quietOf(shownLink({ ...serial, bytesIn: 3400 }), 0, 9000)).toEqual({ kind: 'strange', bytes: 3400 })
  expect(quietOf(shownLink({ ...serial, bytesIn: 200 }), 0, 9000)).toEqual({ kind: 'none' })
  expect(quietOf(shownLink({ ...serial, bytesIn: 3400, dialect: 'raw' }), 0, 9000)).toEqual({ kind: 'none' })
})

test('nothing is quiet where messages are shown, or where nothing is connected', () => {
  expect(quietOf(shownLink(serial), 1, 9000)).toEqual({ kind: 'none' })
  expect(quietOf(shownLink({ ...serial, phase: 'waiting' }), 0, 9000)).toEqual({ kind: 'none' })
  expect(quietOf(undefined, 0, 9000)).toEqual({ kind: 'none' })
})

test('on a serial line the speed is the likeliest cause, unless the device holds CTS back', () => {
  expect(quietCauses(shownLink({ ...serial, baud: 9600 }))[0]).toContain('9\u00a0600')
  const lines = { dtr: true, rts: true, cts: false, dsr: null, dcd: null, ri: null }
  expect(quietCauses(shownLink({ ...serial, lines }))[0]).toContain('CTS')
  expect(quietCauses(shownLink({ scheme: 'tcp' }))).toHaveLength(2)
})
