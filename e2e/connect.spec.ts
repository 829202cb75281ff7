import { openPty, type Pty } from '../src/testing/pty'
import { expect, test as base } from './fixtures'
import { callFromPage } from './raw-call'
import { Screen } from './screen'
import { message, TcpDevice } from './tcp-device'
import { ToldPorts, toldPort } from './told-ports'
import { ToldStatus } from './told-status'
import { utf8 } from '../src/shared/bytes'

const test = base.extend<{ view: Screen; device: TcpDevice; pty: Pty }>({
  view: async ({ app }, use) => use(new Screen(app)),
  device: async ({}, use) => {
    const device = await TcpDevice.listen()
    await use(device)
    await device.close()
  },
  pty: async ({}, use) => {
    const pty = await openPty()
    await use(pty)
    await pty.close()
  },
})

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

const stLink = toldPort('/dev/ttyACM0', {
  title: 'STM32 STLink VCP',
  vendorId: '0483',
  productId: '374e',
  serialNumber: '066DFF',
  driver: 'cdc_acm',
})
const bridge = toldPort('/dev/ttyUSB1', { title: 'CP2102N bridge', vendorId: '10c4', productId: 'ea60' })
const held = toldPort('/dev/ttyUSB0', {
  title: 'FTDI TTL232R',
  problem: {
    code: 'PORT_BUSY',
    message: '/dev/ttyUSB0 is in use',
    remedy: 'Close ModemManager, or end it: kill 812',
    holder: { name: 'ModemManager', pid: 812 },
    group: '',
    command: 'kill 812',
  },
})

test('ports come and go under the eyes of the person: the newest is meant until one is chosen, and nothing moves the focus', async ({
  app,
  view: screen,
}) => {
  await expect(screen.card).toBeVisible()
  const told = await ToldPorts.begin(app, [bridge, held])
  const ports = screen.card.getByRole('listbox', { name: 'Ports' })
  const option = (name: string) => ports.getByRole('option', { name })
  const path = screen.card.getByRole('combobox', { name: 'Port' })
  const connect = screen.card.getByRole('button', { name: 'Connect' })
  await expect(option('CP2102N bridge')).toHaveAttribute('aria-selected', 'true')
  await expect(option('FTDI TTL232R')).toContainText('Busy: held by ModemManager (process 812).')
  await expect(connect).toBeFocused()

  told.change([bridge, held, { ...stLink, appearedMs: 1 }])
  await expect(option('STM32 STLink VCP')).toHaveAttribute('aria-selected', 'true')
  await expect(option('STM32 STLink VCP')).toContainText('/dev/ttyACM0 · 0483:374e · serial 066DFF · cdc_acm')
  await expect(option('STM32 STLink VCP')).toContainText('New')
  await expect(path).toHaveValue('/dev/ttyACM0')
  await expect(screen.card).toContainText('The newest port is selected.')
  await expect(connect).toBeFocused()

  await app.keyboard.press('ArrowUp') // from the button the arrows choose a port
  await expect(option('FTDI TTL232R')).toHaveAttribute('aria-selected', 'true')
  const fix = screen.card.getByRole('group', { name: 'What helps' })
  await expect(fix).toContainText('Close ModemManager, or end it:')
  await expect(fix.locator('code')).toHaveText('kill 812')
  await app.keyboard.press('ArrowUp')
  await expect(fix).toBeHidden()
  told.change([
    bridge,
    held,
    stLink,
    { ...toldPort('/dev/ttyUSB7', { title: 'A later one' }), appearedMs: 5 },
  ])
  await expect(option('A later one')).toBeVisible()
  await expect(option('CP2102N bridge')).toHaveAttribute('aria-selected', 'true') // that was a choice
  await expect(ports).toBeFocused()

  told.change([])
  await expect(screen.card).toContainText('No serial port is visible.')
  await expect(path).toHaveValue('/dev/ttyUSB1')
  await expect(ports).toBeFocused()
})

test('the machine is checked on request, with the way back by Escape', async ({ app, view: screen }) => {
  await screen.card.getByRole('button', { name: 'Check my machine' }).last().click()
  const checks = screen.card.getByRole('region', { name: 'Check my machine' })
  await expect(checks.getByRole('listitem').filter({ hasText: 'Serial driver' })).toContainText(
    /Passed|Failed/,
  )
  await expect(checks.getByRole('status')).toContainText(/6 checks/)
  await app.keyboard.press('Escape')
  await expect(checks).toBeHidden()
  await expect(screen.card.getByRole('button', { name: 'Connect' })).toBeFocused()
})

