import AxeBuilder from '@axe-core/playwright'
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { OUT_DIR } from './paths'
import { callFromPage } from './raw-call'
import { recordingPath, recordingsIn } from './recording-files'
import { Screen } from './screen'

const run = promisify(execFile)

test.use({ links: ['sim:demo'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

/** Records the simulated device with the built `netcore record`, as a script beside the program would. */
async function recordBeside(workspaceDir: string, name: string, ms: number): Promise<string> {
  mkdirSync(join(workspaceDir, 'recordings'), { recursive: true })
  const path = recordingPath(workspaceDir, name)
  const words = ['record', 'sim:demo?name=rig-3', '-o', path, '--duration', `${ms}`]
  await run(process.execPath, [`${OUT_DIR}/cli/netcore.js`, ...words])
  return path
}

async function openLibrary(
  app: Page,
): Promise<{ table: Locator; side: Locator; row: (name: string) => Locator }> {
  await new Screen(app).expectConnected()
  await app.keyboard.press('Control+8')
  const table = app.getByRole('grid', { name: 'Recordings' })
  const row = (name: string): Locator => table.getByRole('row').filter({ hasText: name })
  return { table, side: app.getByRole('complementary', { name: /^(Recording|Trash|Retention)$/ }), row }
}

/** Nothing serious for people who do not see, or do not use a mouse. */
async function expectAccessible(app: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page: app })
    .include('.recordings-page')
    .setLegacyMode(true)
    .analyze()
  const found = violations
    .filter(
      ({ id, impact }) =>
        id !== 'scrollable-region-focusable' && ['serious', 'critical'].includes(`${impact}`),
    )
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, any }) => `${id} ${target.join(' ')} ${any[0]?.message ?? ''}`),
    )
  expect(found).toEqual([])
}

test('recordings appear by themselves, are found, tagged, renamed, removed and had back by keys alone', async ({
  app,
  workspaceDir,
  shot,
}) => {
  const { table, side, row } = await openLibrary(app)
  await expect(app.getByText('Nothing recorded yet.')).toBeVisible()
  await shot('empty')
  await Promise.all([
    recordBeside(workspaceDir, 'boot-0412.mcap', 1500),
    recordBeside(workspaceDir, 'boot-0413.mcap', 2500),
  ])
  await expect(row('boot-0412')).toContainText('rig-3')
  await expect(row('boot-0413')).toContainText('00:0')
  await expect(app.getByText(/^2 recordings, /)).toBeVisible()
  await table.focus()
  await app.keyboard.press('Home')

  const find = app.getByRole('textbox', { name: 'Find in names' })
  await find.fill('telemetry.imu 0412')
  await expect(table.getByRole('row')).toHaveCount(2) // with the heads
  await find.fill('nowhere')
  await expect(app.getByText(/^No recording has “nowhere”/)).toBeVisible()
  await find.fill('0412')
  await find.press('Enter')
  await expect(table).toBeFocused()

  await side.getByRole('combobox', { name: 'Add a tag' }).fill('cold start')
  await app.keyboard.press('Enter')
  await expect(row('boot-0412')).toContainText('cold start')
  await side.getByRole('textbox', { name: 'Note' }).fill('Brown-out after 3 s\nSee the rig book.')
  await app.keyboard.press('Control+Enter')
  const sidecar = (name: string): string => {
    const path = recordingPath(workspaceDir, name)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }
  await expect
    .poll(() => sidecar('boot-0412.yaml'))
    .toBe('tags:\n  - cold start\nnote: |-\n  Brown-out after 3 s\n  See the rig book.\n')

  await table.focus()
  await app.keyboard.press('F2')
  await app.getByRole('dialog', { name: 'New name' }).getByRole('textbox').fill('brown-out')
  await app.keyboard.press('Enter')
  await find.fill('')
  await expect(row('brown-out')).toContainText('cold start')
  expect(recordingsIn(workspaceDir)).toEqual(['boot-0413.mcap', 'brown-out.mcap'])

  await table.focus()
  await expect(row('brown-out')).toHaveAttribute('aria-selected', 'true')
  await app.keyboard.press('p')
  await expect(row('brown-out').getByRole('img', { name: /^Pinned/ })).toBeVisible()
  const screen = new Screen(app)
  for (const theme of ['dark', 'light'] as const) {
    await screen.chooseTheme(theme)
    await shot(`library-${theme}`)
    await expectAccessible(app)
  }
  await table.focus()
  await app.keyboard.press('Delete')
  await expect(row('brown-out')).toHaveCount(0)
  expect(recordingsIn(workspaceDir)).toEqual(['boot-0413.mcap'])
  await app.getByRole('group', { name: 'Notice' }).getByRole('button', { name: 'Undo' }).click()
  await expect(row('brown-out')).toContainText('cold start')
  expect(recordingsIn(workspaceDir)).toEqual(['boot-0413.mcap', 'brown-out.mcap'])
  expect(sidecar('brown-out.yaml')).toContain('pinned: true')

  // an editor beside the program
  writeFileSync(recordingPath(workspaceDir, 'boot-0413.yaml'), 'tags: [from an editor]\n')
  await expect(row('boot-0413')).toContainText('from an editor')
})

