import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { openPty } from '../src/testing/pty'
import { expect } from './fixtures'
import { test } from './python'
import { TcpDevice } from './tcp-device'

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('nothing is wrong at first; a file with a mistake and a server that is away stand until they are mended', async ({
  view: screen,
  app,
  workspaceDir,
  shot,
}) => {
  await expect(screen.card).toBeVisible()
  await app.keyboard.press('Escape')
  await expect(screen.card).toBeHidden()
  await app.keyboard.press('Control+7')
  const page = app.getByRole('region', { name: 'Problems' })
  await expect(page).toContainText('Nothing is wrong')
  await expect(page).toContainText('bytes without frames')
  await expect(screen.status).toContainText('No problems')
  await shot('none')

  mkdirSync(join(workspaceDir, 'responders'), { recursive: true })
  const file = join(workspaceDir, 'responders', 'mtu.yaml')
  writeFileSync(file, 'route: cfg.get\nanswer: ecco\n')
  const list = page.getByRole('list', { name: 'Problems' })
  const inFile = list.getByRole('listitem').filter({ hasText: 'Mistake in responders/mtu.yaml' })
  await expect(inFile).toContainText('Line 2, column')
  await expect(inFile).toContainText('echo, silence')
  await expect(screen.status).toContainText('1 problem')
  await expect(app.getByRole('button', { name: 'Problems, 1 problem' })).toContainText('1')

  const device = await TcpDevice.listen()
  const { port } = device
  await screen.connect('TCP client', { Host: '127.0.0.1', Port: String(port) })
  await screen.expectConnected()
  await device.close()
  await app.keyboard.press('Control+7')
  const away = list.getByRole('listitem').filter({ hasText: 'Nobody answers at' })
  await expect(away).toContainText(String(port))
  await expect(screen.status).toContainText('2 problems')
  await shot('two')

  const again = await TcpDevice.listen(port)
  await expect(away).toBeHidden()
  await inFile.getByRole('button', { name: 'Open the file' }).click()
  await expect(app.getByRole('form', { name: 'Responder mtu' })).toContainText(
    'answer must be one of echo, silence',
  )
  await app.keyboard.press('Control+7')
  writeFileSync(file, 'route: cfg.get\nanswer: echo\n')
  await expect(inFile).toBeHidden()
  await expect(page).toContainText('Nothing is wrong')
  await again.close()
})

test('bytes without frames stand while they come, and a port that is gone is told', async ({
  view: screen,
  app,
  shot,
}) => {
  const pty = await openPty()
  const list = app.getByRole('list', { name: 'Problems' })
  const problem = (text: string): Locator => list.getByRole('listitem').filter({ hasText: text })
  try {
    await screen.connect('Serial', { Port: pty.path })
    await screen.expectConnected()
    pty.master.write('I am a device that prints text. \r\n'.repeat(20))
    await app.keyboard.press('Control+7')
    await expect(problem('Bytes but no frames')).toContainText('680 B received')
    await expect(problem('Bytes but no frames')).toContainText('0 frames of the dialect lso')
    await shot('no-frames')
  } finally {
    await pty.close()
  }
  await expect(problem('Not there:')).toContainText(pty.path)
  await expect(problem('Bytes but no frames')).toBeHidden()
})
