import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { expect, test as base } from './fixtures'
import { Screen } from './screen'

const test = base.extend<{ view: Screen }>({
  view: async ({ app }, use) => use(new Screen(app)),
})
test.use({ links: ['sim:demo'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

const boxOf = async (element: Locator): Promise<{ x: number; y: number; width: number; height: number }> => {
  const box = await element.boundingBox()
  if (box === null) throw new Error('it is not on screen')
  return box
}

test('panes move by keys, are maximised and hidden, and the lanes go on drawing all the while', async ({
  app,
  view: screen,
  shot,
}) => {
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
  const before = await boxOf(screen.lanes)
  const canvas = await screen.lanesCanvas.elementHandle({ timeout: 5000 })
  await screen.lanesCanvas.focus()
  await app.keyboard.press('Alt+Shift+ArrowDown')
  await expect.poll(async () => (await boxOf(screen.lanes)).y).toBeGreaterThan(before.y + 100)
  await expect(screen.lanesCanvas).toBeFocused()
  expect((await boxOf(screen.list)).y).toBeLessThan((await boxOf(screen.lanes)).y)
  expect(await canvas.evaluate((element) => element.isConnected)).toBe(true)
  const frames = async (): Promise<number> =>
    Number(await screen.lanes.locator('[data-frames]').getAttribute('data-frames'))
  const seen = await frames()
  await expect.poll(frames).toBeGreaterThan(seen)
  await shot('layout-moved')

  // the line between two panes, by keys
  const line = app.getByRole('separator', { name: 'Line between panes' }).first()
  const share = Number(await line.getAttribute('aria-valuenow'))
  await line.focus()
  await app.keyboard.press(
    (await line.getAttribute('aria-orientation')) === 'vertical' ? 'ArrowLeft' : 'ArrowUp',
  )
  await expect(line).toHaveAttribute('aria-valuenow', String(share - 2))

  await screen.list.focus()
  await app.keyboard.press('Control+Shift+M')
  await expect(screen.composer).toBeHidden()
  await expect(screen.list).toBeFocused()
  await shot('layout-maximised')
  await app.keyboard.press('Control+Shift+M')
  await expect(screen.composer).toBeVisible()

  const palette = app.getByRole('dialog', { name: 'Commands' })
  const run = async (title: string): Promise<void> => {
    await app.keyboard.press('Control+k')
    await palette.getByRole('combobox').fill(title)
    await expect(palette.getByRole('option').first()).toContainText(title)
    await app.keyboard.press('Enter')
  }
  await run('Show or hide the inspector')
  await expect(screen.inspector).toBeHidden()
  await run('Show or hide the inspector')
  await expect(screen.inspector).toBeVisible()
  await screen.list.focus()
  await run('Put the pane together with the next as tabs')
  await expect(app.getByRole('tablist', { name: 'Panes in this place' })).toBeVisible()
  await run('Usual layout')
  expect(await boxOf(screen.lanes)).toEqual(before)
})

test('a pane is dragged to another place, the layout gets a name and is a file of the workspace', async ({
  app,
  view: screen,
  workspaceDir,
  shot,
}) => {
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
  await screen.list.focus()
  await app.keyboard.press('Control+,')
  const settings = app.getByRole('dialog', { name: 'Settings' })
  await settings.getByRole('tab', { name: 'Layouts' }).click()
  await shot('settings-layouts')
  await settings.getByRole('button', { name: 'Arrange the panes' }).click()
  const arrange = app.getByRole('dialog', { name: 'Arrange the panes' })
  const lanes = await boxOf(screen.lanes)
  const card = await boxOf(arrange.getByRole('button', { name: 'Move Composer' }))
  await app.mouse.move(card.x + card.width / 2, card.y + card.height / 2)
  await app.mouse.down()
  await app.mouse.move(lanes.x + 300, lanes.y + 100)
  await app.mouse.move(lanes.x + 20, lanes.y + lanes.height / 2)
  await shot('layout-arranging')
  await app.mouse.up()
  await arrange.getByRole('button', { name: 'Done' }).click()
  await expect(arrange).toBeHidden()
  const composer = await boxOf(screen.composer)
  expect(Math.round(composer.x)).toBe(Math.round(lanes.x))
  expect((await boxOf(screen.lanes)).x).toBeGreaterThan(composer.x + composer.width - 2)
  await shot('layout-dragged')

  await app.keyboard.press('Control+,')
  await settings.getByRole('tab', { name: 'Layouts' }).click()
  await settings.getByRole('textbox', { name: 'Name of the layout' }).fill('bench')
  await app.keyboard.press('Enter')
  await expect(settings.getByText('bench', { exact: true })).toBeVisible()
  await app.keyboard.press('Escape')
  const file = join(workspaceDir, 'settings', 'layouts.yaml')
  await expect.poll(() => textOf(file)).toMatch(/bench:\n.*row:/s)

  // by hand: with a mistake it is told, and what held goes on; mended it is there
  writeFileSync(file, 'layouts:\n  bench:\n    panes: [liist]\n')
  await app.keyboard.press('Control+,')
  await settings.getByRole('tab', { name: 'Layouts' }).click()
  await expect(settings.getByRole('alert')).toContainText('settings/layouts.yaml, line 3')
  await expect(settings.getByRole('button', { name: 'Use the layout bench' })).toBeVisible()
  writeFileSync(file, 'layouts:\n  just rows:\n    panes: [list]\n')
  await settings.getByRole('button', { name: 'Use the layout just rows' }).click()
  await app.keyboard.press('Escape')
  await expect(screen.lanes).toBeHidden()
  await expect(screen.list).toBeVisible()
})

test('keys are bound anew in the settings and in the file, with conflicts told', async ({
  app,
  view: screen,
  workspaceDir,
  shot,
}) => {
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
  await screen.list.focus()
  await app.keyboard.press('Control+,')
  const settings = app.getByRole('dialog', { name: 'Settings' })
  await shot('settings-looks')
  await settings.getByRole('tab', { name: 'Keys' }).click()
  await settings.getByRole('searchbox').fill('pause the view')
  await settings.getByRole('button', { name: /Change the keys of “Pause the view/ }).click()
  await app.keyboard.press('Control+o')
  await expect(settings.getByRole('alert')).toContainText('Ctrl O already means “Connect to a device”')
  await shot('settings-keys')
  await settings.getByRole('button', { name: 'Choose another' }).click()
  await app.keyboard.press('F9')
  const file = join(workspaceDir, 'settings', 'keys.yaml')
  await expect.poll(() => textOf(file)).toContain('view.pause: F9')
  await expect(settings.locator('[data-keys="view.pause"]')).toContainText('F9')
  await app.keyboard.press('Escape')
  await app.keyboard.press('F9')
  await expect(screen.status.getByRole('button', { name: /Paused/ })).toBeVisible()

  // by hand, with a mistake beside it: the rest works
  writeFileSync(file, 'letters: false\nkeys:\n  view.pause: F8\n  view.pauze: F9\n  lanes.colours: F7\n')
  await expect
    .poll(async () => {
      await app.keyboard.press('F8')
      return screen.status.getByRole('button', { name: 'Live' }).isVisible()
    })
    .toBe(true)
  await screen.lanesCanvas.focus()
  await app.keyboard.press('c') // letters are off
  await expect(screen.lanes.getByRole('radio', { name: 'Stream' })).toBeChecked()
  await app.keyboard.press('F7')
  await expect(screen.lanes.getByRole('radio', { name: 'Priority' })).toBeChecked()
  await app.keyboard.press('Control+,')
  await settings.getByRole('tab', { name: 'Keys' }).click()
  await expect(settings).toContainText('There is no command “view.pauze”.')
  await settings.getByRole('button', { name: 'Reset all keys' }).click()
  await expect(settings.getByRole('button', { name: 'Reset all keys' })).toBeDisabled()
  expect(textOf(file)).not.toContain('pauze')
})

test('the page is zoomed: menus and pointer stay where they belong, and 300 % leaves nothing out', async ({
  app,
  view: screen,
  shot,
}) => {
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
  await screen.pause()
  for (let step = 0; step < 4; step++) await app.keyboard.press('Control+=')
  await expect(app.locator('html')).toHaveAttribute('data-zoom', '175')
  const row = screen.row(2)
  await screen.list.focus()
  await app.keyboard.press('Home')
  await row.click({ button: 'right', position: { x: 200, y: 10 } })
  const menu = app.getByRole('menu')
  const [at, box] = [await boxOf(row), await boxOf(menu)]
  expect(Math.abs(box.x - (at.x + 200))).toBeLessThan(3)
  expect(box.y).toBeLessThanOrEqual(at.y + 13)
  await app.keyboard.press('Escape')
  await shot('zoom-175')
  for (let step = 0; step < 5; step++) await app.keyboard.press('Control+=')
  await expect(app.locator('html')).toHaveAttribute('data-zoom', '300')
  const wide = await app.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(wide).toBeLessThanOrEqual(0)
  await shot('zoom-300')
  await app.keyboard.press('Control+0')
  await expect(app.locator('html')).not.toHaveAttribute('data-zoom')
})
