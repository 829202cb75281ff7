import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ConsoleError, type ErrorCode } from '../errors'
import { formatLinkUrl, type LinkAddress, parseLinkUrl, secretLinkUrl } from './link-url'

const EIGHT_N_ONE = { dataBits: 8, parity: 'none', stopBits: 1 }

describe('a link address is understood', () => {
  test.each<[text: string, address: Record<string, unknown>, normal: string]>([
    [
      'serial:/dev/ttyUSB0',
      {
        scheme: 'serial',
        path: '/dev/ttyUSB0',
        baud: 115_200,
        framing: EIGHT_N_ONE,
        dialect: 'lso',
      },
      'serial:/dev/ttyUSB0?baud=115200',
    ],
    [
      'serial:///dev/ttyUSB0?baud=9600',
      { path: '/dev/ttyUSB0', baud: 9600 },
      'serial:/dev/ttyUSB0?baud=9600',
    ],
    ['serial:COM3', { path: 'COM3' }, 'serial:COM3?baud=115200'],
    ['serial://COM3', { path: 'COM3' }, 'serial:COM3?baud=115200'],
    ['serial:\\\\.\\COM10', { path: '\\\\.\\COM10' }, 'serial:\\\\.\\COM10?baud=115200'],
    [
      'serial:/dev/ttyS1?parity=even&data=7&stop=2&baud=1200',
      { baud: 1200, framing: { dataBits: 7, parity: 'even', stopBits: 2 } },
      'serial:/dev/ttyS1?baud=1200&data=7&parity=even&stop=2',
    ],
    [
      'serial:COM3?flow=rtscts&dtr=low&reset=dtr-:rts+:100,dtr+&gap=5&reconnect=no&listen=only',
      {
        flow: 'rtscts',
        dtr: 'low',
        reset: [
          { dtr: false, rts: true, ms: 100 },
          { dtr: true, ms: 0 },
        ],
        gapMs: 5,
        isReconnecting: false,
        isListenOnly: true,
      },
      'serial:COM3?baud=115200&flow=rtscts&dtr=low&reset=dtr-:rts%2B:100,dtr%2B&gap=5&reconnect=no&listen=only',
    ],
    [
      'serial:COM3?flow=none&dtr=leave&rts=leave&reconnect=yes&listen=no',
      { path: 'COM3' },
      'serial:COM3?baud=115200',
    ],
    ['ws://bridge:8080', { scheme: 'ws', host: 'bridge', port: 8080, path: '/' }, 'ws://bridge:8080'],
    ['ws://h/serial/0', { host: 'h', port: 80, path: '/serial/0' }, 'ws://h:80/serial/0'],
    ['ws://[::1]:81/a?dialect=raw', { host: '::1', path: '/a' }, 'ws://[::1]:81/a?dialect=raw'],
    [
      'tcp://h:1?dialect=netconduit&compress=yes&heartbeat=5&tls=yes&ca=/etc/own.pem',
      { isCompressing: true, heartbeatSeconds: 5, tls: { isVerified: true, ca: '/etc/own.pem' } },
      'tcp://h:1?tls=yes&ca=%2Fetc%2Fown.pem&dialect=netconduit&compress=yes&heartbeat=5',
    ],
    [
      'tcp-listen://h:1?dialect=netconduit&rate=100&byterate=1000000',
      { rates: { messagesPerSecond: 100, bytesPerSecond: 1_000_000 } },
      'tcp-listen://h:1?dialect=netconduit&rate=100&byterate=1000000',
    ],
    [
      'wss://rig/a',
      { scheme: 'ws', port: 443, path: '/a', tls: { isVerified: true } },
      'ws://rig:443/a?tls=yes',
    ],
    ['ws://rig:1?tls=unverified', { scheme: 'ws', tls: { isVerified: false } }, 'ws://rig:1?tls=unverified'],
    [
      'ws-listen://127.0.0.1:0/serial?tls=yes&cert=a.pem&key=b.pem',
      { scheme: 'ws-listen', port: 0, path: '/serial', tls: { cert: 'a.pem', key: 'b.pem' } },
      'ws-listen://127.0.0.1:0/serial?tls=yes&cert=a.pem&key=b.pem',
    ],
    ['udp://rig:7?datagram=1400', { scheme: 'udp', host: 'rig', port: 7 }, 'udp://rig:7'],
    [
      'udp-listen://[::1]:0?datagram=512&dialect=raw',
      { scheme: 'udp-listen', port: 0, datagramBytes: 512 },
      'udp-listen://[::1]:0?datagram=512&dialect=raw',
    ],
    ['tcp://h:1?tls=unverified', { tls: { isVerified: false } }, 'tcp://h:1?tls=unverified'],
    [
      'tcp-listen://h:1?tls=yes&cert=a.pem&key=b.pem',
      { tls: { isVerified: true, cert: 'a.pem', key: 'b.pem' } },
      'tcp-listen://h:1?tls=yes&cert=a.pem&key=b.pem',
    ],
    ['tcp://host:4242', { scheme: 'tcp', host: 'host', port: 4242 }, 'tcp://host:4242'],
    ['TCP://Host:1/', { scheme: 'tcp', host: 'Host', port: 1 }, 'tcp://Host:1'],
    ['  tcp://127.0.0.1:65535\n', { host: '127.0.0.1', port: 65_535 }, 'tcp://127.0.0.1:65535'],
    ['tcp://[::1]:80', { host: '::1', port: 80 }, 'tcp://[::1]:80'],
    ['tcp://[fe80::1%eth0]:80', { host: 'fe80::1%eth0' }, 'tcp://[fe80::1%eth0]:80'],
    ['tcp-listen://0.0.0.0:0', { scheme: 'tcp-listen', port: 0 }, 'tcp-listen://0.0.0.0:0'],
    [
      'tcp://h:1?dialect=raw&chunk=512&name=My+board',
      { dialect: 'raw', chunkBytes: 512, name: 'My board' },
      'tcp://h:1?dialect=raw&chunk=512&name=My+board',
    ],
    [
      'sim:demo?baud=9600&seed=7&flip=1e-5&drop=0.25',
      { device: 'demo', baud: 9600, faults: { seed: 7, flip: 1e-5, drop: 0.25 } },
      'sim:demo?baud=9600&seed=7&flip=0.00001&drop=0.25',
    ],
    [
      'sim://demo',
      { device: 'demo', baud: 115_200, faults: { seed: 1, flip: 0, drop: 0 } },
      'sim:demo?baud=115200',
    ],
  ])('%s', (text, address, normal) => {
    expect(parseLinkUrl(text)).toMatchObject({ ...address, text: normal })
  })

  test('options that were left out are absent, not undefined', () => {
    expect(Object.keys(parseLinkUrl('tcp://h:1')).sort()).toEqual([
      'dialect',
      'host',
      'port',
      'scheme',
      'text',
    ])
  })
})

