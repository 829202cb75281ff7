import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Locator, Page } from '@playwright/test'
import { recordWithSimulator, writeRecording } from '../src/testing/replay-bench'
import { expect, test } from './fixtures'
import { OUT_DIR } from './paths'
import { NetcoreListen } from './netcore-listen'
import { recordingPath, recordingsIn, verifyFile } from './recording-files'
import { Screen } from './screen'

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

/** Three requests and their answers. */
async function record(workspaceDir: string, name: string): Promise<void> {
  mkdirSync(recordingPath(workspaceDir, '..'), { recursive: true })
  const kept = await recordWithSimulator('baud=921600&seed=5', async (link) => {
    for (const word of ['one', 'two', 'three']) {
      await link.request({ route: 'echo', body: new TextEncoder().encode(word) }).answer
    }
  })
  await writeRecording(recordingPath(workspaceDir, name), kept, 'sim:demo?baud=921600')
}

interface Replay {
  readonly controls: Locator
  readonly run: Locator
  readonly panel: Locator
}

async function openRecording(app: Page, name: string): Promise<Replay> {
  await app.keyboard.press('Control+8')
  await app
    .getByRole('grid', { name: 'Recordings' })
    .getByRole('row')
    .filter({ hasText: name.replace('.mcap', '') })
    .click()
  await app.keyboard.press('Enter')
  const controls = app.getByRole('group', { name: 'Replay', exact: true })
  await expect(controls).toBeVisible()
  const status = app.getByRole('contentinfo', { name: 'Status' })
  return {
    controls,
    run: status.getByRole('button', { name: /^Run/ }),
    panel: app.getByRole('dialog', { name: 'The run and what it found' }),
  }
}

test.describe('to the simulator', () => {
  test.use({ links: ['sim:demo'] })

  test('the same recording gives the same hash again, and a recording of the run', async ({
    app,
    workspaceDir,
    shot,
  }) => {
    await record(workspaceDir, 'boot.mcap')
    await new Screen(app).expectConnected()
    const { controls, run, panel } = await openRecording(app, 'boot.mcap')
    await expect(controls.getByRole('button')).toHaveCount(0) // view only
    await controls.getByRole('radio', { name: 'Simulator' }).click()
    const hashes: string[] = []
    for (const runName of ['boot run.mcap', 'boot run (2).mcap']) {
      await controls.getByRole('button', { name: 'Start run' }).click()
      await expect.poll(() => recordingsIn(workspaceDir)).toContain(runName)
      await expect(run).toHaveText(/^Run[0-9a-f]{4}·[0-9a-f]{4}$/)
      await run.click()
      await expect(panel).toContainText('3 of 3')
      await expect(panel).toContainText('None')
      hashes.push((await panel.locator('.run-hash').allTextContents()).join(' '))
      await shot(`done-${hashes.length}`)
      await app.keyboard.press('Escape')
      await expect(panel).toBeHidden()
    }
    expect(hashes[0]).toMatch(/^[0-9a-f]{64} [0-9a-f]{64}$/)
    expect(hashes[1]).toBe(hashes[0])
    expect(await verifyFile(recordingPath(workspaceDir, 'boot run.mcap'))).toMatchObject({ whole: true })
  })
})

