import AxeBuilder from '@axe-core/playwright'
import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { FileSource } from '../src/main/recording/read/byte-source'
import { RecordingTrace } from '../src/main/recording/read/recording-trace'
import { loadDecompress } from '../src/main/recording/read/unpack-block'
import { writeBusyRecording } from './busy-recording'
import { expect, test } from './fixtures'
import { callFromPage } from './raw-call'
import { recordingPath, recordingsIn } from './recording-files'
import { Screen } from './screen'

const SECRET = 'hunter2-of-the-rig'

test.use({ links: ['sim:demo'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

/** Whether a text stands anywhere in a recording: in the file as it is, or in what its blocks hold when they are unpacked. */
async function holds(path: string, text: string): Promise<boolean> {
  if (readFileSync(path).includes(text)) return true
  const source = await FileSource.open(path)
  try {
    for await (const { entry } of new RecordingTrace(source, await loadDecompress()).entries())
      if (Buffer.from(entry.data).includes(text)) return true
    return false
  } finally {
    await source.close()
  }
}

function libraryOf(app: Page): { table: Locator; row: (name: string) => Locator } {
  const table = app.getByRole('grid', { name: 'Recordings' })
  const row = (name: string): Locator =>
    table.getByRole('row').filter({ has: app.getByText(name, { exact: true }) })
  return { table, row }
}

/** Pictures of the dialog in both themes, and nothing that somebody who does not see would miss. */
async function look(app: Page, shot: (name: string) => Promise<void>, name: string): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    // the button of the theme lies under the dialog
    await app.locator('html').evaluate((root, to) => root.setAttribute('data-theme', to), theme)
    await shot(`${name}-${theme}`)
    const { violations } = await new AxeBuilder({ page: app })
      .include('.convert')
      .setLegacyMode(true)
      .analyze()
    expect(
      violations.map(({ id, nodes }) => `${id} ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
    ).toEqual([])
  }
}

test('a recording is redacted by keys alone: what it would mask is counted, and the secret is gone from the new file', async ({
  app,
  host,
  workspaceDir,
  shot,
}) => {
  const screen = new Screen(app)
  await screen.expectConnected()
  await callFromPage(host, 'recorder.start', { name: 'session' })
  await screen.send({ route: 'add', body: `{"a":1,"b":2,"password":"${SECRET}"}` })
  const path = recordingPath(workspaceDir, 'session.mcap')
  await screen.expectRow({ route: 'add' })
  await callFromPage(host, 'recorder.stop', {})
  await expect.poll(() => recordingsIn(workspaceDir)).toEqual(['session.mcap'])
  expect(await holds(path, SECRET)).toBe(true)

  await app.keyboard.press('Control+8')
  const { table, row } = libraryOf(app)
  await row('session').click()
  await expect(app.getByRole('complementary', { name: 'Recording' })).toContainText('Whole')
  await table.focus()
  await app.keyboard.press('x')
  const dialog = app.getByRole('dialog', { name: 'Redact session.mcap' })
  const rules = dialog.getByRole('textbox', { name: 'Rules' })
  await expect(rules).toBeFocused()
  await expect(dialog).toContainText('The workspace has no redact.yaml')
  await rules.fill('rules:\n  - route: 5\n')
  await expect(dialog.getByRole('alert')).toContainText('rules:2:')
  await shot('redact-wrong')
  await rules.fill(
    'rules:\n  - route: add\n    body: [password]\n  - pattern: "hunter2"\n  - route: auth.*\n    body: all\n',
  )
  const counts = dialog.getByRole('region', { name: 'What would be masked' }).getByRole('listitem')
  await expect(counts.nth(0)).toContainText(/body: password\s*\d+ message/)
  await expect(counts.nth(2)).toContainText('no message')
  await look(app, shot, 'redact')
  await rules.focus()
  await app.keyboard.press('Control+Enter')
  await expect(dialog.getByRole('status')).toHaveText(/^Redacted \d+ entries$/)
  await look(app, shot, 'redact-done')
  await expect(row('session-redacted')).toHaveAttribute('aria-selected', 'true')
  await app.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(table).toBeFocused()
  expect(recordingsIn(workspaceDir)).toEqual(['session-redacted.mcap', 'session.mcap'])
  expect(await holds(recordingPath(workspaceDir, 'session-redacted.mcap'), SECRET)).toBe(false)
  expect(await holds(path, SECRET)).toBe(true)
})

test('a recording is trimmed to the times that were typed, and an open one to its loop A–B', async ({
  app,
  host,
  workspaceDir,
  shot,
}) => {
  await new Screen(app).expectConnected()
  await writeBusyRecording(recordingPath(workspaceDir, 'boot.mcap'))
  const lengthMs = async (recording: string): Promise<number> =>
    (await callFromPage(host, 'library.detail', { recording })).detail.row.lengthMs
  await app.keyboard.press('Control+8')
  const { row } = libraryOf(app)
  await row('boot').click({ button: 'right' })
  await app.getByRole('menuitem', { name: /^Trim…/ }).click()
  const dialog = app.getByRole('dialog', { name: 'Trim boot.mcap' })
  const [from, to] = [
    dialog.getByRole('textbox', { name: 'From' }),
    dialog.getByRole('textbox', { name: 'To' }),
  ]
  await expect(from).toBeFocused()
  await expect(from).toHaveValue('00:00.000')
  await from.fill('00:03.100')
  await to.fill('00:02.600')
  await expect(dialog.getByRole('alert')).toHaveText('To has to come after From.')
  await from.fill('2s 600ms')
  await to.fill('00:03.100')
  await expect(dialog.getByRole('status')).toContainText('Keeps 00:00.500 of 00:07')
  await look(app, shot, 'trim')
  await to.press('Enter')
  await expect(dialog.getByRole('status')).toHaveText(/^Trimmed to \d+ entries$/)
  await expect(row('boot part')).toHaveAttribute('aria-selected', 'true')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect.poll(() => lengthMs('boot part.mcap')).toBeGreaterThan(400)
  expect(await lengthMs('boot part.mcap')).toBeLessThanOrEqual(500)

  await row('boot').dblclick()
  const bar = app.getByRole('region', { name: 'Transport' })
  await expect(bar.getByRole('slider', { name: 'Position in the recording' })).toBeVisible()
  await app.keyboard.press('Alt+r')
  await expect(bar.getByRole('button', { name: 'Loop A–B' })).toHaveAttribute('aria-pressed', 'true')
  await shot('tape-loop')
  await bar.getByRole('button', { name: 'Trim…' }).click()
  await expect(dialog.getByRole('status')).toContainText(/^Keeps 00:00\.70\d of /)
  await app.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Show in the library' }).click()
  await expect(row('boot part (2)')).toHaveAttribute('aria-selected', 'true')
  // a tenth from where the recording begins: how its link stood, and nothing else
  await expect.poll(() => recordingsIn(workspaceDir)).toContain('boot part (2).mcap')
})
