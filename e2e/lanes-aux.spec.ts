import { test as base, expect } from './fixtures'
import { Screen } from './screen'

const test = base.extend<{ view: Screen }>({
  view: async ({ app }, use) => use(new Screen(app)),
})
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test.describe('on a healthy line', () => {
  test.use({ links: ['sim:demo'] })

  test('markers stand on the axis, are gone through by key, and are those of the list', async ({
    view,
    app,
    shot,
  }) => {
    const row = await view.expectRow({ route: 'log.dump' })
    await view.pause()
    await view.walkTo(row.id)
    await view.lanesCanvas.focus()
    const said = view.lanes.getByRole('status')
    await app.keyboard.press('m')
    await expect(said.filter({ hasText: /^Marker set at \d\d:\d\d:\d\d\.\d{3}$/ })).toHaveCount(1)
    await expect(view.row(row.id)).toHaveAttribute('aria-label', /marked$/)
    const notes = view.lanes
      .getByRole('list', { name: 'What else happened' })
      .getByRole('button', { name: /^Notes/ })
    await expect(notes).toHaveText(/Notes1/)

    await app.keyboard.press('Shift+M')
    const prompt = app.getByRole('dialog', { name: 'Note' })
    await prompt.getByRole('textbox').fill('dump begins here')
    await app.keyboard.press('Enter')
    await expect(notes).toHaveText(/Notes2/)
    await expect(view.lanesCanvas).toBeFocused()

    // a moment beside every message: below the pointer
    const box = (await view.lanesCanvas.boundingBox())!
    await app.mouse.move(box.x + box.width - 60, box.y + 12)
    await app.keyboard.press('m')
    await expect(notes).toHaveText(/Notes3/)

    const told = view.lanes.getByRole('status').filter({ hasText: / of 3/ })
    await app.keyboard.press('Alt+,')
    await expect(told).toHaveText('Marker 3 of 3')
    await app.keyboard.press('Alt+,')
    await expect(told).toHaveText(
      /^(Note 2 of 3: dump begins here|Marker 2 of 3), [\d.]+\s\w+ from the one before$/,
    )
    await app.keyboard.press('Alt+.')
    await app.keyboard.press('Alt+.')
    await expect(told).toHaveText(/^Marker 3 of 3, [\d.]+\s\w+ from the one before$/)
    await expect(said.filter({ hasText: 'No further marker' })).toHaveCount(1)
    await shot('lanes-markers')
    await view.chooseTheme('light')
    await shot('lanes-markers-light')
    await view.lanesCanvas.focus()
    await app.keyboard.press('Delete')
    await expect(notes).toHaveText(/Notes2/)
    await app.keyboard.press('Alt+,')
    await expect(view.lanes.getByRole('status').filter({ hasText: / of 2/ })).toHaveText(
      /dump begins here|Marker/,
    )

    // the lane of the notes by itself, from its head
    await notes.focus()
    await app.keyboard.press('ArrowLeft')
    await expect(view.lanes.getByRole('status').filter({ hasText: /^Notes: / })).toContainText(
      `On message #${row.id}`,
    )
  })

  test('pins stand at the top, and the table says what the picture shows', async ({ view, app, shot }) => {
    // with reduced motion the picture steps about once a second instead of gliding
    await view.expectConnected()
    await app.emulateMedia({ reducedMotion: 'reduce' })
    const frames = async (): Promise<number> =>
      Number(await view.lanes.locator('.lanes-stage').getAttribute('data-frames'))
    const [framesBefore, sinceMs] = [await frames(), Date.now()]
    await view.send({ route: 'add', body: '{"a":1,"b":2}', format: 'JSON' })
    await expect(view.outcome).toContainText('{"sum":3}')
    const row = await view.expectRow({ route: 'log.dump' })
    expect((await frames()) - framesBefore).toBeLessThanOrEqual(10 + (10 * (Date.now() - sinceMs)) / 1000)
    await app.emulateMedia({ reducedMotion: 'no-preference' })
    await view.pause()
    await view.walkTo(row.id)
    await view.lanesCanvas.focus()
    await app.keyboard.press('p')
    const lanes = view.lanes.getByRole('list', { name: 'Lanes' }).getByRole('listitem')
    await expect(lanes.first()).toContainText(`pinned: #${row.id} log.dump`)
    await app.keyboard.press('Shift+P') // its lane is its own now: the same pin, taken away
    await expect(lanes.first()).not.toContainText('pinned')
    await app.keyboard.press('Shift+P')
    await expect(lanes.first()).toContainText('pinned: log.dump')
    await app.keyboard.press('p')
    await expect(lanes.nth(1)).toContainText(`pinned: #${row.id}`)
    await app.keyboard.press('f')
    await view.chooseTheme('dark')
    await view.lanesCanvas.focus()
    await shot('lanes-pins')

    await app.keyboard.press('Alt+l')
    const table = view.lanes.getByRole('grid', { name: 'Messages in view, lane by lane' })
    const own = table.getByRole('row', { name: new RegExp(`^#${row.id} `) })
    await expect(own).toHaveAttribute('aria-selected', 'true')
    await expect(own).toBeFocused()
    await expect(own.getByRole('cell').or(own.getByRole('gridcell'))).toHaveCount(9)
    await expect(table.getByRole('row', { name: /^Pinned: #\d+ log\.dump, received/ })).toBeVisible()
    await expect(view.lanes.getByRole('status').filter({ hasText: /messages in \d+ lanes/ })).toContainText(
      'standing still',
    )
    await shot('lanes-table')
    await app.keyboard.press('ArrowDown')
    await expect(own).toHaveAttribute('aria-selected', 'false')
    const selected = table.locator('tr[aria-selected=true]')
    await expect(selected).toBeFocused()
    const id = Number(await selected.getAttribute('data-twin'))
    await expect(view.inspector).toContainText(`#${id}`)
    await app.keyboard.press('Alt+l')
    await expect(table).toBeHidden()
    await expect(view.lanesCanvas).toBeFocused()

    await app.keyboard.press('Alt+F1')
    const help = app.getByRole('dialog', { name: 'Keys of the lanes' })
    await expect(help).toBeFocused()
    await expect(help).toContainText('pin the selected message')
    await shot('lanes-help')
    await app.keyboard.press('Escape')
    await expect(view.lanesCanvas).toBeFocused()

    await view.lanes.getByRole('button', { name: 'Lanes', exact: true }).click()
    await shot('lanes-menu')
    await app.getByRole('menuitem', { name: /^Unpin the lane log\.dump/ }).click()
    await expect(lanes.first()).toContainText(`pinned: #${row.id}`)

    await view.lanesCanvas.focus()
    await app.keyboard.press('Escape') // the inspector, a drawer then, closes

    // as large as a browser makes it: nothing of the head is cut off
    for (const [name, width, height] of [
      ['300', 480, 480],
      ['50', 2880, 1800],
    ] as const) {
      await app.setViewportSize({ width, height })
      const right = (await view.lanes.boundingBox())!
      for (const button of await view.lanes.locator('.lanes-phead button:visible').all()) {
        const box = (await button.boundingBox())!
        expect(box.x + box.width).toBeLessThanOrEqual(right.x + right.width)
      }
      await shot(`lanes-zoom-${name}`)
    }
  })
})

test.describe('on a damaged line', () => {
  test.use({ links: ['sim:demo?seed=3&flip=4e-4'] })

  test('faults have a lane of their own, read by key, in the table, and put away by choice', async ({
    view,
    app,
    shot,
  }) => {
    const heads = view.lanes.getByRole('list', { name: 'What else happened' })
    const faults = heads.getByRole('button', { name: /^Faults/ })
    await expect(faults).toHaveText(/Faults\d+/)
    await view.pause()
    await shot('lanes-faults')
    await faults.focus()
    await app.keyboard.press('ArrowLeft')
    const told = view.lanes.getByRole('status').filter({ hasText: /^Faults: / })
    await expect(told).toHaveText(/^Faults: (Fault|\d+ faults), [A-Z_]+ \d+, .*At \d\d:\d\d:\d\d\.\d{3}/)
    await shot('lanes-fault-card')
    await view.lanesCanvas.focus()
    await app.keyboard.press('Alt+l')
    const events = view.lanes.getByRole('table', { name: 'What else happened in view' })
    await expect(events.getByRole('row', { name: /^Faults .*[A-Z]+_[A-Z_]+ \d/ }).first()).toBeVisible()
    await shot('lanes-faults-table')
    await app.keyboard.press('Alt+l')

    await view.lanes.getByRole('button', { name: 'Lanes', exact: true }).click()
    await app.getByRole('menuitemcheckbox', { name: 'Faults' }).click()
    await app.keyboard.press('Escape')
    await expect(faults).toBeHidden()
    await app.reload()
    await expect(heads.getByRole('button', { name: /^Link/ })).toBeVisible()
    await expect(faults).toBeHidden()
  })
})