test('to a device only after yes, step by step, and what differs is told', async ({
  app,
  workspaceDir,
  shot,
}) => {
  await record(workspaceDir, 'boot.mcap')
  const device = await NetcoreListen.start('dialect=lso', '')
  try {
    const screen = new Screen(app)
    await screen.connect('TCP client', { Host: '127.0.0.1', Port: `${device.port}` })
    await screen.expectConnected()
    const { controls, run, panel } = await openRecording(app, 'boot.mcap')
    await controls.getByRole('radio', { name: 'Step' }).click()
    await controls.getByRole('radio', { name: 'Device' }).click()
    const ask = async (): Promise<Locator> => {
      await controls.getByRole('button', { name: 'Start run' }).click()
      await app.getByRole('menu', { name: 'Send to' }).getByRole('menuitem').first().click()
      return app.getByRole('alertdialog', { name: /^Send 3 messages to/ })
    }
    const first = await ask()
    await expect(first.getByRole('button', { name: 'Send nothing' })).toBeFocused()
    await shot('confirm')
    await app.keyboard.press('Escape')
    await expect(run).toContainText('0 of 3')
    const second = await ask()
    await second.getByRole('button', { name: 'Send 3 messages' }).click()
    for (const sent of [1, 2, 3]) {
      await expect(run).toContainText(`${sent - 1} of 3`)
      await controls.getByRole('button', { name: 'Next' }).click()
    }
    await expect(run).toHaveText(/^Run[0-9a-f]{4}·[0-9a-f]{4}$/)
    await run.click()
    await expect(panel).toContainText('3 of 3')
    await panel.getByRole('button', { name: 'Watch it live' }).click()
    await expect(screen.list.getByRole('row').filter({ hasText: 'three' }).first()).toBeVisible()
  } finally {
    await device.stop()
  }
})

test('as the device at a serial port made for it, which is named where the run is shown', async ({
  app,
  workspaceDir,
  shot,
}) => {
  await record(workspaceDir, 'boot.mcap')
  await new Screen(app).card.waitFor()
  await app.keyboard.press('Escape')
  const { controls, run, panel } = await openRecording(app, 'boot.mcap')
  await controls.getByRole('radio', { name: 'Device' }).click()
  await controls.getByRole('button', { name: 'Start run' }).click()
  await app
    .getByRole('menu', { name: 'Send to' })
    .getByRole('menuitem', { name: /^At a serial port made for it/ })
    .click()
  await expect(run).toContainText('/dev/')
  const path = /\/dev\/[\w/]+/.exec((await run.textContent()) ?? '')![0]
  await run.click()
  await expect(panel).toContainText(`The host opens${path}`)
  await shot('port')
  for (const word of ['one', 'two', 'three']) {
    const words = [`${OUT_DIR}/cli/netcore.js`, 'send', `serial:${path}`, 'echo', '--text', word]
    expect((await promisify(execFile)(process.execPath, words)).stdout).toBe(word)
  }
  await expect(panel).toContainText('Done')
  await expect(panel).toContainText('Came as recorded3')
})

test('as the device a host gets the recorded answers, and what it asked otherwise is told', async ({
  app,
  workspaceDir,
  shot,
}) => {
  await record(workspaceDir, 'boot.mcap')
  const screen = new Screen(app)
  await screen.card.waitFor()
  await app.keyboard.press('Escape')
  const { controls, run, panel } = await openRecording(app, 'boot.mcap')
  await app.getByRole('button', { name: 'Switch to the dark theme' }).click()
  await controls.getByRole('radio', { name: 'Device' }).click()
  await controls.getByRole('button', { name: 'Start run' }).click()
  const menu = app.getByRole('menu', { name: 'Send to' })
  await expect(menu.getByRole('menuitem', { name: 'No device is connected' })).toBeDisabled()
  await shot('menu')
  await menu.getByRole('menuitem', { name: /^Listen/ }).click()
  await run.click()
  const port = async (): Promise<string> =>
    /127\.0\.0\.1:(\d+)/.exec((await panel.textContent()) ?? '')?.[1] ?? '0'
  await expect.poll(port).not.toBe('0')
  const url = `tcp://127.0.0.1:${await port()}`
  const answers: string[] = []
  for (const word of ['one', 'four', 'three']) {
    const words = [`${OUT_DIR}/cli/netcore.js`, 'send', url, 'echo', '--text', word]
    answers.push((await promisify(execFile)(process.execPath, words)).stdout)
  }
  expect(answers).toEqual(['one', 'two', 'three'])
  await expect(panel).toContainText('Done')
  await expect(panel.getByRole('listitem')).toHaveText(/Changedecho4 bytes instead of 3/)
  await shot('differences')
})