describe('an address of Socket.D keeps path and query for the peer, and has its own options behind #', () => {
  test.each<[text: string, address: Record<string, unknown>, normal: string]>([
    [
      'sd:tcp://127.0.0.1/demo?u=a&p=%20+ü',
      { scheme: 'tcp', port: 8602, resource: '/demo?u=a&p=%20+ü' },
      'sd:tcp://127.0.0.1:8602/demo?u=a&p=%20+ü',
    ],
    ['SD:TCP://[::1]:7/#name=b', { host: '::1', port: 7, name: 'b' }, 'sd:tcp://[::1]:7#name=b'],
    ['sd:tcp://h?u=a', { resource: '?u=a' }, 'sd:tcp://h:8602?u=a'],
    [
      'sd:tcp://h:8602/demo?u=a#chunk=4096&name=bench&password=x',
      { resource: '/demo?u=a', chunkBytes: 4096, name: 'bench', password: 'x' },
      'sd:tcp://h:8602/demo?u=a#chunk=4096&name=bench',
    ],
    ['sd:tcps://h/d', { scheme: 'tcp', tls: { isVerified: true } }, 'sd:tcps://h:8602/d'],
    [
      'sd:tcp://h/d#tls=unverified&ca=a.pem',
      { tls: { isVerified: false, ca: 'a.pem' } },
      'sd:tcps://h:8602/d#tls=unverified&ca=a.pem',
    ],
    [
      'sd:ws://h/d?u=a',
      { scheme: 'ws', port: 8602, path: '/d?u=a', resource: '/d?u=a' },
      'sd:ws://h:8602/d?u=a',
    ],
    ['sd:ws://h?u=a', { path: '/?u=a', resource: '?u=a' }, 'sd:ws://h:8602?u=a'],
    ['sd:wss://h', { scheme: 'ws', path: '/', tls: { isVerified: true } }, 'sd:wss://h:8602'],
    [
      'sd:udp://h/d#datagram=1024',
      { scheme: 'udp', datagramBytes: 1024, resource: '/d' },
      'sd:udp://h:8602/d#datagram=1024',
    ],
    ['tcp://h:1?dialect=socketd&resource=/d?u=a', { resource: '/d?u=a' }, 'sd:tcp://h:1/d?u=a'],
    ['ws://h:1/d?dialect=socketd', { path: '/d', resource: '/d' }, 'sd:ws://h:1/d'],
    ['ws://h:1?dialect=socketd&resource=/d%3Fu=a', { path: '/d?u=a' }, 'sd:ws://h:1/d?u=a'],
    [
      'sd:tcp-listen://h:0/d#broker=yes',
      { scheme: 'tcp-listen', port: 0, resource: '/d', isBroker: true },
      'tcp-listen://h:0?dialect=socketd&resource=%2Fd&broker=yes',
    ],
    [
      'serial:COM3?dialect=socketd&resource=/d?u=a',
      { scheme: 'serial', resource: '/d?u=a' },
      'serial:COM3?baud=115200&dialect=socketd&resource=%2Fd%3Fu%3Da',
    ],
  ])('%s', (text, address, normal) => {
    expect(parseLinkUrl(text)).toMatchObject({ ...address, dialect: 'socketd', text: normal })
    expect(parseLinkUrl(normal).text).toBe(normal)
  })

  test('has its password behind # too, and nowhere else', () => {
    const address = parseLinkUrl('sd:tcp://h/d?u=a#password=s&name=n')
    expect(address.text).toBe('sd:tcp://h:8602/d?u=a#name=n')
    expect(parseLinkUrl(secretLinkUrl(address))).toEqual(address)
    expect(failure('sd:tcp://h:x#password=hunter2').message).not.toContain('hunter2')
  })

  test('loses what belongs to it when it gets another dialect', () => {
    const as = (text: string): string => formatLinkUrl({ ...parseLinkUrl(text), dialect: 'raw' })
    expect(as('sd:ws://h/d?u=a')).toBe('ws://h:8602/d?dialect=raw')
    expect(as('sd:tcp-listen://h/d#broker=yes')).toBe('tcp-listen://h:8602?dialect=raw')
  })
})

