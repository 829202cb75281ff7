import { expect, test } from 'vitest'
import { describeUrl, iconOfUrl, linkWords } from './link-words'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

test.each([
  ['serial:/dev/ttyUSB0?baud=115200', '115 200 8N1 · Netcore', 'chip'],
  ['serial:COM3?baud=9600&data=7&parity=even&stop=2&dialect=raw', '9 600 7E2 · Raw bytes', 'chip'],
  ['tcp://10.0.0.7:4242', '10.0.0.7:4242 · Netcore', 'net'],
  ['tcp-listen://127.0.0.1:0', 'on 127.0.0.1:0 · Netcore', 'net'],
  ['sim:demo?baud=115200', '115 200 baud, simulated · Netcore', 'flask'],
  ['quic://rig', 'quic://rig', 'net'],
])('describes %s as "%s"', (url, words, icon) => {
  expect(plain(describeUrl(url))).toBe(words)
  expect(iconOfUrl(url)).toBe(icon)
})

test.each([
  ['demo · 115 200 8N1', 'sim', 'lso', 'demo', '115 200 8N1 · simulated · Netcore'],
  ['ttyUSB0 · 9 600 7E2 · raw', 'serial', 'raw', 'ttyUSB0', '9 600 7E2 · Raw bytes'],
  ['10.0.0.7:4242 · TCP', 'tcp', 'lso', '10.0.0.7:4242', 'TCP · Netcore'],
  ['plain', 'tcp', 'other', 'plain', 'other'],
])('divides the title "%s" into name and settings', (title, scheme, dialect, name, settings) => {
  expect(linkWords({ title, scheme, dialect })).toEqual({ name, settings })
})