test('verify finds damage and where it is, recover saves the rest, retention says first what it would remove', async ({
  app,
  host,
  workspaceDir,
  shot,
}) => {
  const { table, side, row } = await openLibrary(app)
  const path = await recordBeside(workspaceDir, 'field.mcap', 1500)
  const bytes = readFileSync(path)
  const middle = bytes.indexOf('telemetry', bytes.length / 2) // within a block: what stands between them is no entry
  bytes[middle] = bytes[middle]! ^ 0x55
  writeFileSync(path, bytes)
  await expect(row('field').getByRole('img', { name: 'Damaged' })).toBeVisible()
  await row('field').click()
  await table.focus()
  await app.keyboard.press('v')
  await expect(side).toContainText(/\d+ entries can be read, 1 damaged place, the first at byte \d+/)
  await shot('damaged')
  await side.getByRole('button', { name: 'Recover', exact: true }).click()
  await expect(side).toContainText(/field recovered\.mcap: \d+ entries saved; \d+ bytes could not be read/)
  await side.getByRole('button', { name: 'Show it' }).click()
  await expect(side.getByRole('heading', { level: 2 })).toHaveText('field recovered')
  await expect
    .poll(async () => {
      const { detail } = await callFromPage(host, 'library.detail', { recording: 'field recovered.mcap' })
      return [detail.row.state, detail.row.isRecovered, detail.damaged]
    })
    .toEqual(['whole', true, 0])

  await app.getByRole('button', { name: 'Retention' }).click()
  await side.getByRole('textbox', { name: /More than/ }).fill('0.001')
  await expect(side).toContainText('Nothing would be removed now.')
  await expectAccessible(app)
  await shot('retention')
  await side.getByRole('button', { name: 'Switch on' }).click()
  await expect(side.getByRole('button', { name: 'Switch off' })).toBeVisible()
  expect(readFileSync(join(workspaceDir, 'settings', 'screen.yaml'), 'utf8')).toContain(
    'recordings.retention',
  )

  await row('field recovered').click()
  await table.focus()
  await app.keyboard.press('Delete')
  await app.getByRole('button', { name: 'Trash 1' }).click()
  await expect(side.getByRole('button', { name: 'Put back: field recovered.mcap' })).toBeVisible()
  await shot('trash')
  await side.getByRole('button', { name: 'Empty the trash…' }).click()
  await app.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click()
  await expect(side).toContainText('The trash is empty.')
  expect(recordingsIn(workspaceDir)).toEqual(['field.mcap'])
})

test('Enter opens a recording as a source of its own, with its messages in the list', async ({
  app,
  host,
  workspaceDir,
}) => {
  const { table, row } = await openLibrary(app)
  await recordBeside(workspaceDir, 'boot.mcap', 1500)
  await expect(row('boot')).toContainText('rig-3')
  await table.focus()
  await app.keyboard.press('Home')
  await app.keyboard.press('Enter')
  const list = app.getByRole('grid', { name: 'Messages' })
  await expect(list.getByRole('row').filter({ hasText: 'telemetry.imu' }).first()).toBeVisible()
  const { tapes } = await callFromPage(host, 'tape.list', {})
  expect(tapes.map(({ recording }) => recording)).toEqual(['boot.mcap'])
})
