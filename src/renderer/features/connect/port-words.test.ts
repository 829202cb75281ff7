import { describe, expect, test } from 'vitest'
import type { PortInfo, PortProblem } from '../../../shared/model/views'
import { portAge, portFacts, portTrouble, presumedPort, remedyWords } from './port-words'

const port = (path: string, more: Partial<PortInfo> = {}): PortInfo => ({
  path,
  title: path,
  vendorId: '',
  productId: '',
  serialNumber: '',
  manufacturer: '',
  driver: '',
  interfaceName: '',
  identity: `name:${path}`,
  appearedMs: null,
  lastUsedIso: null,
  problem: null,
  ...more,
})
const problem = (more: Partial<PortProblem>): PortProblem => ({
  code: 'PORT_BUSY',
  message: 'is in use',
  remedy: 'close it',
  holder: null,
  group: '',
  command: '',
  ...more,
})

test('the facts of a port name what the title does not', () => {
  const stLink = port('/dev/ttyACM0', {
    title: 'STMicroelectronics STLink',
    manufacturer: 'STMicroelectronics',
    vendorId: '0483',
    productId: '374e',
    serialNumber: '066DFF',
    driver: 'cdc_acm',
    interfaceName: '2',
  })
  expect(portFacts(stLink)).toBe('/dev/ttyACM0 · 0483:374e · serial 066DFF · interface 2 · cdc_acm')
  expect(portFacts(port('/dev/ttyS0'))).toBe('no further details')
  expect(portFacts(port('/dev/x', { title: 'x', serialNumber: 'a\u202eb' }))).not.toContain('\u202e')
})

test('a port is new for a minute, then it has the age of its last use', () => {
  const now = Date.parse('2026-11-21T12:00:00Z')
  const lastUsedIso = '2026-11-21T10:00:00Z'
  expect(portAge({ appearedMs: 1000, lastUsedIso }, 13_400, now)).toEqual({
    isNew: true,
    text: '12\u00a0s ago',
  })
  expect(portAge({ appearedMs: 1000, lastUsedIso }, 900, now)).toEqual({ isNew: true, text: 'just now' })
  expect(portAge({ appearedMs: 1000, lastUsedIso }, 61_001, now)).toEqual({
    isNew: false,
    text: 'used 2\u00a0h ago',
  })
  expect(portAge({ appearedMs: null, lastUsedIso: null }, 5, now)).toEqual({ isNew: false, text: '' })
})

test('trouble says who has the port, or who may use it', () => {
  const words = (more: Partial<PortProblem>): string =>
    portTrouble(port('/dev/x', { problem: problem(more) }))
  expect(words({ holder: { name: 'ModemManager', pid: 7 } })).toBe('Busy: held by ModemManager (process 7).')
  expect(words({})).toBe('Busy: another program has it open.')
  expect(words({ code: 'PORT_DENIED', group: 'dialout' })).toBe(
    'No access: only the group dialout may use it.',
  )
  expect(words({ code: 'PORT_DENIED' })).toBe('No access.')
  expect(words({ code: 'PORT_MISSING' })).toBe('No device is behind it any more.')
})

describe('while nobody chose a port', () => {
  const busy = { problem: problem({}) }
  test('the newest that can be used is meant', () => {
    const ports = [
      port('a'),
      port('b', { appearedMs: 5 }),
      port('c', { appearedMs: 9, ...busy }),
      port('d', { appearedMs: 7 }),
    ]
    expect(presumedPort(ports, 'a')).toBe('d')
  })
  test('without a new one it is the one of last time, also when it is not there and nothing else is', () => {
    expect(presumedPort([port('a'), port('b')], 'b')).toBe('b')
    expect(presumedPort([], '/dev/gone')).toBe('/dev/gone')
    expect(presumedPort([port('a', busy)], '/dev/gone')).toBe('/dev/gone')
  })
  test('else the one used last, else the first that can be used', () => {
    const used = port('c', { lastUsedIso: '2026-11-02' })
    expect(presumedPort([port('a'), port('b', { lastUsedIso: '2026-11-01' }), used], 'gone')).toBe('c')
    expect(presumedPort([port('a', busy), port('b')], '')).toBe('b')
    expect(presumedPort([], '')).toBe('')
  })
})

test('a command is not told twice', () => {
  const command = 'kill 7'
  expect(remedyWords(problem({ remedy: 'Close it, or end it: kill 7', command }))).toBe(
    'Close it, or end it:',
  )
  expect(remedyWords(problem({ remedy: 'Type kill 7, then try again.', command }))).toContain(command)
  expect(remedyWords(problem({ remedy: 'Plug it in.' }))).toBe('Plug it in.')
})
