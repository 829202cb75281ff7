import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { utf8 } from '../src/shared/bytes'
import { type Listening, listen } from '../src/main/library/connect'
import { junitProblems } from '../src/testing/junit-shape'
import { expect, test } from './fixtures'
import { OUT_DIR } from './paths'
import { callFromPage } from './raw-call'
import { recordingsIn } from './recording-files'
import { Screen } from './screen'

const run = promisify(execFile)

test.use({ links: ['sim:demo?baud=921600'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

/** A device that adds wrongly. */
const wrongDevice = (): Promise<Listening> =>
  listen('tcp-listen://127.0.0.1:0', {
    onPeer: (link) => link.stack.onUnrouted(() => ({ body: utf8('{"sum":6}') })),
  })

test('an exchange of a recording becomes a check that CI runs', async ({ app, host, workspaceDir, shot }) => {
  const screen = new Screen(app)
  await screen.expectConnected()
  await callFromPage(host, 'recorder.start', { name: 'adds' })
  await screen.send({ route: 'add', body: '{"a":2,"b":3}' })
  await expect(async () => expect((await screen.rowsOf('add')).length).toBeGreaterThanOrEqual(2)).toPass()
  await callFromPage(host, 'recorder.stop', {})
  await expect.poll(() => recordingsIn(workspaceDir)).toEqual(['adds.mcap'])

  await app.keyboard.press('Control+8')
  const table = app.getByRole('grid', { name: 'Recordings' })
  await table.getByRole('row').filter({ hasText: 'adds' }).dblclick()
  await expect(app.getByRole('grid', { name: /messages/i }).first()).toBeVisible()
  await expect.poll(async () => (await screen.rowsOf('add')).length).toBe(2)
  const [request] = await screen.rowsOf('add')
  await screen.select(request!.id)
  await app.keyboard.press('Control+k')
  await app.getByRole('dialog', { name: 'Commands' }).getByRole('combobox').fill('make a check')
  await app.keyboard.press('Enter')
  const dialog = app.getByRole('dialog', { name: 'Make a check of this' })
  await expect(dialog.getByLabel('The snippet that is saved')).toContainText('check: body.sum == 5')
  await shot('check-dialog')
  await dialog.getByRole('button', { name: 'Save the check' }).click()
  await expect(dialog).toBeHidden()

  const cli = `${OUT_DIR}/cli/netcore.js`
  const report = join(workspaceDir, 'report.xml')
  const words = ['run', 'add', '--workspace', workspaceDir, '--junit', report]
  await run(process.execPath, [cli, ...words, 'sim:demo?baud=921600'])
  expect(junitProblems(readFileSync(report, 'utf8'))).toEqual([])

  const wrong = await wrongDevice()
  const failed = await run(process.execPath, [cli, ...words, wrong.peerUrl]).catch((error: unknown) => error)
  await wrong.close()
  expect(failed).toMatchObject({ code: 5 })
  expect(readFileSync(report, 'utf8')).toContain('body.sum is 6')
})
