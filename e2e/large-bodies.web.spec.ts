import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { utf8 } from '../src/shared/bytes'
import { expect, test } from './fixtures'
import { Screen } from './screen'
import { message, TcpDevice } from './tcp-device'

/** Above what stays in memory. */
const LARGE_BYTES = 9 * 1024 * 1024

test('a body that passed through a file shows its beginning, and says so', async ({
  app,
  workspaceDir,
  shot,
}) => {
  const device = await TcpDevice.listen()
  const screen = new Screen(app)
  await screen.connect('TCP client', { Port: String(device.port) })
  await screen.expectConnected()

  device.send(message('small1', { route: 'log.small' }, utf8('all of it')))
  device.send(message('large1', { route: 'log.large' }, utf8('0123456789abcdef'.repeat(LARGE_BYTES / 16))))
  const { id, sizeBytes } = await screen.expectRow({ route: 'log.large', status: 'ok' })
  expect(sizeBytes).toBe(LARGE_BYTES)
  await screen.select(id)
  await shot('large-summary')
  for (const tab of ['JSON', 'Text'] as const) {
    await expect(await screen.openTab(tab)).toContainText('Only the first 65.5')
  }
  const hex = await screen.openTab('Hex')
  await expect(hex).toContainText('Only the first 65.5')
  await expect(hex).toContainText('30 31 32 33 34 35 36 37')
  await shot('large-hex')

  await screen.select((await screen.expectRow({ route: 'log.small' })).id)
  await expect(await screen.openTab('Hex')).not.toContainText('Only the first')

  // Nobody asked for the rest, so it is gone already; only the folder is there until the program ends.
  const folders = readdirSync(join(workspaceDir, 'bodies'))
  expect(folders).toHaveLength(1)
  await expect.poll(() => readdirSync(join(workspaceDir, 'bodies', folders[0]!))).toEqual([])
  await device.close()
})
