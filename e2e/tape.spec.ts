import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { OUT_DIR } from './paths'
import { recordingPath } from './recording-files'
import { Screen } from './screen'

const run = promisify(execFile)

test.use({ links: ['sim:demo'], motion: 'no-preference' })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

/** Records the simulated device with the built `netcore record`. */
async function record(workspaceDir: string, name: string, ms: number): Promise<void> {
  mkdirSync(recordingPath(workspaceDir, '..'), { recursive: true })
  const words = [
    'record',
    'sim:demo?name=rig-3',
    '-o',
    recordingPath(workspaceDir, name),
    '--duration',
    `${ms}`,
  ]
  await run(process.execPath, [`${OUT_DIR}/cli/netcore.js`, ...words])
}

interface Tape {
  readonly bar: Locator
  readonly slider: Locator
  /** From the beginning, in ms. */
  positionMs(): Promise<number>
  lengthMs(): Promise<number>
}

function tapeOf(app: Page): Tape {
  const bar = app.getByRole('region', { name: 'Transport' })
  const slider = bar.getByRole('slider', { name: 'Position in the recording' })
  const read = async (attribute: string): Promise<number> => Number(await slider.getAttribute(attribute))
  return {
    bar,
    slider,
    positionMs: () => read('aria-valuenow'),
    lengthMs: () => read('aria-valuemax'),
  }
}

/** Opens it from the library, by keys. */
async function openFromLibrary(app: Page, name: string): Promise<void> {
  await app.keyboard.press('Control+8')
  const row = app
    .getByRole('grid', { name: 'Recordings' })
    .getByRole('row')
    .filter({ hasText: name.replace(/\.mcap$/, '') })
  await row.click()
  await app.keyboard.press('Enter')
  await expect(tapeOf(app).slider).toBeVisible()
}

const messagesShown = async (screen: Screen): Promise<number> =>
  Number(
    /Messages\s*([\d\s\u00a0\u202f]+)/
      .exec((await screen.status.textContent()) ?? '')?.[1]
      ?.replace(/\D/g, ''),
  )

test('a recording opens in place of the live session; keys play it, step, loop and lead back', async ({
  app,
  workspaceDir,
  shot,
}) => {
  await record(workspaceDir, 'boot.mcap', 3000)
  const screen = new Screen(app)
  await screen.expectConnected()
  await openFromLibrary(app, 'boot.mcap')
  const tape = tapeOf(app)
  await expect(screen.linkButton).toContainText('boot.mcap')
  await expect(screen.linkButton).toContainText('replay, view only')
  await expect(screen.status).toContainText('Replay')
  await expect(tape.bar.getByRole('status')).toHaveCount(0)
  expect(await tape.lengthMs()).toBeGreaterThan(2000)

  // rows of all of it stand there, figures are as of the playhead
  await tape.slider.focus()
  await app.keyboard.press('Home')
  await expect.poll(() => tape.positionMs()).toBe(0)
  await expect.poll(() => messagesShown(screen)).toBe(0)
  await expect(screen.list.getByRole('row').filter({ hasText: 'telemetry.imu' }).first()).toBeVisible()
  const atStart = await screen.list.locator('.ph-before').getAttribute('data-position')

  // a step goes to the next message, and back
  await app.keyboard.press('ArrowRight')
  await expect.poll(() => tape.positionMs()).toBeGreaterThan(0)
  const first = await tape.positionMs()
  // more than one where a busy machine read several at once
  await expect.poll(() => messagesShown(screen)).toBeGreaterThan(0)
  await expect(screen.list.locator('.ph-before')).not.toHaveAttribute('data-position', atStart ?? '')
  await app.keyboard.press('ArrowRight')
  await expect.poll(() => tape.positionMs()).toBeGreaterThan(first)
  await app.keyboard.press('ArrowLeft')
  await expect.poll(() => tape.positionMs()).toBe(first)

  // a loop between A and B is gone round without being left
  await app.keyboard.press('Shift+ArrowRight')
  await expect.poll(() => tape.positionMs()).toBeGreaterThan(first)
  const from = await tape.positionMs()
  await app.keyboard.press('Alt+a')
  await app.keyboard.press('Shift+ArrowRight')
  await app.keyboard.press('Shift+ArrowRight')
  await expect.poll(() => tape.positionMs()).toBeGreaterThan(from + 200) // both of them
  const to = await tape.positionMs()
  await app.keyboard.press('Alt+b')
  await expect(tape.bar.getByRole('button', { name: 'Loop A–B' })).toHaveAttribute('aria-pressed', 'true')
  await app.keyboard.press(' ')
  await expect(tape.bar.getByRole('button', { name: 'Pause' })).toBeVisible()
  await expect(tape.bar.getByText(/1\.\d\d× measured|0\.9\d× measured/)).toBeVisible()
  for (let look = 0; look < 5; look++) {
    const at = await tape.positionMs()
    expect(at).toBeGreaterThanOrEqual(from)
    expect(at).toBeLessThanOrEqual(to + 1)
  }
  await shot('playing')
  await app.emulateMedia({ reducedMotion: 'reduce' })

  // as fast as possible, out of the loop, to the end
  await app.keyboard.press('Alt+r')
  await tape.bar.getByRole('radio', { name: 'Max' }).click()
  await expect.poll(() => tape.positionMs()).toBe(await tape.lengthMs())
  await expect(tape.bar.getByRole('button', { name: 'Play' })).toBeVisible()
  await expect.poll(() => messagesShown(screen)).toBeGreaterThan(5)

  // nothing can be sent into it
  await expect(screen.composer).toContainText('A recording can only be looked at')
  await app.keyboard.press('Alt+0')
  await expect(tape.bar).toHaveCount(0)
  await expect(screen.linkButton).not.toContainText('boot.mcap')
  await screen.expectConnected()
})

test('a reload keeps recording and position; another window looks at something else', async ({
  app,
  host,
  workspaceDir,
}) => {
  test.skip(host.web === undefined, 'needs an address')
  await record(workspaceDir, 'one.mcap', 1500)
  const screen = new Screen(app)
  await screen.expectConnected()
  await openFromLibrary(app, 'one.mcap')
  const tape = tapeOf(app)
  await tape.slider.focus()
  await app.keyboard.press('Shift+ArrowRight')
  await app.keyboard.press('Shift+ArrowRight')
  await expect.poll(() => tape.positionMs()).toBeGreaterThan(100)
  const at = await tape.positionMs()
  const messages = await messagesShown(screen)
  await app.reload()
  await expect.poll(() => tape.positionMs()).toBe(at)
  await expect(screen.linkButton).toContainText('one.mcap')
  await expect.poll(() => messagesShown(screen)).toBe(messages)

  const opened = app.context().waitForEvent('page')
  await app.keyboard.press('Control+k')
  await app.keyboard.type('>New window')
  await app.keyboard.press('Enter')
  const other = await opened
  await new Screen(other).expectConnected()
  await expect(tapeOf(other).bar).toHaveCount(0)
  await expect(tape.slider).toBeVisible()
  await other.close()
})
