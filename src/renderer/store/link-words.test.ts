import { describe, expect, test } from 'vitest'
import type { SessionPhase } from '../../shared/model/trace'
import type { LinkStatus, SessionStatus } from '../../shared/model/views'
import { shownLink } from '../../testing/shown-link'
import {
  describeUrl,
  iconOfUrl,
  linkWords,
  peerWords,
  sessionTrouble,
  SLOW_HANDSHAKE_MS,
  stateSince,
  stateWords,
  toneOf,
} from './link-words'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

test.each([
  ['serial:/dev/ttyUSB0?baud=115200', '115 200 8N1 · Netcore', 'chip'],
  ['serial:COM3?baud=9600&data=7&parity=even&stop=2&dialect=raw', '9 600 7E2 · Raw bytes', 'chip'],
  ['tcp://10.0.0.7:4242', '10.0.0.7:4242 · Netcore', 'net'],
  ['tcp://10.0.0.7:4242?dialect=native&lossy=yes', '10.0.0.7:4242 · Native', 'net'],
  ['tcp-listen://127.0.0.1:0', 'on 127.0.0.1:0 · Netcore', 'net'],
  ['udp-listen://127.0.0.1:0', 'on 127.0.0.1:0 · Netcore', 'net'],
  ['udp://rig:7?dialect=raw', 'rig:7 · Raw bytes', 'net'],
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

describe('a link that shakes hands', () => {
  const shaking = (
    phase: SessionPhase,
    session: Partial<SessionStatus> = {},
    more: Partial<LinkStatus> = {},
  ): LinkStatus =>
    shownLink({
      dialect: 'native',
      session: { phase, sinceMs: 0, peerIdentity: '', isResumed: false, code: null, detail: '', ...session },
      ...more,
    })

  test.each<[SessionPhase, string, string]>([
    ['handshake', 'Shaking hands', 'warn'],
    ['ready', 'Connected', 'ok'],
    ['silent', 'Silent', 'warn'],
    ['one-way', 'One-way', 'warn'],
    ['refused', 'Refused', 'err'],
    ['ended', 'Ended', 'warn'],
  ])('that is %s says "%s"', (phase, words, tone) => {
    expect(stateWords(shaking(phase))).toBe(words)
    expect(toneOf(shaking(phase))).toBe(tone)
  })

  test('says the state of the line while that is not connected, and why it closed', () => {
    expect(stateWords(shaking('ended', {}, { phase: 'waiting' }))).toBe('Waiting for the device')
    expect(peerWords(shaking('ended', { peerIdentity: 'rig' }, { phase: 'waiting' }))).toBe('')
    const problem = { code: 'AUTH_FAILED', message: 'wrong', remedy: 'check' } as const
    expect(stateWords(shaking('ended', {}, { phase: 'closed', problem }))).toBe('Closed: AUTH_FAILED')
    expect(stateWords(shaking('ended', {}, { phase: 'closed' }))).toBe('Closed')
  })

  test('says since when nothing comes', () => {
    const startedAtMs = new Date(2026, 10, 21, 10, 42, 7).getTime()
    expect(stateSince(shaking('silent', { sinceMs: 2500 }), startedAtMs)).toBe('Silent since 10:42:09.500')
    expect(stateSince(shaking('ready'), startedAtMs)).toBe('Connected')
  })

  test('names its peer so that it cannot pose as something else, and its clock', () => {
    const clock = { offsetMs: -1.25, uncertaintyMs: 0.4, driftPpm: 12.34 }
    const link = shaking('ready', { peerIdentity: 'rig\u202e3', isResumed: true }, { clock })
    expect(plain(peerWords(link))).toBe(
      'With rig\\u202e3 · went on after an interruption · clock −1.3 ms ± 0.4 ms, drift 12 ppm',
    )
    expect(peerWords(shownLink())).toBe('')
  })

  test('tells what stands in the way, and what to do', () => {
    expect(sessionTrouble(shaking('ready'), 0)).toBeNull()
    expect(sessionTrouble(shownLink(), 0)).toBeNull()
    expect(sessionTrouble(shaking('silent'), 0)).toMatch(/is kept/)
    expect(sessionTrouble(shaking('one-way'), 0)).toMatch(/nothing says that ours arrive/)
    const problem = { code: 'VERSION_MISMATCH', message: 'm', remedy: 'Update the older one.' } as const
    expect(sessionTrouble(shaking('refused', {}, { problem }), 0)).toBe('Update the older one.')
  })

  test('says that nobody answers, but not at once', () => {
    const link = shaking('handshake', { sinceMs: 100 })
    expect(sessionTrouble(link, 100 + SLOW_HANDSHAKE_MS - 1)).toBeNull()
    expect(sessionTrouble(link, 100 + SLOW_HANDSHAKE_MS)).toMatch(/Nobody answers/)
  })
})