test('a profile keeps every setting: saved, duplicated, edited, opened and deleted by keys', async ({
  app,
  view: screen,
  pty,
}) => {
  const { card } = screen
  await card.getByRole('combobox', { name: 'Port' }).fill(pty.path)
  await card.getByRole('button', { name: /^Advanced/ }).click()
  await card.getByLabel('DTR at open').selectOption('low')
  await card.getByLabel('Reset pulse').selectOption({ label: 'ESP32 reset' })
  await card.getByLabel('Milliseconds of step 1').fill('120')
  await expect(card.getByLabel('Recipe')).toHaveValue('dtr-:rts+:120,rts-')
  await card.getByRole('button', { name: /^Save as profile/ }).click()
  await expect(card.getByLabel('Name of the profile')).toBeFocused()
  await app.keyboard.type('bench A')
  await app.keyboard.press('Enter')
  await expect(card).toContainText('Profile bench A is saved.')

  await card.getByRole('tab', { name: 'Profiles' }).click()
  const profiles = card.getByRole('list', { name: 'Profiles' })
  const row = (name: string) => profiles.locator(`[data-profile="${name}"]`)
  await row('bench A').focus()
  await app.keyboard.press('Control+d')
  await expect(row('bench A copy')).toBeVisible()
  await app.keyboard.press('Delete')
  await expect(profiles.getByRole('button', { name: 'Delete', exact: true })).toBeFocused()
  await app.keyboard.press('Escape')
  await expect(row('bench A')).toBeFocused()
  await app.keyboard.press('Delete')
  await app.keyboard.press('Enter')
  await expect(row('bench A')).toBeHidden()

  await app.reload() // what is kept is in the workspace
  await screen.openCard()
  await card.getByRole('tab', { name: 'Profiles' }).click()
  await row('bench A copy').focus()
  await app.keyboard.press('F2')
  await expect(card.getByLabel('Name of the profile')).toHaveValue('bench A copy')
  await app.keyboard.press('Escape')
  await expect(card.getByRole('combobox', { name: 'Port' })).toHaveValue(pty.path)
  await expect(card.getByRole('button', { name: /^Advanced/ })).toContainText(
    '8N1, DTR low, reset pulse: own',
  )
  await row('bench A copy').focus()
  await app.keyboard.press('Enter')
  await screen.expectConnected()
  await expect(screen.linkButton).toContainText('115 200 8N1')
})

test('fault sliders make the simulated line bad: flipped bits show as faults', async ({
  app,
  view: screen,
}) => {
  const { card } = screen
  await card.getByRole('tab', { name: 'Simulator' }).click()
  const slider = card.getByRole('slider', { name: /Bit flips/ })
  await slider.focus()
  await app.keyboard.press('End')
  await expect(card.getByRole('textbox', { name: 'Bit flips' })).toHaveValue('0.1')
  await card.getByRole('textbox', { name: 'Bit flips' }).fill('0.01')
  await expect(slider).toHaveAttribute('aria-valuetext', /one byte in 100$/)
  await slider.press('Enter')
  await screen.expectConnected()
  await expect(screen.status).toContainText(/Faults\s*[1-9]/)
})

test('the lock keeps everything in: the screen says why, the core refuses, and no byte reaches the device', async ({
  app,
  host,
  view: screen,
  device,
}) => {
  await screen.connect('TCP client', { Host: '127.0.0.1', Port: String(device.port) })
  await screen.expectConnected()
  await screen.body.focus()
  await app.keyboard.press('Control+Shift+L')
  await expect(app.getByRole('banner').getByRole('button', { name: /^Listen only is on/ })).toBeVisible()
  await expect(screen.status).toContainText('Listen only')
  await screen.send({ route: 'echo', body: '1', format: 'JSON' })
  await expect(screen.composer).toContainText('Listen only is on: nothing is sent.')
  const refused = callFromPage(host, 'message.send', {
    linkId: 1,
    route: 'echo',
    kind: 'event',
    body: new Uint8Array(3),
    headers: {},
    priority: 3,
    timeoutMs: 1000,
  })
  await expect(refused).rejects.toThrow('LISTEN_ONLY')
  device.send(message('a1B2c3', { route: 'note' }, utf8('still heard')))
  await screen.expectRow({ route: 'note', dir: 'received' })
  expect(device.received.length).toBe(0)

  await app.keyboard.press('Control+Shift+L')
  await expect(screen.status).not.toContainText('Listen only')
  await screen.send({ route: 'hello', body: '1', format: 'JSON', kind: 'Event' })
  await expect.poll(() => device.received.toString()).toContain('hello')
})

