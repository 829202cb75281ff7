import AxeBuilder from '@axe-core/playwright'
import { execFile } from 'node:child_process'
import { readFileSync, readdirSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { OUT_DIR } from './paths'
import { callFromPage } from './raw-call'
import { recordingPath, recordingsIn } from './recording-files'
import { Screen } from './screen'

const run = promisify(execFile)
const CLI = `${OUT_DIR}/cli/netcore.js`

test.use({ links: ['sim:demo'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

async function recordBeside(workspaceDir: string, name: string, ms: number): Promise<string> {
  mkdirSync(join(workspaceDir, 'recordings'), { recursive: true })
  const path = recordingPath(workspaceDir, name)
  await run(process.execPath, [CLI, 'record', 'sim:demo?baud=921600', '-o', path, '--duration', `${ms}`])
  return path
}

async function entriesIn(path: string): Promise<number> {
  const { stdout } = await run(process.execPath, [CLI, 'verify', path, '--jsonl'])
  return (JSON.parse(stdout.trim()) as { entries: number }).entries
}

/** Opens the menu of a recording in the library by keys and chooses Export. */
async function openExport(app: Page, name: string): Promise<Locator> {
  await new Screen(app).expectConnected()
  await app.keyboard.press('Control+8')
  const row = app.getByRole('grid', { name: 'Recordings' }).getByRole('row').filter({ hasText: name })
  await row.click({ button: 'right' })
  await app.getByRole('menuitem', { name: 'Export…' }).click()
  return app.getByRole('dialog', { name: /^Export / })
}

async function expectAccessible(app: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page: app }).include('.convert').setLegacyMode(true).analyze()
  expect(
    violations.map(({ id, nodes }) => `${id} ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
  ).toEqual([])
}

test('a recording is exported as JSON lines, saved, and brought in again with as many entries', async ({
  app,
  workspaceDir,
  shot,
}) => {
  const path = await recordBeside(workspaceDir, 'boot.mcap', 2000)
  const dialog = await openExport(app, 'boot')
  await shot('export-dialog')
  await expectAccessible(app)
  await dialog.getByRole('radio', { name: /^JSON lines/ }).check()
  await dialog.getByRole('button', { name: /^Export/ }).click()
  await expect(dialog.getByRole('status')).toHaveText(/^Exported /)
  await shot('export-done')
  const made = join(workspaceDir, 'exports', 'boot.jsonl')
  const lines = readFileSync(made, 'utf8').trimEnd().split('\n')
  const entries = await entriesIn(path)
  expect(lines.length - 1).toBe(entries)
  const save = dialog.getByRole('button', { name: 'Save boot.jsonl' })
  let file = made
  if (await save.isVisible()) {
    const [download] = await Promise.all([app.waitForEvent('download'), save.click()])
    file = (await download.path())!
    expect(readFileSync(file).equals(readFileSync(made))).toBe(true)
  }
  await dialog.getByRole('button', { name: 'Close' }).click()

  await app.getByRole('button', { name: 'Import…' }).click()
  const bring = app.getByRole('dialog', { name: 'Import a file' })
  await expectAccessible(app)
  await bring.locator('input[type=file]').setInputFiles({
    name: 'again.jsonl',
    mimeType: 'application/jsonl',
    buffer: readFileSync(file),
  })
  await shot('import-dialog')
  await bring.getByRole('button', { name: /^Import/ }).click()
  await expect(bring.getByRole('status')).toHaveText(/^Imported /)
  await bring.getByRole('button', { name: 'Show in the library' }).click()
  await expect(app.getByRole('row').filter({ hasText: 'again' })).toBeVisible()
  expect(await entriesIn(recordingPath(workspaceDir, 'again.mcap'))).toBe(entries)
})

test('a filter is honoured, an import is cancelled, and what cannot be brought in says why and leaves nothing', async ({
  app,
  host,
  workspaceDir,
}) => {
  await recordBeside(workspaceDir, 'boot.mcap', 2500)
  const dialog = await openExport(app, 'boot')
  await dialog.getByRole('radio', { name: /^Table/ }).check()
  await dialog.getByRole('textbox', { name: 'Filter' }).fill('msg.route ===')
  await app.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByRole('textbox', { name: 'Filter' }).fill('msg.route == "telemetry.imu"')
  await app.keyboard.press('Enter')
  await expect(dialog.getByRole('status')).toHaveText(/^Exported /)
  const rows = readFileSync(join(workspaceDir, 'exports', 'boot.csv'), 'utf8')
    .trimEnd()
    .split('\r\n')
    .slice(1)
  expect(rows.length).toBeGreaterThan(2)
  expect(rows.every((row) => row.includes(',telemetry.imu,'))).toBe(true)
  await app.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  // one whose file never comes as a whole
  const { id } = await callFromPage(host, 'import.begin', { name: 'x.jsonl', byteCount: 10, dialect: '' })
  await callFromPage(host, 'export.cancel', { id })
  await app.getByRole('button', { name: 'Import…' }).click()
  const bring = app.getByRole('dialog', { name: 'Import a file' })
  const files = bring.locator('input[type=file]')
  await files.setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('no') })
  await expect(bring.getByRole('alert')).toContainText('its ending is not known')
  await files.setInputFiles({
    name: 'a.pcapng',
    mimeType: 'text/plain',
    buffer: Buffer.from('this is no pcapng'),
  })
  await bring.getByRole('button', { name: /^Import/ }).click()
  await expect(bring.getByRole('alert')).toContainText('does not begin as a pcapng file')
  expect(recordingsIn(workspaceDir)).toEqual(['boot.mcap'])
  expect(
    readdirSync(join(workspaceDir, 'recordings')).filter((name) => name.startsWith('.incoming')),
  ).toEqual([])
})
