import { createServer } from 'node:net'
import { pattern, sha256 } from '../interop/pattern'
import { groupDigits } from '../src/renderer/ui/format'
import { openPty, openPtyPair } from '../src/testing/pty'
import { expect } from './fixtures'
import { test } from './python'
import { bodyOf, detailOf } from './record'

/** The way through the program that an engineer takes at a bench; each within the time that he has for it. */

test.skip(process.platform === 'win32', 'pseudo-terminals need Linux or macOS')
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('plug and see: from Enter to the first decoded message of a real device in less than five seconds', async ({
  host,
  python,
  view: screen,
  shot,
}) => {
  const cable = await openPtyPair()
  const peer = await python.serial(cable.pathB)
  await screen.openCard()
  await screen.card.getByLabel('Port', { exact: true }).and(screen.card.locator('input')).fill(cable.pathA)
  const enteredMs = performance.now()
  await screen.page.keyboard.press('Enter')
  await screen.expectConnected()
  peer.command({ cmd: 'send', tag: 'hello', route: 'boot/hello', size: 900, seed: 3 })
  const row = await screen.expectRow({ route: 'boot/hello', dir: 'received', sizeBytes: 900 })
  expect(performance.now() - enteredMs).toBeLessThan(5000)
  expect(sha256(await bodyOf(host, row.id))).toBe(sha256(pattern(900, 3)))
  await shot('plug-and-see')
  await cable.close()
})

test('catch the boot: the first bytes a device says are there, and a reset that the port cannot do says why', async ({
  host,
  view: screen,
  shot,
}) => {
  const boot = 'ROM boot v2.1\r\nclock 160 MHz\r\nassert ok\r\n'
  const talker = createServer((socket) => void socket.end(boot)).listen(0, '127.0.0.1')
  await new Promise((resolve) => talker.once('listening', resolve))
  const received = async (): Promise<string> => {
    const rows = (await screen.rows()).filter(({ dir }) => dir === 'received')
    const parts: string[] = []
    for (const { id } of rows) parts.push(Buffer.from(await bodyOf(host, id)).toString())
    return parts.join('')
  }
  await screen.openCard()
  await screen.card.getByRole('tab', { name: 'TCP client' }).click()
  await screen.card.getByLabel('Protocol').selectOption({ label: 'Raw bytes' })
  const { port } = talker.address() as { port: number }
  await screen.card.getByLabel('Port', { exact: true }).fill(String(port))
  await screen.page.keyboard.press('Enter')
  await expect.poll(received).toMatch(/^ROM boot v2\.1\r\nclock 160 MHz\r\nassert ok\r\n/)
  await new Promise((resolve) => talker.close(resolve))

  const device = await openPty()
  await screen.connect('Serial', { Port: device.path })
  await screen.expectConnected()
  await screen.lanesCanvas.focus()
  await screen.page.keyboard.press('Control+Shift+D')
  await expect(screen.page.getByRole('alert').first()).toContainText('LINE_CONTROL_UNSUPPORTED')
  await expect(screen.status).toContainText('Connected')
  device.master.write('second boot\r\n')
  await expect.poll(received).toContain('second boot\r\n')
  await shot('boot-caught')
  await device.close()
})

test('the cable comes out during a transfer: interrupted with what was done, a gap, and everything goes on by itself', async ({
  host,
  python,
  view: screen,
  shot,
}) => {
  const cable = await openPtyPair()
  const before = await python.serial(cable.pathB)
  await screen.connect('Serial', { Port: cable.pathA })
  await screen.expectConnected()
  before.command({ cmd: 'send', tag: 'fw', route: 'fw/dump', size: 4_000_000, seed: 1 })
  const { id } = await screen.expectRow({ route: 'fw/dump', dir: 'received' })
  await expect.poll(async () => (await detailOf(host, id)).doneBytes).toBeGreaterThan(20_000)
  await cable.unplug()

  const gap = screen.list.locator('[data-event="link-down"]')
  await expect(gap).toContainText('Link down')
  const { doneBytes, status } = await detailOf(host, id)
  expect(status).toBe('interrupted')
  await screen.select(id)
  await expect(screen.inspector).toContainText('Interrupted')
  await expect(screen.fact('Size')).toContainText(groupDigits(doneBytes))
  await shot('cable-out')

  const after = cable.replug().then(() => performance.now())
  await screen.expectConnected()
  expect(performance.now() - (await after)).toBeLessThan(5000)
  await expect(screen.list.locator('[data-event="link-up"]')).toContainText('Link up again')
  const peer = await python.serial(cable.pathB)
  peer.command({ cmd: 'send', tag: 'again', route: 'boot/again', size: 4096, seed: 4 })
  const row = await screen.expectRow({ route: 'boot/again', dir: 'received', sizeBytes: 4096 })
  expect(sha256(await bodyOf(host, row.id))).toBe(sha256(pattern(4096, 4)))
  expect((await detailOf(host, id)).status).toBe('interrupted') // nothing was forgotten
  await shot('cable-back')
  await cable.close()
})
