import { describe, expect, test } from 'vitest'
import { parseLinkUrl } from '../../../shared/model/link-url'
import { COMMON_BAUDS, EMPTY_FORM, framingText, type LinkForm } from './link-form'
import { formOf, linkUrlOf } from './link-form-url'

const form = (change: Partial<LinkForm>): LinkForm => ({ ...EMPTY_FORM, ...change })
const url = (change: Partial<LinkForm>): string => {
  const result = linkUrlOf(form(change))
  return result.ok ? result.url : `${result.field}: ${result.problem.message}`
}

describe('connection form', () => {
  test.each<[Partial<LinkForm>, string]>([
    [{ path: '/dev/ttyUSB0' }, 'serial:/dev/ttyUSB0?baud=115200'],
    [{ path: ' COM3 ', baud: '921 600' }, 'serial:COM3?baud=921600'],
    [
      { path: '/dev/x', dataBits: '7', parity: 'even', stopBits: '2', chunk: '256', dialect: 'raw' },
      'serial:/dev/x?baud=115200&data=7&parity=even&stop=2&dialect=raw&chunk=256',
    ],
    [
      { path: '/dev/x', flow: 'rtscts', dtr: 'low', rts: 'high', gap: '5', isReconnecting: false },
      'serial:/dev/x?baud=115200&flow=rtscts&dtr=low&reconnect=no',
    ],
    [
      { path: '/dev/x', rts: 'low', reset: 'dtr-:rts+:100, rts-:50, dtr+', dialect: 'raw', gap: '5' },
      'serial:/dev/x?baud=115200&rts=low&reset=dtr-:rts%2B:100,rts-:50,dtr%2B&dialect=raw&gap=5',
    ],
    [{ kind: 'ws', wsHost: '::1', wsPort: '80', wsPath: 'a/b' }, 'ws://[::1]:80/a/b'],
    [{ kind: 'ws', wsPort: '9', isListenOnly: true }, 'ws://127.0.0.1:9?listen=only'],
    [{ kind: 'tcp', host: 'rig-3.local', port: '4242' }, 'tcp://rig-3.local:4242'],
    [{ kind: 'tcp', host: '::1', port: '4242' }, 'tcp://[::1]:4242'],
    [{ kind: 'tcp-listen' }, 'tcp-listen://127.0.0.1:0'],
    [{ kind: 'sim' }, 'sim:demo?baud=115200'],
    [{ kind: 'sim', seed: '7', flip: '1e-5', drop: '0.0' }, 'sim:demo?baud=115200&seed=7&flip=0.00001'],
    [
      { kind: 'tcp', port: '1', dialect: 'native', isLossy: true },
      'tcp://127.0.0.1:1?dialect=native&lossy=yes',
    ],
    [
      { kind: 'sim', dialect: 'native', password: ' a&b=c? ', isLossy: true },
      'sim:demo?baud=115200&dialect=native&password=+a%26b%3Dc%3F+',
    ],
    [
      { kind: 'tcp', port: '8602', dialect: 'socketd', resource: 'demo?u=a&@=rig', chunk: '4096' },
      'sd:tcp://127.0.0.1:8602/demo?u=a&@=rig#chunk=4096',
    ],
    [{ kind: 'ws', wsPort: '80', wsPath: '/a?b=1', dialect: 'socketd' }, 'sd:ws://127.0.0.1:80/a?b=1'],
    [{ kind: 'udp', udpPort: '9', dialect: 'socketd', datagram: '900' }, 'sd:udp://127.0.0.1:9#datagram=900'],
    [
      { kind: 'udp-listen', dialect: 'socketd', isBroker: true, resource: '/typed for a client' },
      'udp-listen://127.0.0.1:0?dialect=socketd&broker=yes',
    ],
    [{ kind: 'ws-listen', tls: 'yes', cert: 'a', key: 'b' }, 'ws-listen://127.0.0.1:0?tls=yes&cert=a&key=b'],
    [{ kind: 'tcp', port: '1', password: 'typed for another protocol' }, 'tcp://127.0.0.1:1'],
  ])('%j is the address %s', (change, address) => {
    expect(url(change)).toBe(address)
  })

  test.each<[Partial<LinkForm>, string]>([
    [{}, 'path: No port is chosen.'],
    [{ path: '/dev/x?baud=1' }, 'path: A port path cannot contain "?".'],
    [{ path: '/dev/x', baud: 'fast' }, 'baud: Speed "fast" is not possible.'],
    [{ path: '/dev/x', baud: '' }, 'baud: Speed is empty.'],
    [{ kind: 'tcp', port: '' }, 'port: Port is empty.'],
    [{ kind: 'tcp', port: '70000' }, 'port: Port "70000" is not possible.'],
    [{ kind: 'tcp', host: 'a b', port: '1' }, 'host: Host "a b" is not possible.'],
    [{ kind: 'sim', flip: '2' }, 'flip: Bit flips "2" is not possible.'],
    [
      { path: '/dev/x', reset: 'dtr=1' },
      'reset: The reset recipe is wrong: "dtr=1" is neither dtr-, dtr+, rts-, rts+ nor a time of 0 to 10000 ms.',
    ],
    [{ kind: 'ws', wsPort: '' }, 'wsPort: Port is empty.'],
    [{ kind: 'ws', wsPort: '1', wsPath: '/a?b' }, 'wsPath: Path "/a?b" is not possible.'],
    [{ kind: 'tcp', port: '1', dialect: 'socketd', resource: '/a b' }, 'resource: "/a b" is not possible.'],
    [{ kind: 'udp', udpPort: '1', datagram: '100' }, 'datagram: Datagram "100" is not possible.'],
    [{ kind: 'sim', dialect: 'raw', gap: '0' }, 'gap: Idle gap "0" is not possible.'],
    [{ kind: 'sim', chunk: '0' }, 'chunk: Chunk size "0" is not possible.'],
    [
      { kind: 'sim', dialect: 'native', password: 'x'.repeat(1025) },
      'password: The password has 1025 characters.',
    ],
  ])('%j names the field that is wrong', (change, problem) => {
    expect(url(change)).toBe(problem)
  })

  test('every problem comes with a remedy of its own', () => {
    const result = linkUrlOf(form({ kind: 'tcp', port: 'x' }))
    expect(!result.ok && result.problem).toMatchObject({
      code: 'URL_BAD_OPTION',
      remedy: 'Type a whole number from 1 to 65535.',
    })
  })

  test('every offered speed is accepted', () => {
    for (const baud of COMMON_BAUDS) expect(url({ path: '/dev/x', baud })).toBe(`serial:/dev/x?baud=${baud}`)
  })

  test.each([
    'serial:/dev/ttyACM0?baud=921600&data=7&parity=odd&stop=1.5&dialect=raw&chunk=512',
    'tcp://[::1]:4242',
    'tcp-listen://0.0.0.0:0?dialect=raw',
    'sim:demo?baud=9600&seed=3&flip=0.001&drop=0.5',
    'tcp://[::1]:4242?dialect=native&lossy=yes',
    'ws://rig-3:9000/netcore?dialect=raw&gap=20&reconnect=no&listen=only',
    'ws://rig-3:80',
    'sd:tcps://rig-3:8602/path?u=a%20b&@=x#chunk=4096&heartbeat=5',
    'sd:wss://rig-3:443/ws?x=1#tls=unverified',
    'sd:udp://[::1]:8602?u=a#datagram=1000',
    'serial:/dev/ttyUSB0?baud=115200&dialect=socketd&resource=%2Fdemo',
    'ws-listen://0.0.0.0:0?dialect=socketd&broker=yes',
    'udp-listen://0.0.0.0:0?datagram=9000&dialect=socketd',
    'tcp://rig:1?tls=yes&ca=%2Fetc%2Fown.pem&dialect=netconduit&compress=yes&heartbeat=5',
    'tcp://rig:1?tls=unverified',
    'tcp://rig:1?wait=3&identity=bench&retry=500&retries=5',
    'tcp-listen://0.0.0.0:0?peers=2',
    'tcp-listen://0.0.0.0:0?tls=yes&cert=a.pem&key=b.pem&dialect=netconduit&rate=100&byterate=5000',
    'serial:/dev/ttyACM0?baud=921600&flow=xonxoff&dtr=low&rts=high&reset=dtr-:100,dtr%2B:5&reconnect=no',
    'serial:/dev/ttyACM0?baud=9600&flow=rtscts&dtr=high&dialect=raw&listen=only',
  ])('a form filled from %s gives the same address back', (address) => {
    const filled = formOf(address)
    expect(filled && linkUrlOf(filled)).toEqual({ ok: true, url: parseLinkUrl(address).text })
  })

  test('no form is filled with a password', () => {
    expect(formOf('sim:demo?dialect=native&password=secret')).toMatchObject({
      dialect: 'native',
      password: '',
    })
  })

  test('an address of unknown kind fills no form', () => {
    expect(formOf('quic://x')).toBeUndefined()
  })

  test('writes framing the way data sheets do', () => {
    expect(framingText(EMPTY_FORM)).toBe('8N1')
    expect(framingText({ dataBits: 7, parity: 'even', stopBits: 2 })).toBe('7E2')
  })
})
