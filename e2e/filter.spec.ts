import { concatBytes, utf8 } from '../src/shared/bytes'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { Screen } from './screen'
import { message, packet, TcpDevice } from './tcp-device'

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

/** More bytes than its head announced: the message ends as failed. */
function overrun(id: string, route: string): Uint8Array {
  const head = utf8(JSON.stringify({ extension: id, length: 2, info: { route } }))
  return concatBytes([
    packet({ type: 'mission' }, head),
    packet({ type: 'data', extension: id }, utf8('{"too":"long"}')),
  ])
}

const ROUTES = ['telemetry.imu', 'adc.block', 'cfg.put', 'log.print']

/** Messages `from` to `to` (exclusive), with three failed ones on `cfg.put` among the first thousand. */
function flood(from: number, to: number): Uint8Array {
  const parts: Uint8Array[] = []
  for (let n = from; n < to; n++) {
    parts.push(
      n === 100 || n === 500 || n === 900
        ? overrun(`m${n}`, 'cfg.put')
        : message(
            `m${n}`,
            { route: ROUTES[n % ROUTES.length] },
            utf8(`{"n":${n},"temp":{"value":${n % 90}}}`),
          ),
    )
  }
  return concatBytes(parts)
}

const head = (page: Page) => page.locator('.list .phead')
const state = (page: Page) => page.locator('.filter-state')
const field = (page: Page) => page.getByRole('combobox', { name: 'Filter' })
const completions = (page: Page) => page.getByRole('listbox', { name: 'Completions' })

