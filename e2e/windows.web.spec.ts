import { expect, test as base } from './fixtures'
import { Screen } from './screen'

const test = base.extend<{ view: Screen }>({
  view: async ({ app }, use) => use(new Screen(app)),
})
test.use({ links: ['sim:demo'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('another window shows the same session, with a selection of its own and the same keys', async ({
  app,
  view: screen,
}) => {
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
  await screen.list.focus()
  const opened = app.context().waitForEvent('page')
  await app.keyboard.press('Control+k')
  await app.keyboard.type('new window')
  await app.keyboard.press('Enter')
  const second = await opened
  const other = new Screen(second)
  await other.expectRow({ route: 'telemetry.imu', status: 'ok' })
  expect(new URL(second.url()).hash).toBe('') // the key is not left in the address
  await other.list.focus()
  await second.keyboard.press('Home')
  await expect(other.inspector).toContainText('#1')
  await expect(screen.inspector).toContainText('Select a message')

  // the lock and the keys are those of the session
  await second.keyboard.press('Control+Shift+L')
  await expect(app.getByRole('button', { name: /^Listen only is on/ })).toBeVisible()
  await second.keyboard.press('Control+,')
  await second.getByRole('tab', { name: 'Keys' }).click()
  await second.getByRole('searchbox').fill('triggers')
  await second.getByRole('button', { name: /Change the keys of “Triggers”/ }).click()
  await second.keyboard.press('F4')
  await expect(second.locator('[data-keys="triggers.open"]')).toContainText('F4')
  await expect
    .poll(async () => {
      await app.keyboard.press('F4')
      return app.getByRole('dialog', { name: 'Triggers' }).isVisible()
    })
    .toBe(true)
})
