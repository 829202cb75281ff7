import { utf8 } from '../src/shared/bytes'
import { openPty } from '../src/testing/pty'
import { test as base, expect } from './fixtures'
import { Screen } from './screen'
import { message, TcpDevice } from './tcp-device'

const test = base.extend<{ device: TcpDevice; view: Screen; onDevice: Screen }>({
  device: async ({}, use) => {
    const device = await TcpDevice.listen()
    await use(device)
    await device.close()
  },
  view: async ({ app }, use) => use(new Screen(app)),
  /** The screen, connected to the device. */
  onDevice: async ({ view: screen, device }, use) => {
    await screen.connect('TCP client', { Port: String(device.port) })
    await screen.expectConnected()
    await use(screen)
  },
})

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('what is not JSON, not hex, without a route or with an impossible timeout is marked and not sent', async ({
  onDevice: screen,
  device,
  shot,
}) => {
  const cost = screen.composer.locator('#composer-cost')
  await screen.send({ route: '', format: 'Text', body: 'x' })
  await expect(cost).toContainText('A request needs a route.')
  await expect(screen.route).toHaveAttribute('aria-invalid', 'true')
  await screen.send({ route: 'echo', timeoutS: -1 })
  await expect(cost).toContainText('Timeout: type seconds from 0.001 to 3600.')
  await screen.compose({ route: 'echo', timeoutS: 5 })

  await screen.compose({ route: 'echo', format: 'Hex', body: '7e zz' })
  await expect(cost).toContainText('HEX_INVALID, position 4: "zz" is not a pair of hex digits')
  await screen.body.press('Control+Enter')
  await shot('invalid-hex')
  await screen.body.fill('7e 0')
  await expect(cost).toContainText('HEX_INVALID, position 4: "0" is half a byte')
  await screen.body.press('Control+Enter')

  await screen.compose({ route: 'echo', format: 'JSON', body: '{"a":1,}' })
  await expect(cost).toContainText('JSON_INVALID, position 8')
  await screen.body.press('Control+Enter')
  await expect(screen.body).toHaveAttribute('aria-invalid', 'true')
  await expect.poll(() => screen.bodyCursor()).toBe(7)
  await shot('invalid-json')
  await screen.body.fill('{\n  "a": 1\n  "b": 2\n}')
  await expect(cost).toContainText('JSON_INVALID, line 3, position 3')
  await screen.body.press('Control+Enter')
  await expect(screen.outcome).toHaveText('What you send and its answer show here.')
  await expect(screen.status).toContainText(/Messages\s*0/)
  expect(device.received.length).toBe(0)

  await screen.body.fill('{"a":1}')
  await screen.body.press('Control+Enter')
  await screen.expectRow({ id: 1, route: 'echo', dir: 'sent', sizeBytes: 7, body: '{"a":1}' })
  await expect.poll(() => device.received.includes('{"a":1}')).toBe(true)
  await screen.send({ route: 'echo', format: 'Hex', body: '7e 00 ff' })
  await screen.expectRow({ id: 2, route: 'echo', dir: 'sent', sizeBytes: 3 })
  await expect.poll(() => device.received.includes(Buffer.of(0x7e, 0, 0xff))).toBe(true)
})

test('a refused connection names cause and remedy, and can be tried again', async ({
  view: screen,
  shot,
}) => {
  const taken = await TcpDevice.listen()
  await taken.close()
  await screen.connect('TCP client', { Port: String(taken.port) })
  const alert = screen.card.getByRole('alert')
  await expect(alert).toContainText('LINK_REFUSED')
  await expect(alert).toContainText(`127.0.0.1:${taken.port} refused the connection: nothing listens there`)
  await expect(alert).toContainText('Check that the device or server listens on this address and port.')
  await shot('refused')

  const device = await TcpDevice.listen(taken.port)
  await screen.card.getByRole('button', { name: 'Connect' }).click()
  await screen.expectConnected()
  await expect.poll(() => device.peers).toBe(1)
  await device.close()
})

test('an impossible port and a serial port that is not there are said with the remedy, and another link opens from the same card', async ({
  view: screen,
  host,
  shot,
}) => {
  await screen.connect('TCP client', { Port: '70000' })
  const alert = screen.card.getByRole('alert')
  await expect(alert).toContainText('Port "70000" is not possible.')
  await expect(alert).toContainText('Type a whole number from 1 to 65535.')
  await expect(screen.card.getByLabel('Port', { exact: true })).toBeFocused()
  await expect(screen.card.getByLabel('Port', { exact: true })).toHaveAttribute('aria-invalid', 'true')
  await expect(screen.status).toContainText('Idle')
  expect(host.pageErrors).toEqual([])

  await screen.connect('Serial', { Port: '/dev/ttyNOT_THERE' })
  await expect(alert).toContainText('PORT_MISSING')
  await expect(alert).toContainText('/dev/ttyNOT_THERE')
  await expect(alert).toContainText('does not exist')
  await expect(alert).toContainText('Plug the device in')
  await shot('port-missing')
  await screen.card.getByRole('tab', { name: 'Simulator' }).click()
  await screen.card.getByRole('button', { name: 'Connect' }).click()
  await screen.expectConnected()
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
})

