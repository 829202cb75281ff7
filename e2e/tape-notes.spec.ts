import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { simulatedRecording } from '../src/testing/simulated-recording'
import { expect, test } from './fixtures'
import { recordingPath } from './recording-files'
import { Screen } from './screen'

test.use({ links: ['sim:demo'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('notes and markers are put on a recording, stand beside it and are there when it is opened again', async ({
  app,
  workspaceDir,
  shot,
}) => {
  const path = recordingPath(workspaceDir, 'boot.mcap')
  mkdirSync(dirname(path), { recursive: true })
  const bytes = await simulatedRecording({ lengthMs: 2000 })
  writeFileSync(path, bytes)
  const screen = new Screen(app)
  const open = async (): Promise<void> => {
    await app.keyboard.press('Control+8')
    await app.getByRole('grid', { name: 'Recordings' }).getByRole('row').filter({ hasText: 'boot' }).click()
    await app.keyboard.press('Enter')
    await expect(app.getByRole('region', { name: 'Transport' })).toBeVisible()
  }
  await open()
  await screen.row(2).click()
  await app.keyboard.press('m')
  await expect(app.getByRole('region', { name: 'Transport' })).toContainText('2 markers')
  await app.keyboard.press('ArrowDown')
  await app.keyboard.press('Shift+M')
  await app.keyboard.type('it stalls here')
  await app.keyboard.press('Enter')
  await expect(screen.row(3)).toContainText('it stalls here')
  await shot('notes')
  const sidecar = recordingPath(workspaceDir, 'boot.yaml')
  await expect
    .poll(() => readFileSync(sidecar, 'utf8'))
    .toMatch(/^marks:\n {2}- \d+(\.\d+)? marker on 1\/\d+\n {2}- .* \| it stalls here\n$/)
  expect(readFileSync(path).equals(bytes)).toBe(true) // the recording itself is as it was

  await app.reload()
  await expect(screen.row(3)).toContainText('it stalls here')
  await screen.row(2).click()
  await app.keyboard.press('m')
  await expect.poll(() => readFileSync(sidecar, 'utf8')).not.toContain('marker')
  await app.keyboard.press('Control+8')
  await app.getByRole('grid', { name: 'Recordings' }).getByRole('row').filter({ hasText: 'boot' }).click()
  await expect(app.getByRole('button', { name: /it stalls here/ })).toBeVisible() // among its moments
})