test('the one bad message of thousands is found by keyboard, and others are hidden, dimmed or coloured', async ({
  app,
  shot,
}) => {
  const screen = new Screen(app)
  const device = await TcpDevice.listen()
  await screen.connect('TCP client', { Host: '127.0.0.1', Port: String(device.port) })
  await screen.expectConnected()
  device.send(flood(0, 3000))
  await expect(head(app)).toContainText('3\u00a0000')

  // written by completions: part of a word and Tab, arrows and Enter
  await screen.list.focus()
  await app.keyboard.press('Control+/')
  await expect(field(app)).toBeFocused()
  await app.keyboard.type('msg.st')
  await expect(completions(app).getByRole('option').first()).toContainText('msg.status')
  await app.keyboard.press('Tab')
  await expect(field(app)).toHaveValue('msg.status')
  await app.keyboard.type(' == fai')
  await shot('filter-completions')
  await app.keyboard.press('ArrowDown')
  await expect(completions(app).getByRole('option', { selected: true })).toContainText('failed')
  await app.keyboard.press('Enter')
  await expect(field(app)).toHaveValue('msg.status == "failed"')
  await expect(state(app)).toContainText('3 of 3\u00a0000')
  await app.keyboard.type(' and msg.rute contains "cfg"')

  // a misspelt field: where it is, what was meant, and the last valid filter stays in force
  const problem = app.locator('.filter-problem')
  await app.keyboard.press('Escape')
  await expect(problem).toContainText('at character 28')
  await expect(app.locator('.underline u')).toHaveText('msg.rute')
  await expect(problem).toContainText('Still in force: msg.status == "failed"')
  await expect(state(app)).toContainText('3 of 3\u00a0000')
  await shot('filter-problem')
  await expect(app.getByRole('button', { name: 'Following' })).toBeVisible() // another height is no scrolling
  await problem.getByRole('button', { name: 'Use msg.route' }).click()
  await expect(field(app)).toHaveValue('msg.status == "failed" and msg.route contains "cfg"')
  await expect(problem).toBeEmpty()
  await expect(state(app)).toContainText('3 of 3\u00a0000')

  // Enter takes it, a second one leads to what was found, Enter on a hit into the inspector
  await app.keyboard.press('Enter')
  await app.keyboard.press('Enter')
  await expect(screen.list).toBeFocused()
  expect((await screen.rows()).map(({ id }) => id)).toEqual([101, 501, 901])
  await app.keyboard.press('Home')
  await app.keyboard.press('ArrowDown') // what was lost is a row, whatever the filter
  await app.keyboard.press('ArrowDown')
  await expect(screen.row(501)).toHaveAttribute('aria-selected', 'true')
  await app.keyboard.press('Enter')
  await expect(screen.inspector).toContainText('cfg.put')
  await expect(screen.inspector).toContainText('#501')
  await expect(screen.lanes.locator('.lanes-head.is-selected')).toContainText('cfg.put')
  await shot('filter-hits')

  // what comes now is judged too
  device.send(concatBytes([flood(3000, 3050), overrun('late', 'cfg.get')]))
  await expect(state(app)).toContainText('4 of 3\u00a0051')

  // kept under a name, as a colour: nothing is hidden any more
  await app.getByRole('radio', { name: 'Colour' }).click()
  await expect(state(app)).toContainText('4 of 3\u00a0051')
  await app.getByRole('button', { name: 'Save as chip' }).click()
  await app.keyboard.press('ControlOrMeta+a')
  await app.keyboard.type('bad writes')
  await app.keyboard.press('Enter')
  await expect(app.getByRole('button', { name: 'Save as chip' })).toBeDisabled()
  const chips = app.getByRole('toolbar', { name: 'Saved filters' })
  const bad = chips.getByRole('button', { name: /^bad writes, Colour/ })
  await expect(bad).toHaveAttribute('aria-pressed', 'true')
  await expect(bad).toContainText('4')
  await app.keyboard.press('Control+/')
  await app.keyboard.type('not msg.route == "telemetry.imu"')
  await app.keyboard.press('Enter')
  await app.getByRole('radio', { name: 'Dim' }).click()
  await expect(app.locator('.gr.dim').first()).toHaveAccessibleName(/telemetry\.imu.*, dimmed$/)
  await screen.list.focus()
  await app.keyboard.press('End')
  await expect(screen.row(3051)).toHaveAccessibleName(/cfg\.get.*, bad writes$/)
  await expect(screen.row(3051)).toContainText('bad writes')
  await screen.chooseTheme('dark')
  await shot('filter-colour-dim')
  await screen.chooseTheme('light')
  await shot('filter-colour-dim-light')
  await app.getByRole('button', { name: 'Save as chip' }).click()
  await app.keyboard.press('Enter')

  // chips one by one, by keyboard: two that hide hold both
  await bad.focus()
  await app.keyboard.press('Space')
  await expect(app.locator('.gr[data-rule]')).toHaveCount(0)
  await app.keyboard.press('ArrowRight')
  await app.keyboard.press('Shift+F10')
  await app.getByRole('menuitemradio', { name: 'Hide' }).press('Enter')
  await shot('filter-chip-menu')
  await app.keyboard.press('Escape')
  await expect(state(app)).toContainText('2\u00a0291 of 3\u00a0051')
  await app.keyboard.press('Alt+ArrowLeft')
  await expect(chips.getByRole('button')).toHaveText([/^telemetry\.imu/, /^bad writes/])
  await app.reload()
  await expect(state(app)).toContainText('2\u00a0291 of 3\u00a0051')
  await expect(bad).toHaveAttribute('aria-pressed', 'false')
  await chips.getByRole('button', { name: /^telemetry/ }).click()
  await expect(state(app)).not.toContainText('of')
  await device.close()
})

