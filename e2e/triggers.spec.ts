import { utf8 } from '../src/shared/bytes'
import { expect, test } from './fixtures'
import { Screen } from './screen'
import { message, TcpDevice } from './tcp-device'

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('a trigger is written, tested, fires, pauses the view and tells of it, and is still there after a reload', async ({
  app,
  shot,
}) => {
  const screen = new Screen(app)
  const device = await TcpDevice.listen()
  const report = (id: string, temp: number): void =>
    device.send(message(id, { route: 'sensor' }, utf8(`{"temp":${temp}}`)))
  await screen.connect('TCP client', { Host: '127.0.0.1', Port: String(device.port) })
  await screen.expectConnected()
  report('a', 20)
  report('b', 90)
  await screen.expectRow({ body: '{"temp":90}' })

  await app.keyboard.press('Control+Shift+T')
  const panel = app.getByRole('dialog', { name: 'Triggers' })
  await expect(panel.getByText('No triggers yet')).toBeVisible()
  await expect(panel.getByRole('button', { name: 'New trigger' })).toBeFocused()
  await shot('empty')
  await app.keyboard.press('Enter')
  await app.keyboard.type('Too hot')
  const filter = panel.getByRole('textbox', { name: 'Filter' })
  await filter.fill('body.temp >= 80 and msg.rout == "sensor"')
  await expect(filter).toHaveAttribute('aria-invalid', 'true')
  await expect(panel.getByText(/^Character 21: /)).toBeVisible()
  await expect(panel.getByRole('button', { name: 'Add' })).toBeDisabled()
  await shot('bad-filter')
  await panel.getByRole('button', { name: 'Use msg.route' }).click()
  await expect(filter).toHaveValue('body.temp >= 80 and msg.route == "sensor"')
  await panel.getByRole('button', { name: 'Test' }).click()
  await expect(panel.getByText('Would have fired once:')).toBeVisible()
  await panel.getByRole('checkbox', { name: 'Mark the message' }).check()
  await panel.getByRole('checkbox', { name: 'Pause the view' }).check()
  await panel.getByRole('textbox', { name: 'Note on the message' }).fill('look at the fan')
  await shot('editor')
  await filter.press('Enter')
  const row = panel.getByRole('listitem').filter({ hasText: 'Too hot' })
  await expect(row).toContainText('never')
  await panel.getByRole('button', { name: 'Test' }).click()
  await panel.getByRole('button', { name: '#2' }).click()
  await expect(panel).toBeHidden()
  await expect(screen.row(2)).toHaveAttribute('aria-selected', 'true')

  report('c', 95)
  const toast = app.getByRole('group', { name: 'Triggers' })
  await expect(toast).toContainText('Too hot')
  await expect(toast).toContainText('#3')
  await expect(
    app.locator('[aria-live="polite"]').filter({ hasText: 'Too hot: message #3, sensor' }),
  ).toBeAttached()
  await expect(screen.status.getByRole('button', { name: /^Paused/ })).toBeVisible()
  await expect(screen.list.locator('[data-event="trigger"]')).toContainText('Too hot')
  await expect(screen.row(3)).toContainText('look at the fan')
  await shot('fired')
  report('d', 99)
  report('e', 10)
  await expect(screen.status.getByRole('button', { name: /^Paused/ })).toContainText('2')
  await expect(screen.row(4)).toHaveCount(0) // the view stands still
  await toast.getByRole('button', { name: 'Dismiss' }).click()
  await expect(toast).toBeHidden()

  await app.reload()
  await screen.expectConnected()
  await app.getByRole('button', { name: 'Triggers' }).click()
  await expect(row).toContainText('Too hot')
  const open = row.getByRole('button', { name: /Too hot/ })
  await expect(open).toHaveAttribute('title', /^Fired (once|2 times), matched 2 times$/)
  report('f', 80)
  await expect(open).toHaveAttribute('title', /, matched 3 times$/)
  await shot('counts')

  const toggle = row.getByRole('switch', { name: 'Too hot is at work' })
  await toggle.focus()
  await app.keyboard.press('Space')
  await expect(row).toContainText('off')
  await open.click()
  await panel.getByRole('textbox', { name: 'Name' }).fill('Hotter')
  await app.keyboard.press('Escape')
  await expect(panel.getByRole('alert')).toContainText('not saved')
  await shot('unsaved')
  await app.keyboard.press('Escape')
  await expect(panel.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await panel.getByRole('button', { name: 'Remove' }).click()
  await app.keyboard.press('Tab')
  await app.keyboard.press('Enter') // keep it
  await app.keyboard.press('Escape')
  await panel.getByRole('button', { name: 'Discard' }).click()
  await expect(panel).toBeHidden()
  await device.close()
})
