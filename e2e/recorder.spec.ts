import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { readTrace, recordingPath, recordingsIn, verifyFile } from './recording-files'
import { callFromPage } from './raw-call'
import { Screen } from './screen'

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

const toast = (app: Page, text: string | RegExp) =>
  app.getByRole('group', { name: 'Notice' }).filter({ hasText: text })

test.describe('with the simulated device', () => {
  test.use({ links: ['sim:demo'] })

  test('recording on and off by key: the file has every byte in between and what was done, and verifies', async ({
    app,
    workspaceDir,
    host,
    shot,
  }) => {
    const screen = new Screen(app)
    await screen.expectRow({ route: 'telemetry.imu' })
    const title = app.getByRole('banner')
    await expect(title.getByRole('button', { name: 'Record', exact: true })).toHaveAttribute(
      'aria-pressed',
      'false',
    )
    await app.keyboard.press('Control+Shift+r')
    const running = title.getByRole('button', { name: /^Stop recording: 00:00:\d\d, / })
    await expect(running).toBeVisible()
    await expect
      .poll(() => recordingsIn(workspaceDir))
      .toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d-\d\d-\d\d demo\.mcap\.part$/)])
    await screen.send({ route: 'echo', body: '{}' })
    await screen.expectRow({ route: 'echo', dir: 'received', status: 'ok' })
    await callFromPage(host, 'note.set', { kind: 'marker', atMs: 1, messageId: null, text: 'here' })
    await expect(running).toHaveAccessibleName(/: 00:00:(0[2-9]|[1-5]\d), [\d.]+\skB/)
    await expect(screen.status.getByRole('button', { name: /^Recording.*free$/ })).toBeVisible()
    await shot('recording')
    await app.keyboard.press('Control+Shift+r')
    await expect(toast(app, /^Recorded .* demo\.mcap$/)).toBeVisible()
    await shot('recorded')
    await toast(app, /^Recorded/).hover() // it stays while somebody reads it
    const [name, ...others] = recordingsIn(workspaceDir)
    expect(others).toEqual([])
    const path = recordingPath(workspaceDir, name!)
    const { entries, whole, damaged } = await verifyFile(path)
    expect([whole, damaged]).toEqual([true, 0])
    expect(entries).toBeGreaterThan(50)
    const trace = await readTrace(path)
    expect(trace.facts.get('device')).toBe('demo')
    expect(trace.types[0]).toBe('link-state connected') // how all stood when it began
    expect(trace.bytesIn).toBeGreaterThan(1000)
    const told = trace.others.map(({ text }) => text)
    expect(told).toContainEqual(expect.stringContaining('"operation":"draft.send"'))
    expect(told).toContainEqual(expect.stringContaining('"type":"note"'))
    await toast(app, /^Recorded/)
      .getByRole('button', { name: 'Show in library' })
      .click()
    await expect(app.getByRole('tabpanel', { name: 'Library' })).toBeVisible()
  })

  test('the last minutes are saved from memory by key, from the first byte on', async ({
    app,
    workspaceDir,
    shot,
  }) => {
    const screen = new Screen(app)
    await screen.expectRow({ route: 'log.dump' })
    await app.getByRole('button', { name: 'Save from memory' }).click()
    const menu = app.getByRole('menu', { name: 'Save from memory' })
    await expect(menu).toContainText(/Memory reaches back/)
    await expect(menu.getByRole('menuitem')).toHaveText([
      'Save the last 1 minute',
      /Save the last 5 minutes/,
      'Save the last 15 minutes',
      'Show the library',
      'Recording settings…',
    ])
    await shot('memory-menu')
    await app.keyboard.press('Escape')
    await app.keyboard.press('Control+Shift+s')
    await expect(toast(app, /^Saved .* demo\.mcap$/)).toBeVisible()
    const [name] = recordingsIn(workspaceDir)
    const path = recordingPath(workspaceDir, name!)
    expect((await verifyFile(path)).whole).toBe(true)
    const trace = await readTrace(path)
    expect(trace.types.slice(0, 1)).toEqual(['link-state opening'])
    expect(trace.firstInOffset).toBe(0)
    expect(trace.facts.get('origin')).toBe('memory')
  })
})

test('what is connected can be recorded from its first byte by a tick in the card', async ({
  app,
  workspaceDir,
}) => {
  const screen = new Screen(app)
  await screen.card.getByRole('checkbox', { name: 'Record from the first byte' }).check()
  await screen.tabTo('Serial')
  await app.keyboard.press('ArrowLeft')
  await screen.tabTo('Connect')
  await app.keyboard.press('Enter')
  await screen.expectConnected()
  await screen.expectRow({ route: 'telemetry.imu' })
  await app.getByRole('button', { name: /^Stop recording/ }).click()
  await expect(toast(app, /^Recorded /)).toBeVisible()
  const [name] = recordingsIn(workspaceDir)
  const trace = await readTrace(recordingPath(workspaceDir, name!))
  expect(trace.types[0]).toBe('link-state opening')
  expect(trace.firstInOffset).toBe(0)
})

test('a profile that is recorded has its first byte, and its recording ends with its link', async ({
  app,
  workspaceDir,
}) => {
  mkdirSync(join(workspaceDir, 'profiles'), { recursive: true })
  writeFileSync(
    join(workspaceDir, 'profiles', 'demo.profile'),
    'name = Bench\nurl = sim:demo\nrecord = yes\n',
  )
  const screen = new Screen(app)
  await screen.tabTo('Serial')
  await app.keyboard.press('ArrowLeft')
  await screen.tabTo('Connect')
  await app.keyboard.press('Enter')
  await screen.expectConnected()
  await expect(app.getByRole('button', { name: /^Stop recording/ })).toBeVisible()
  await screen.expectRow({ route: 'telemetry.imu' })
  await screen.linkButton.click()
  await app
    .getByRole('button', { name: 'Disconnect' })
    .or(app.getByRole('menuitem', { name: /Disconnect/ }))
    .first()
    .click()
  await expect(toast(app, /^Recorded /)).toBeVisible()
  const [name] = recordingsIn(workspaceDir)
  const trace = await readTrace(recordingPath(workspaceDir, name!))
  expect(trace.types[0]).toBe('link-state opening')
  expect(trace.firstInOffset).toBe(0)
  expect(trace.types.at(-1)).toBe('link-state closed')
  expect(trace.facts.get('profile')).toBe('Bench')
})

test('what is chosen about recordings holds for the next one', async ({ app, workspaceDir, shot }) => {
  const screen = new Screen(app)
  await screen.card.waitFor()
  await app.keyboard.press('Escape')
  await app.getByRole('button', { name: 'Save from memory' }).click()
  await app.getByRole('menuitem', { name: 'Recording settings…' }).click()
  const settings = app.getByRole('dialog', { name: 'Settings' })
  const pattern = settings.getByRole('textbox', { name: 'Names of recordings' })
  await pattern.fill('run {nothing}')
  await expect(settings).toContainText('{nothing} is not known.')
  await pattern.fill('run ../{device}')
  await shot('recording-settings')
  await app.keyboard.press('Escape')
  await expect
    .poll(async () => {
      await app.keyboard.press('Control+Shift+r')
      await expect(app.getByRole('button', { name: /^Stop recording/ })).toBeVisible()
      await app.keyboard.press('Control+Shift+r')
      await expect(app.getByRole('button', { name: 'Record', exact: true })).toBeVisible()
      return recordingsIn(workspaceDir)
    })
    .toContain('run ..-session.mcap')
})