test('a lost connection is told in place and its return closes the matter; several links stand side by side', async ({
  app,
  view: screen,
  device,
}) => {
  await screen.connect('TCP client', { Host: '127.0.0.1', Port: String(device.port) })
  await screen.expectConnected()
  const { port } = device
  await device.close()
  const banner = app.getByRole('status').filter({ hasText: 'Connection lost' })
  await expect(banner).toContainText(/Connection lost \d\d:\d\d:\d\d — connecting again/)
  await expect(app.getByRole('dialog')).toHaveCount(0) // never a question in the way
  const again = await TcpDevice.listen(port)
  try {
    await expect(app.getByRole('group', { name: 'Notice' })).toContainText(/is back.*after [\d.]+\sm?s/)
    await expect(banner).toBeHidden()
    await screen.expectConnected()

    await screen.openCard()
    await screen.card.getByRole('tab', { name: 'Simulator' }).click()
    await app.keyboard.press('Enter')
    await expect(screen.linkButton).toContainText('demo')
    await screen.linkButton.click()
    const links = app.getByRole('group', { name: 'Links' })
    await expect(links.getByRole('button', { name: /demo/ })).toContainText('Connected')
    const tcp = links.getByRole('button', { name: new RegExp(String(port)) })
    await expect(tcp).toContainText('Connected')
    await tcp.click()
    await expect(screen.linkButton).toContainText(String(port))
    await app.keyboard.press('Escape')
    await screen.send({ route: 'to-tcp', body: '1', format: 'JSON', kind: 'Event' })
    await expect.poll(() => again.received.toString()).toContain('to-tcp')
  } finally {
    await again.close()
  }
})

test('a device that says nothing gets a list of likely causes; one that talks otherwise is shown as raw bytes', async ({
  app,
  view: screen,
  pty,
}) => {
  await screen.connect('Serial', { Port: pty.path })
  await screen.expectConnected()
  const card = app.getByRole('region', { name: 'Nothing to show yet' })
  await expect(card).toContainText(/Open for [5-9](\.\d)?\ss, nothing received\./, { timeout: 9000 })
  await expect(card.getByRole('list', { name: 'Likely causes' })).toContainText('115 200 baud')

  pty.master.write('I am a device that prints text. \r\n'.repeat(20))
  await expect(card).toContainText(/\d+\sB received, 0 messages\./)
  await card.getByRole('button', { name: 'Show as raw bytes' }).click()
  await expect(screen.linkButton).toContainText('Raw bytes')
  await screen.expectConnected()
  pty.master.write('hello raw\r\n')
  await screen.expectRow({ kind: 'bytes', dir: 'received' })
  await expect(card).toBeHidden()
})

test('a different board on the port is asked about in place, and used when the person says so', async ({
  app,
  view: screen,
  pty,
}) => {
  const told = await ToldStatus.begin(app)
  await screen.connect('Serial', { Port: pty.path })
  await screen.expectConnected()
  const otherDevice = { title: 'Board B', identity: 'usb:0483:374b:B7F2:02' }
  told.change((status) => ({
    ...status,
    links: status.links.map((link) => ({ ...link, phase: 'waiting', otherDevice })),
  }))
  const banner = app.getByRole('status').filter({ hasText: 'This is a different board' })
  await expect(banner).toContainText('This is a different board (serial B7F2). Use it?')
  await expect(app.getByRole('dialog')).toHaveCount(0) // never a question in the way
  const isAsked = (): boolean => told.calls.some(({ name }) => name === 'link.accept')
  expect(isAsked()).toBe(false)
  await banner.getByRole('button', { name: 'Use this board' }).focus()
  await app.keyboard.press('Enter')
  await expect.poll(isAsked).toBe(true)
  expect(told.calls.find(({ name }) => name === 'link.accept')?.args).toEqual({ linkId: 1 })
  told.change((status) => status) // the core has it, and the link stands
  await expect(banner).toBeHidden()
  await screen.expectConnected()
})
