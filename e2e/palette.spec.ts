import { expect, test as base } from './fixtures'
import { Screen } from './screen'

const test = base.extend<{ view: Screen }>({
  view: async ({ app }, use) => use(new Screen(app)),
})
test.use({ links: ['sim:demo'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('Ctrl K finds commands by their first letters, runs them where they act, and remembers them', async ({
  app,
  view: screen,
  shot,
}) => {
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
  await screen.list.focus()
  await app.keyboard.press('Control+k')
  const palette = app.getByRole('dialog', { name: 'Commands' })
  const field = palette.getByRole('combobox')
  await expect(field).toBeFocused()
  await shot('palette')
  await app.keyboard.type('pause view')
  const first = palette.getByRole('option').first()
  await expect(first).toContainText('Pause the view')
  await expect(first).toContainText('Space')
  await expect(first).toHaveAttribute('aria-selected', 'true')
  await shot('palette-found')
  await app.keyboard.press('Enter')
  await expect(palette).toBeHidden()
  await expect(screen.list).toBeFocused()
  await expect(screen.status.getByRole('button', { name: /Paused/ })).toBeVisible()

  // from another page: what acts on the messages goes there first
  await app.keyboard.press('Control+2')
  await expect(app.getByRole('button', { name: 'Terminal' })).toHaveAttribute('aria-current', 'page')
  await app.keyboard.press('Control+Shift+p')
  await expect(palette.getByRole('option').first()).toContainText('Pause the view')
  await app.keyboard.press('Enter')
  await expect(screen.status.getByRole('button', { name: 'Live' })).toBeVisible()
  await expect(screen.list).toBeFocused()
})

test('signs narrow it: a route, a filter, a message by its number, a moment by its time', async ({
  app,
  view: screen,
  shot,
}) => {
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
  await screen.list.focus()
  const palette = app.getByRole('dialog', { name: 'Commands' })
  const choose = async (text: string, offered: string | RegExp): Promise<void> => {
    await app.keyboard.press('Control+k')
    await palette.getByRole('combobox').fill(text)
    await expect(palette.getByRole('option').first()).toContainText(offered)
    await app.keyboard.press('Enter')
    await expect(palette).toBeHidden()
  }
  await choose('#3', 'Go to message #3')
  await expect(screen.row(3)).toHaveAttribute('aria-selected', 'true')
  await expect(screen.inspector).toContainText('#3')

  await choose(':+1ms', /Go to \d\d:\d\d:\d\d\.\d{3}/)
  await expect(screen.list.locator('[aria-selected=true]')).toHaveAttribute('data-message', /^[1-3]$/)
  await expect(screen.lanesCanvas).toHaveAccessibleName(/standing still/)

  await choose('@imu', 'telemetry.imu')
  await expect(app.locator('[data-filter-field]')).toHaveValue(/msg\.route == "telemetry\.imu"/)
  await choose('/msg.size > 100000', 'Use this filter')
  await expect(app.locator('[data-filter-field]')).toHaveValue('msg.size > 100000')

  await app.keyboard.press('Control+k')
  await palette.getByRole('combobox').fill('#99999999')
  await expect(palette).toContainText('No message #99999999 is kept.')
  await palette.getByRole('combobox').fill('quux zzz')
  await expect(palette).toContainText('Nothing is called “quux zzz”.')
  await shot('palette-empty')
  await app.keyboard.press('Escape')
  await expect(palette).toBeHidden()
})