test.describe('with the simulated device', () => {
  test.use({ links: ['sim:demo'] })

  test('a route without a handler, and a handler that fails, are answered with errors that say so', async ({
    view: screen,
    shot,
  }) => {
    await screen.expectConnected()
    await screen.send({ route: 'no/such/route', format: 'JSON', body: '{}' })
    await expect(screen.outcome).toContainText('ROUTE_UNKNOWN')
    await expect(screen.outcome).toContainText('there is no handler for the route "no/such/route"')
    await screen.pause()
    await screen.outcome.getByRole('button').first().click()
    await expect(screen.inspector).toContainText('Answered with an error')
    await screen.expectRow({ route: 'no/such/route', kind: 'request', dir: 'sent', status: 'no handler' })
    await shot('route-unknown')
    await screen.send({ route: 'add', format: 'JSON', body: '{"a":1,"b":1}' })
    await expect(screen.outcome).toContainText('{"sum":2}')

    await screen.send({ route: 'fail', format: 'JSON', body: '{}' })
    await expect(screen.outcome).toContainText('HANDLER_FAILED')
    await expect(screen.outcome).toContainText('the handler of "fail" always fails')
    await screen.send({ route: 'add', format: 'JSON', body: '{"a":"one","b":1}' })
    await expect(screen.outcome).toContainText('"a" of add is not a number')
  })
})

test('an answer that never comes ends in a timeout; other messages go on', async ({
  onDevice: screen,
  device,
  shot,
}) => {
  await screen.send({ route: 'never', format: 'Text', body: 'anybody?', timeoutS: 0.4 })
  await expect(screen.outcome).toContainText('REQUEST_TIMEOUT')
  await expect(screen.outcome).toContainText('No answer came in time. Check the route, or allow more time.')
  const lost = await screen.expectRow({ route: 'never', status: 'no answer' })
  await screen.select(lost.id)
  await expect(screen.inspector).toContainText('No answer in time')
  await shot('no-answer')
  device.send(message('aaaaaa', { route: 'still.here' }, utf8('yes')))
  await screen.expectRow({ route: 'still.here', dir: 'received', status: 'ok', body: 'yes' })
  await expect(screen.status).toContainText('Connected')
})

const GARBAGE = Uint8Array.from({ length: 300 }, (_, at) => (at * 89 + 0x9c) & 0xff)

test('garbage over TCP is counted, the screen says what to look at, and the next connection works', async ({
  onDevice: screen,
  device,
  shot,
}) => {
  await expect.poll(() => device.peers).toBe(1)
  device.send(GARBAGE)
  await expect(screen.status).toContainText(/Faults\s*1/)
  await expect(
    screen.page.getByText(/^300\sB received, no message among them, 1 fault\. Check speed and protocol\.$/),
  ).toBeVisible()
  await shot('garbage')
  await screen.expectConnected() // anew: such a stream cannot be trusted any more
  await expect.poll(() => device.connections).toBe(2)
  device.send(message('bbbbbb', { route: 'after.garbage' }, utf8('whole')))
  await screen.expectRow({ route: 'after.garbage', dir: 'received', status: 'ok', body: 'whole' })
})

test('garbage on a serial line is skipped and counted, and the next message is read', async ({
  view: screen,
  shot,
}) => {
  const line = await openPty()
  await screen.connect('Serial', { Port: line.path })
  await screen.expectConnected()
  line.master.write(message('eeeeee', { route: 'before' }, utf8('first')))
  await screen.expectRow({ route: 'before', status: 'ok', body: 'first' })
  line.master.write(GARBAGE)
  await expect(screen.status).toContainText(/Faults\s*[1-9]/)
  line.master.write(message('ffffff', { route: 'after' }, utf8('second')))
  await screen.expectRow({ route: 'after', status: 'ok', body: 'second' })
  await expect(screen.status).toContainText(/Lost\s*300\sB/)
  await expect(screen.status).toContainText('Connected')
  await shot('garbage-on-a-serial-line')
  await line.close()
})

test('a peer that hangs up in the middle of a message leaves it interrupted, the next connection is clean', async ({
  onDevice: screen,
  device,
}) => {
  await expect.poll(() => device.peers).toBe(1)
  const whole = message('cccccc', { route: 'half' }, new Uint8Array(10_000))
  device.send(whole.subarray(0, 6_000))
  const port = device.port
  await device.close()
  await screen.expectRow({ route: 'half', dir: 'received', status: 'interrupted' })
  const again = await TcpDevice.listen(port)
  await screen.expectConnected()
  await expect.poll(() => again.peers).toBe(1)
  again.send(message('dddddd', { route: 'half' }, new Uint8Array(10_000)))
  await screen.expectRow({ route: 'half', dir: 'received', status: 'ok', sizeBytes: 10_000 })
  await again.close()
})
