import { expect, test } from 'vitest'
import { advancedSummary } from './advanced-summary'
import { EMPTY_FORM, type LinkForm } from './link-form'

test.each<[Partial<LinkForm>, string]>([
  [{}, '8N1, no flow control, DTR and RTS left alone, reconnect on'],
  [
    { dataBits: '7', parity: 'even', flow: 'xonxoff', dtr: 'low', rts: 'high', reset: 'dtr-:rts+:100,rts-' },
    '7E1, XON/XOFF, DTR low, RTS high, reset pulse: ESP32 reset',
  ],
  [{ flow: 'rtscts', rts: 'low' }, '8N1, RTS/CTS'],
  [{ reset: 'dtr-:7', isListenOnly: true }, '8N1, reset pulse: own, listen only'],
  [{ gap: '20' }, '8N1, no flow control, DTR and RTS left alone, reconnect on'],
  [{ dialect: 'raw', gap: '20', isReconnecting: false }, '8N1, gap 20 ms, no reconnect'],
  [{ kind: 'sim', seed: '7', chunk: '64' }, 'seed 7, chunks of 64 B'],
  [{ kind: 'tcp', isLossy: true }, 'a line that can damage bytes'],
  [{ kind: 'ws', isLossy: true }, 'default chunk size, reconnect on'],
])('%j reads %j', (change, words) => {
  expect(advancedSummary({ ...EMPTY_FORM, ...change })).toBe(words)
})
