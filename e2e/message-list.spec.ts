import { utf8 } from '../src/shared/bytes'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { bodyOf } from './record'
import { Screen } from './screen'
import { message, TcpDevice } from './tcp-device'

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

/** What the page puts into the clipboard; the system's own is not read. */
async function spyClipboard(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const spied = window as { copied?: string }
    navigator.clipboard.writeText = (text) => {
      spied.copied = text
      return Promise.resolve()
    }
  })
  return () => page.evaluate(() => (window as { copied?: string }).copied ?? '')
}

test.describe('the message list', () => {
  test.use({ links: ['sim:demo'] })

  test('columns are chosen, moved, made wider and fitted, and kept', async ({ app, shot }) => {
    const screen = new Screen(app)
    await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
    const heads = () =>
      screen.list.getByRole('columnheader').evaluateAll((all) => all.map((head) => head.ariaLabel))
    const usual = await heads()
    await app.getByRole('button', { name: 'Columns' }).click()
    const menu = app.getByRole('menu', { name: 'Columns and rows' })
    await menu.getByRole('menuitemcheckbox', { name: 'Priority' }).click()
    await menu.getByRole('menuitemcheckbox', { name: 'Chunks' }).click()
    await shot('columns')
    await menu.getByRole('menuitem', { name: 'Add a field…' }).click()
    await app.keyboard.type('body.seq')
    await app.keyboard.press('Enter')
    expect(await heads()).toEqual([
      ...usual
        .filter((name) => name !== 'Priority')
        .toSpliced(7, 0, 'Chunks')
        .slice(0, -1),
      'body.seq',
      'Body',
    ])
    const row = await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
    const { seq } = JSON.parse(row.body) as { seq: number }
    await expect(screen.row(row.id).locator('[data-column="field:body.seq"]')).toHaveText(String(seq))

    const route = screen.list.getByRole('columnheader', { name: 'Route' })
    await route.focus()
    const before = (await route.boundingBox())!.width
    await app.keyboard.press('Shift+ArrowRight')
    expect((await route.boundingBox())!.width).toBe(before + 8)
    await app.keyboard.press('Enter') // as wide as what is shown
    expect((await route.boundingBox())!.width).toBeLessThan(before)
    await app.keyboard.press('Alt+ArrowLeft')
    await expect(route).toBeFocused()
    expect((await heads()).slice(2, 5)).toEqual(['Δ to the row before', 'Route', 'Direction'])
    const moved = await heads()
    await app.reload()
    await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
    expect(await heads()).toEqual(moved)
    await expect(screen.list).toHaveAttribute('aria-colcount', String(moved.length))
  })

  test('what is copied is what the wire had, for any range of rows', async ({ app, host, shot }) => {
    const screen = new Screen(app)
    await screen.expectMessages(5)
    const copied = await spyClipboard(app)
    await screen.list.focus()
    await app.keyboard.press('Home')
    await app.keyboard.press('Shift+ArrowDown')
    await app.keyboard.press('Shift+ArrowDown')
    await expect(app.getByRole('region', { name: 'Messages' })).toContainText('3 selected')
    await app.keyboard.press('Control+Shift+C')
    await shot('copy-as')
    await app.getByRole('menuitemradio', { name: 'Hex' }).click()
    await expect.poll(copied).not.toBe('')
    const hex = await copied()
    for (const id of [1, 2, 3]) {
      const body = Buffer.from(await bodyOf(host, id)).toString('hex')
      expect(hex.replace(/[^0-9a-f]/g, '')).toContain(body)
    }
    await expect(app.getByRole('region', { name: 'Messages' })).toContainText(/3 rows copied as hex/)

    await screen.row(2).click({ modifiers: ['ControlOrMeta'] }) // out of the selection
    await app.keyboard.press('Control+Shift+C')
    await app.getByRole('menuitemradio', { name: 'Text with times' }).click()
    await expect.poll(copied).not.toBe(hex)
    const text = await copied()
    expect(text).toContain(Buffer.from(await bodyOf(host, 3)).toString('utf8'))
    expect(text).not.toContain(Buffer.from(await bodyOf(host, 2)).toString('utf8'))
  })

  test('an answer stands below its request when grouped; marks and notes stay on their message', async ({
    app,
    shot,
  }) => {
    const screen = new Screen(app)
    await screen.expectConnected()
    await screen.send({ route: 'slow', body: '{"ms":600}', format: 'JSON', timeoutS: 9 })
    await expect(screen.outcome).toContainText('answered in')
    await screen.pause()
    await screen.outcome.getByRole('button').first().click()
    const request = await screen.expectRow({ route: 'slow', kind: 'request' })
    await expect(screen.row(request.id)).toHaveAttribute('aria-selected', 'true')
    await screen.list.focus()
    await app.keyboard.press('g')
    await expect(app.getByRole('button', { name: 'Group' })).toHaveAttribute('aria-pressed', 'true')
    const below = screen.row(request.id).locator('xpath=following-sibling::*[1]')
    await expect(below).toHaveAccessibleName(/reply.*answer$/)
    await expect(screen.row(request.id)).toHaveAttribute('aria-selected', 'true') // found again in the other order
    await app.keyboard.press('m')
    await app.keyboard.press('Shift+M')
    await app.keyboard.type('why so slow')
    await app.keyboard.press('Enter')
    await expect(screen.row(request.id)).toHaveAccessibleName(/marked, note: why so slow$/)
    await expect(screen.list).toBeFocused()
    await screen.chooseTheme('dark')
    await shot('grouped-and-noted')
    await screen.chooseTheme('light')
    await shot('grouped-and-noted-light')
    await screen.list.focus()
    await app.keyboard.press('Delete')
    await expect(screen.row(request.id)).not.toHaveAccessibleName(/marked|note/)
  })

  test('a list that was released stands still, counts what is new, and follows again at End', async ({
    app,
  }) => {
    const screen = new Screen(app)
    await screen.expectMessages(30)
    await screen.list.hover()
    await app.mouse.wheel(0, -120)
    const pill = app.getByRole('button', { name: /new End$/ })
    await expect(pill).toHaveText(/^[2-9] new/)
    const top = () => screen.list.locator('[data-message]').first().getAttribute('data-message')
    const stood = await top()
    await expect(pill).toHaveText(/^[5-9] new|^\d\d new/)
    expect(await top()).toBe(stood)
    await screen.list.focus()
    await app.keyboard.press('End')
    await expect(app.getByRole('button', { name: 'Following' })).toBeVisible()
    expect(Number(await top())).toBeGreaterThan(Number(stood))
  })
})

test('an unplugged device leaves a gap in the list, and its length when it is back', async ({
  app,
  shot,
}) => {
  const screen = new Screen(app)
  const device = await TcpDevice.listen()
  const { port } = device
  await screen.connect('TCP client', { Host: '127.0.0.1', Port: String(port) })
  await screen.expectConnected()
  device.send(message('a', { route: 'before' }, utf8('{"n":1}')))
  await screen.expectRow({ body: '{"n":1}' })
  await device.close()
  const gap = screen.list.locator('[data-event="link-down"]')
  await expect(gap).toContainText('Link down')
  const again = await TcpDevice.listen(port)
  await expect(screen.list.locator('[data-event="link-up"]')).toContainText('Link up again')
  await expect(gap).toContainText(/Link down [\d.]+\s(ms|s)/)
  await expect(gap).toHaveAccessibleName(/^gap \d\d:\d\d:\d\d\.\d{3}, Link down/)
  again.send(message('b', { route: 'after' }, utf8('{"n":2}')))
  await screen.expectRow({ body: '{"n":2}' })
  await shot('gap')
  await again.close()
})
