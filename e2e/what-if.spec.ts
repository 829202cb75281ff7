import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { writeBusyRecording } from './busy-recording'
import { expect, test } from './fixtures'
import { OUT_DIR } from './paths'
import { recordingPath } from './recording-files'

const run = promisify(execFile)

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('says what other settings would have changed, as the command line does', async ({
  app,
  workspaceDir,
  shot,
}) => {
  const path = recordingPath(workspaceDir, 'busy-line.mcap')
  await writeBusyRecording(path, { pollPriority: 5, seconds: 4 })
  await expect(app.getByRole('dialog', { name: 'Connect to a device' })).toBeVisible()
  await app.keyboard.press('Escape')
  const tab = app.getByRole('tab', { name: 'What if' })
  await expect(async () => {
    await app.keyboard.press('Control+8')
    await expect(tab).toBeVisible({ timeout: 1000 })
  }).toPass()
  await tab.click()
  await app.getByRole('button', { name: 'busy-line.mcap' }).press('Enter')
  const found = app.getByRole('region', { name: 'What if' }).getByRole('status').first()
  await expect(found).toContainText('Nothing is changed', { timeout: 15_000 })
  await expect(app.getByText('recorded: 115200')).toBeVisible()
  await shot('as-recorded')

  await app.getByRole('combobox', { name: 'Largest chunk' }).fill('96')
  await app.getByRole('combobox', { name: 'Priority of status.get' }).selectOption('0')
  await expect(found).toContainText('With chunks of 96 bytes', { timeout: 15_000 })
  await expect(found).toContainText('status.get at priority 0')
  const args = ['what-if', path, '--chunk', '96', '--priority', 'status.get=0', '--jsonl']
  const { stdout } = await run(process.execPath, [`${OUT_DIR}/cli/netcore.js`, ...args])
  const said = JSON.parse(stdout) as { sentence: string; messages: number }
  await expect(found).toHaveText(said.sentence)

  const grid = app.getByRole('grid', { name: 'Messages, recorded and predicted' })
  await expect(grid).toHaveAttribute('aria-rowcount', String(said.messages + 1))
  await app.getByRole('button', { name: 'Order by change of the wait' }).click()
  await grid.focus()
  await app.keyboard.press('End')
  await expect(grid.getByRole('row', { selected: true })).toContainText('status.get')
  await app.emulateMedia({ colorScheme: 'light' })
  await shot('chunks-light')
  await app.emulateMedia({ colorScheme: 'dark' })
  await shot('chunks-dark')

  await app.getByRole('combobox', { name: 'Baud' }).fill('9600')
  await expect(found).toContainText('At 9600 baud', { timeout: 15_000 })
  await app.getByRole('button', { name: 'As recorded' }).click()
  await expect(found).toContainText('Nothing is changed', { timeout: 15_000 })

  // a part of the recording, as the command line takes it
  await app.getByRole('combobox', { name: 'To', exact: true }).fill('4000')
  const part = await run(process.execPath, [
    `${OUT_DIR}/cli/netcore.js`,
    ...['what-if', path, '--to', '4000', '--chunk', '96', '--jsonl'],
  ])
  const { messages } = JSON.parse(part.stdout) as { messages: number }
  expect(messages).toBeLessThan(said.messages)
  await expect(grid).toHaveAttribute('aria-rowcount', String(messages + 1), { timeout: 15_000 })
  await shot('span')
})