describe('a wrong link address is refused with its code and the part that is wrong', () => {
  test.each<[text: string, code: ErrorCode, named: string]>([
    ['', 'URL_INVALID', 'no scheme'],
    ['/dev/ttyUSB0', 'URL_INVALID', '/dev/ttyUSB0'],
    ['127.0.0.1:80', 'URL_INVALID', '127.0.0.1:80'],
    ['http://host:80', 'URL_UNKNOWN_SCHEME', 'http'],
    ['udp://host:0', 'URL_INVALID', '1 to 65535'],
    ['udp://host:1?tls=yes', 'URL_BAD_OPTION', 'tls'],
    ['udp://host:1?datagram=511', 'URL_BAD_OPTION', 'datagram=511'],
    ['udp-listen://host:1?peer-idle=0', 'URL_BAD_OPTION', 'peer-idle=0'],
    ['udp-listen://host:1?peer-idle=14401', 'URL_BAD_OPTION', 'peer-idle=14401'],
    ['udp://host:1?peer-idle=10', 'URL_BAD_OPTION', 'peer-idle belongs to a listener for datagrams'],
    ['tcp-listen://host:1?peer-idle=10', 'URL_BAD_OPTION', 'peer-idle belongs'],
    ['udp-listen://host:1?datagram=65508', 'URL_BAD_OPTION', 'datagram=65508'],
    ['tcp://host:1?datagram=600', 'URL_BAD_OPTION', 'datagram'],
    ['wss://host:1?tls=no', 'URL_BAD_OPTION', 'tls=no'],
    ['ws-listen://host:1?tls=yes', 'URL_BAD_OPTION', 'key=FILE'],
    ['tcp://host:1?resource=/demo', 'URL_BAD_OPTION', 'dialect=socketd'],
    ['tcp-listen://host:1?broker=yes', 'URL_BAD_OPTION', 'dialect=socketd'],
    ['tcp://host:1?broker=yes&dialect=socketd', 'URL_BAD_OPTION', 'listener'],
    ['sd:constructor://host:1', 'URL_INVALID', 'sd: is followed by tcp, tcps, ws, wss, udp'],
    ['sd:host:1', 'URL_INVALID', 'sd: is followed by tcp, tcps, ws, wss, udp'],
    ['sd:serial:COM3', 'URL_INVALID', 'serial:PATH?dialect=socketd'],
    ['sd:tcp:///demo', 'URL_INVALID', 'host:port'],
    ['sd:tcp://h:0', 'URL_INVALID', '1 to 65535'],
    ['sd:tcp://h/a b', 'URL_BAD_OPTION', 'without blanks'],
    ['sd:ws://h/ü', 'URL_INVALID', 'path'],
    ['sd:tcp://h#dialect=lso', 'URL_BAD_OPTION', 'dialect=lso'],
    ['sd:tcp://h#path=/x', 'URL_BAD_OPTION', 'path'],
    ['sd:tcps://h#tls=no', 'URL_BAD_OPTION', 'tls=no'],
    ['sd:udp://h#tls=yes', 'URL_BAD_OPTION', 'tls'],
    ['ws://h:1/a?dialect=socketd&resource=/b', 'URL_BAD_OPTION', 'different things'],
    ['serial:COM3?dialect=socketd&resource=demo', 'URL_BAD_OPTION', 'begins with /'],
    [`sd:tcp://h/${'x'.repeat(400)}`, 'URL_BAD_OPTION', '400'],
    ['ws://host:0/', 'URL_INVALID', '1 to 65535'],
    ['ws://host:1/a b', 'URL_INVALID', 'path'],
    ['ws:/host', 'URL_INVALID', 'host:port'],
    ['serial:COM3?dtr=up', 'URL_BAD_OPTION', 'dtr=up'],
    ['serial:COM3?flow=rtscts&rts=low', 'URL_BAD_OPTION', 'flow=rtscts'],
    ['serial:COM3?reset=cts-', 'URL_BAD_OPTION', 'cts-'],
    ['serial:COM3?reset=dtr-:10001', 'URL_BAD_OPTION', '10001'],
    ['tcp://h:1?dtr=low', 'URL_BAD_OPTION', 'dtr'],
    ['tcp://h:1?rate=0', 'URL_BAD_OPTION', 'rate'],
    ['tcp://h:1?ca=x', 'URL_BAD_OPTION', 'tls=yes'],
    ['tcp://h:1?tls=yes&key=x', 'URL_BAD_OPTION', 'listener'],
    ['tcp-listen://h:1?tls=yes&cert=x', 'URL_BAD_OPTION', 'key=FILE'],
    ['tcp-listen://h:1?tls=unverified', 'URL_BAD_OPTION', 'tls=yes'],
    ['tcp://h:1?heartbeat=3601', 'URL_BAD_OPTION', '3601'],
    ['tcp://h:1?gap=0', 'URL_BAD_OPTION', 'gap=0'],
    ['tcp://h:1?listen=yes', 'URL_BAD_OPTION', 'listen=yes'],
    ['serial:', 'URL_INVALID', 'names no port'],
    ['serial://', 'URL_INVALID', 'names no port'],
    ['tcp:host:1', 'URL_INVALID', 'host:port'],
    ['tcp://host', 'URL_INVALID', 'host:port'],
    ['tcp://host:0', 'URL_INVALID', '1 to 65535'],
    ['tcp://host:65536', 'URL_INVALID', '1 to 65535'],
    ['tcp-listen://host:65536', 'URL_INVALID', '0 to 65535'],
    ['tcp://::1:80', 'URL_INVALID', '::1'],
    ['tcp://a b:80', 'URL_INVALID', 'a b'],
    ['tcp://:80', 'URL_INVALID', ':80'],
    ['tcp://h:80/path', 'URL_INVALID', '/path'],
    ['tcp://h:-1', 'URL_INVALID', '-1'],
    ['sim:', 'URL_INVALID', 'simulated device'],
    ['sim:../x', 'URL_INVALID', 'simulated device'],
    ['http://host:80', 'URL_UNKNOWN_SCHEME', 'http'],
    ['serial:/dev/x?baud=0', 'URL_BAD_OPTION', 'baud=0'],
    ['serial:/dev/x?baud=12000001', 'URL_BAD_OPTION', 'baud=12000001'],
    ['serial:/dev/x?baud=fast', 'URL_BAD_OPTION', 'baud=fast'],
    ['serial:/dev/x?baud=0x2580', 'URL_BAD_OPTION', 'baud=0x2580'],
    ['serial:/dev/x?baud=9600.5', 'URL_BAD_OPTION', 'baud=9600.5'],
    ['serial:/dev/x?baud=-9600', 'URL_BAD_OPTION', 'baud=-9600'],
    ['serial:/dev/x?baud=9600&baud=19200', 'URL_BAD_OPTION', 'baud is given 2 times'],
    ['serial:/dev/x?parity=odd-ish', 'URL_BAD_OPTION', 'parity=odd-ish'],
    ['serial:/dev/x?data=9', 'URL_BAD_OPTION', 'data=9'],
    ['serial:/dev/x?stop=3', 'URL_BAD_OPTION', 'stop=3'],
    ['serial:/dev/x?speed=9600', 'URL_BAD_OPTION', 'speed'],
    ['tcp://h:1?baud=9600', 'URL_BAD_OPTION', 'baud'],
    ['tcp://h:1?chunk=1048577', 'URL_BAD_OPTION', 'chunk=1048577'],
    ['sim:demo?flip=2', 'URL_BAD_OPTION', 'flip=2'],
    ['sim:demo?flip=-0.1', 'URL_BAD_OPTION', 'flip=-0.1'],
    ['sim:demo?drop=NaN', 'URL_BAD_OPTION', 'drop=NaN'],
    ['sim:demo?drop=some', 'URL_BAD_OPTION', 'drop=some'],
    ['sim:demo?seed=4294967296', 'URL_BAD_OPTION', 'seed=4294967296'],
  ])('%j', (text, code, named) => {
    const error = failureOf(text)
    expect(error).toMatchObject({ code, layer: 'input', exitCode: 2 })
    expect(error.message).toContain(named)
    expect(error.remedy).not.toBe('')
  })

  test('limits are accepted from the inside', () => {
    for (const text of [
      'serial:/dev/x?baud=50',
      'serial:/dev/x?baud=12000000',
      'sim:demo?flip=1&drop=0&seed=4294967295',
      'tcp://h:1?chunk=1048576',
      'tcp://h:65535',
      'udp://h:1?datagram=512',
      'udp-listen://h:1?peer-idle=1&dialect=socketd',
      'udp-listen://h:1?peer-idle=14400&dialect=socketd',
      'udp://h:1?datagram=65507',
      `sd:tcp://h/${'x'.repeat(399)}`,
    ]) {
      expect(() => parseLinkUrl(text)).not.toThrow()
    }
  })

  test('no text makes it fail in another way', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((tail) => `serial:${tail}`),
          almostUrls,
        ),
        (text) => {
          let parsed: LinkAddress
          try {
            parsed = parseLinkUrl(text)
          } catch (error) {
            expect((error as ConsoleError).layer).toBe('input')
            return
          }
          expect(parseLinkUrl(parsed.text)).toEqual(parsed)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

test('an address that was written is read back as itself', () => {
  fc.assert(
    fc.property(addresses, (address) => {
      const text = formatLinkUrl(address)
      expect(parseLinkUrl(text)).toEqual({ ...address, text })
    }),
    { numRuns: 1000 },
  )
})

const almostUrls = fc
  .tuple(
    fc.constantFrom(
      ...['tcp://', 'tcp-listen://', 'sim:', 'serial:///', 'ws://', '', 'sd:tcps://', 'sd:ws://', 'udp://'],
    ),
    fc.constantFrom('h', '[::1]', 'demo', '', '127.0.0.1', 'ü'),
    fc.constantFrom(':0', ':80', ':', '', ':99999', '/'),
    fc.constantFrom(
      '?',
      '',
      '?baud=1',
      '?flip=',
      '?name=%',
      '?name=%E4',
      '?dialect=',
      '?chunk=1&chunk=1',
      '?=&=',
      '/a?b#',
      '?u=a#name=b',
      '?dialect=socketd&resource=?a',
    ),
  )
  .map((parts) => parts.join(''))

const common = {
  dialect: fc.constantFrom('lso', 'raw', 'native'),
  chunkBytes: fc.option(fc.integer({ min: 1, max: 1 << 20 }), { nil: undefined }),
  name: fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { nil: undefined }),
}
const atOpen = fc.constantFrom('low' as const, 'high' as const)
const steps = fc.array(
  fc
    .record({ dtr: fc.boolean(), rts: fc.boolean(), ms: fc.integer({ min: 0, max: 10_000 }) })
    .map(({ ms, ...lines }) => ({ ...lines, ms })),
  { minLength: 1, maxLength: 16 },
)
const control = fc.oneof(
  fc.constant({}),
  fc.record({ flow: fc.constant('xonxoff' as const), dtr: atOpen, rts: atOpen, reset: steps }),
  fc.record({ gapMs: fc.integer({ min: 1, max: 60_000 }), isListenOnly: fc.constant(true as const) }),
)
const port = fc.integer({ min: 1, max: 65_535 })
const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6())
const webPath = fc.constantFrom('/', '/serial', '/a/b%20c')
const resource = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) => `/${text}`)
  .filter((text) => /^[^\s#\p{Cc}\p{Cs}]*$/u.test(text) && Buffer.byteLength(text) <= 400)
const addresses = fc
  .oneof(
    fc.record({ scheme: fc.constant('ws' as const), host, port, path: webPath, ...common }),
    fc.record({
      scheme: fc.constant('serial' as const),
      path: fc.constantFrom(
        '/dev/ttyUSB0',
        'COM3',
        '\\\\.\\COM12',
        '/dev/serial/by-id/usb-A_B%20C+D-if00',
        '/tmp/ü 1',
      ),
      baud: fc.integer({ min: 50, max: 12_000_000 }),
      framing: fc.record({
        dataBits: fc.constantFrom(5, 6, 7, 8),
        parity: fc.constantFrom('none', 'even', 'odd', 'mark', 'space'),
        stopBits: fc.constantFrom(1, 1.5, 2),
      }),
      control,
      ...common,
    }),
    fc.record({ scheme: fc.constantFrom('tcp' as const, 'tcp-listen' as const), host, port, ...common }),
    fc.record({ scheme: fc.constant('ws-listen' as const), host, port, path: webPath, ...common }),
    fc.record({
      scheme: fc.constantFrom('udp' as const, 'udp-listen' as const),
      host,
      port,
      datagramBytes: fc.integer({ min: 512, max: 1399 }),
      ...common,
    }),
    fc.record({
      scheme: fc.constantFrom('tcp' as const, 'udp' as const, 'tcp-listen' as const),
      host,
      port,
      ...common,
      dialect: fc.constant('socketd'),
      resource,
    }),
    fc.record({
      scheme: fc.constant('sim' as const),
      device: fc.constantFrom('demo', 'a-1'),
      baud: fc.integer({ min: 50, max: 100_000_000 }),
      faults: fc.record({
        seed: fc.integer({ min: 0, max: 0xffff_ffff }),
        flip: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
        drop: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
      }),
      ...common,
    }),
  )
  .map(({ chunkBytes, name, ...rest }) => ({
    ...('control' in rest ? (({ control: extra, ...others }) => ({ ...others, ...extra }))(rest) : rest),
    ...(chunkBytes !== undefined && { chunkBytes }),
    ...(name !== undefined && { name }),
  })) as fc.Arbitrary<Parameters<typeof formatLinkUrl>[0]>

function failureOf(text: string): ConsoleError {
  try {
    parseLinkUrl(text)
  } catch (error) {
    if (error instanceof ConsoleError) return error
    throw error
  }
  throw new Error(`"${text}" was accepted`)
}

describe('a password in an address', () => {
  const PASSWORD = 'p&ss=w ör?d'
  const typed = `tcp://127.0.0.1:7?${new URLSearchParams({ dialect: 'native', password: PASSWORD }).toString()}`

  test('is understood, and not part of the text that is shown and remembered', () => {
    const address = parseLinkUrl(typed)
    expect(address.password).toBe(PASSWORD)
    expect(address.text).toBe('tcp://127.0.0.1:7?dialect=native')
    expect(parseLinkUrl(address.text)).not.toHaveProperty('password')
  })

  test('survives in the one form that is made for opening', () => {
    expect(parseLinkUrl(secretLinkUrl(parseLinkUrl(typed)))).toEqual(parseLinkUrl(typed))
    expect(secretLinkUrl(parseLinkUrl('tcp://h:1'))).toBe('tcp://h:1')
  })

  test.each([
    'tcp://127.0.0.1:x?password=hunter2',
    'hunter2?password=hunter2',
    'tcp://?a=1&password=hunter2&b=2',
  ])('is not repeated in what is wrong with %s', (text) => {
    const said = failure(text.replace(/^hunter2/, 'h'))
    expect(said.message).not.toContain('hunter2')
    expect(said.message).toContain('password=***')
  })

  test('has 1,024 characters at most', () => {
    const withLength = (length: number) => `tcp://h:1?password=${'x'.repeat(length)}`
    expect(parseLinkUrl(withLength(1024)).password).toHaveLength(1024)
    expect(failure(withLength(1025)).code).toBe('URL_BAD_OPTION')
  })
})

function failure(text: string): ConsoleError {
  try {
    parseLinkUrl(text)
  } catch (error) {
    if (error instanceof ConsoleError) return error
  }
  throw new Error(`${text} was understood`)
}

describe('how long a link waits', () => {
  test('is said by the address, and written back the same', () => {
    const text =
      'tcp://h:1?dialect=netconduit&heartbeat=5&wait=3&silence=20&identity=bench+7&retry=200&retry-max=1000&retry-factor=1.5&retries=4&retry-jitter=20'
    const address = parseLinkUrl(text)
    expect(address).toMatchObject({
      openTimeoutMs: 3000,
      silenceSeconds: 20,
      identity: 'bench 7',
      retry: { firstMs: 200, mostMs: 1000, factor: 1.5, attempts: 4, jitterPercent: 20 },
    })
    expect(parseLinkUrl(address.text)).toEqual(address)
    expect(parseLinkUrl('tcp-listen://h:1?peers=2').text).toBe('tcp-listen://h:1?peers=2')
  })

  test.each([
    ['wait=0', 'wait'],
    ['wait=601', 'wait'],
    ['silence=30', 'longer than a heartbeat'],
    ['silence=5&heartbeat=5', 'longer than a heartbeat'],
    ['peers=2', 'listener'],
    ['identity=a%0ab', 'identity'],
    [`identity=${'x'.repeat(65)}`, 'identity'],
    ['retry=9', 'retry'],
    ['retry=200&retry-max=100', 'less than'],
    ['retry-factor=0.5', 'from 1 to 10'],
    ['retry-factor=1e9', 'retry-factor'],
    ['retry-jitter=101', 'retry-jitter'],
  ])('%s is refused', (options, reason) => {
    expect(() => parseLinkUrl(`tcp://h:1?${options}`)).toThrow(reason)
  })
})
