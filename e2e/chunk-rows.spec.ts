import { concatBytes, utf8 } from '../src/shared/bytes'
import { expect, test } from './fixtures'
import { Screen } from './screen'
import { packet, TcpDevice } from './tcp-device'

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

/** Two messages that take turns, three chunks each; the second says more than its head announced. */
function interleaved(): Uint8Array {
  const head = (extension: string, length: number, route: string) =>
    packet({ type: 'mission' }, utf8(JSON.stringify({ extension, length, info: { route } })))
  const data = (extension: string, bytes: number) =>
    packet({ type: 'data', extension }, utf8('x'.repeat(bytes)))
  return concatBytes([
    head('aaaaaa', 210, 'fw.write'),
    head('bbbbbb', 60, 'cfg.put'),
    ...[100, 100, 10].flatMap((bytes, at) => [data('aaaaaa', bytes), data('bbbbbb', [20, 30, 10][at]!)]),
  ])
}

test('a filter that names chunks lists them, each leading to its message', async ({ app, shot }) => {
  const screen = new Screen(app)
  const device = await TcpDevice.listen()
  await screen.connect('TCP client', { Host: '127.0.0.1', Port: String(device.port) })
  await screen.expectConnected()
  device.send(interleaved())
  await expect(screen.list.locator('[data-message]')).toHaveCount(2)

  await screen.list.focus()
  await app.keyboard.press('Control+/')
  await app.keyboard.type('chunk.size >= 30')
  await app.keyboard.press('Enter')
  const chunks = screen.list.locator('[data-chunk]')
  await expect(chunks).toHaveCount(3)
  await expect(app.locator('.filter-state')).toContainText('3 chunks of 8 frames')
  await expect(chunks.nth(1)).toContainText('bytes 100 to 200')
  await expect(chunks.nth(2)).toHaveAccessibleName(/cfg\.put chunk 1, 30 bytes/)
  await shot('chunk-rows')

  await chunks.nth(2).click()
  await expect(app.locator('#inspector')).toContainText('cfg.put')
  await expect(chunks.nth(2)).toHaveAttribute('aria-selected', 'true')
  await screen.list.focus()
  await app.keyboard.press('ArrowUp')
  await expect(app.locator('#inspector')).toContainText('fw.write')

  // without it, messages are there again, and the one that was chosen still is
  await app.keyboard.press('Control+/')
  await app.keyboard.press('Control+A')
  await app.keyboard.press('Delete')
  await app.keyboard.press('Enter')
  await expect(screen.list.locator('[data-message]')).toHaveCount(2)
  await expect(screen.list.locator('[data-message][aria-selected="true"]')).toContainText('fw.write')
})