test('values are filtered on where they stand; finding hides nothing; a filter that hides all says so', async ({
  app,
  shot,
}) => {
  const screen = new Screen(app)
  const device = await TcpDevice.listen()
  await screen.connect('TCP client', { Host: '127.0.0.1', Port: String(device.port) })
  await screen.expectConnected()
  device.send(flood(0, 400))
  await expect(head(app)).toContainText('400')
  const route = screen.list.locator('[data-message] [data-column="route"]', { hasText: 'adc.block' }).last()
  await route.click({ modifiers: ['Alt'] })
  await expect(field(app)).toHaveValue('msg.route == "adc.block"')
  await expect(state(app)).toContainText('100 of 400')
  const size = screen.list.locator('[data-message] [data-column="size"]').last()
  await size.click({ modifiers: ['Alt', 'Shift'] })
  await expect(field(app)).toHaveValue(/^msg\.route == "adc\.block" and not msg\.size == \d+$/)

  // by a value inside the body
  await screen.list.focus()
  await app.keyboard.press('Home')
  await app.keyboard.press('Control+/')
  await app.keyboard.press('ControlOrMeta+a')
  await app.keyboard.press('Delete')
  await app.keyboard.press('Enter')
  await expect(state(app)).toHaveText('')
  await screen.list.focus()
  await app.keyboard.press('Home')
  await screen.openTab('Tree')
  await screen.inspector.getByRole('treeitem', { name: /^value/ }).click({ modifiers: ['Alt'] })
  await expect(field(app)).toHaveValue('body.temp.value == 0')
  await expect(state(app)).toContainText('5 of 400')

  // nothing left: since when, and the way back
  await app.keyboard.press('Control+/')
  await app.keyboard.press('End')
  await app.keyboard.type(' and msg.id == 2')
  await app.keyboard.press('Enter')
  const list = app.getByRole('region', { name: 'Messages' })
  await expect(list).toContainText(/0 of 400\. The filter excludes everything since \d\d:\d\d:\d\d\./)
  await shot('filter-nothing')
  await list.getByRole('button', { name: 'Disable' }).click()
  await expect(state(app)).not.toContainText('of')
  await expect(app.getByRole('button', { name: 'The filter is off. Switch it on' })).toBeVisible()

  // what was used before comes back with the arrow
  await field(app).fill('')
  await app.keyboard.press('ArrowUp')
  await expect(field(app)).toHaveValue('body.temp.value == 0 and msg.id == 2')
  await app.keyboard.press('ArrowUp')
  await expect(field(app)).toHaveValue('body.temp.value == 0')
  await field(app).fill('')
  await app.keyboard.press('Enter')
  await expect(head(app)).toContainText('400')
  await expect(state(app)).not.toContainText('of')

  // finding: matches are lit, nothing is hidden, F3 goes on around the end
  await app.keyboard.press('Control+f')
  await app.keyboard.type('msg.status == "failed" or msg.id == 7')
  await app.keyboard.press('Enter')
  await expect(state(app)).toContainText('2 matches')
  await expect(head(app)).toContainText('400')
  await expect(screen.row(7)).toHaveAttribute('aria-selected', 'true') // the next one after the selected first
  await app.keyboard.press('F3')
  await expect(screen.row(101)).toHaveAttribute('aria-selected', 'true')
  await expect(screen.row(101)).toHaveAccessibleName(/, match$/)
  await expect(screen.lanes.locator('.lanes-head.is-selected')).toContainText('cfg.put')
  await app.keyboard.press('F3')
  await expect(screen.row(7)).toHaveAttribute('aria-selected', 'true')
  await expect(state(app)).toContainText('from the other end again')
  await shot('filter-find')
  await app.keyboard.press('Shift+F3')
  await expect(screen.row(101)).toHaveAttribute('aria-selected', 'true')
  await app.keyboard.press('Escape')
  await expect(screen.list).toBeFocused()
  await expect(app.locator('.gr.hit')).toHaveCount(0)

  // a span of the lanes
  await screen.lanesCanvas.focus()
  await app.keyboard.press('Shift+ArrowLeft')
  await screen.lanes.getByRole('button', { name: 'Filter on it' }).click()
  await expect(field(app)).toHaveValue(/^time >= \d\d:\d\d:\d\d(\.\d+)? and time < \d\d:\d\d:\d\d(\.\d+)?$/)
  await device.close()
})
