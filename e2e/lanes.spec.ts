import type { Locator } from '@playwright/test'
import { test as base, expect } from './fixtures'
import { hoverStrip, readLineStrip } from './line-strip'
import { detailOf } from './record'
import { Screen } from './screen'

const test = base.extend<{ view: Screen }>({
  view: async ({ app }, use) => use(new Screen(app)),
})
test.use({ links: ['sim:demo'], motion: 'no-preference' })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

/** Digits of a text as a number, whatever groups them. */
const numberIn = (text: string): number => Number(text.replace(/[^\d.]/g, ''))

/** Sent and received of one line of the card with the sums. */
async function sums(area: Locator, name: string): Promise<readonly [sent: number, received: number]> {
  const cells = area.getByRole('row', { name: new RegExp(`^${name} `) }).getByRole('cell')
  const [sent, received] = await cells.allTextContents()
  return [numberIn(sent!), numberIn(received!)]
}

/** Drags over the whole width of the picture, a little below the line strip. */
async function dragAcross(view: Screen): Promise<void> {
  const box = (await view.lanesCanvas.boundingBox())!
  await view.page.mouse.move(box.x + 4, box.y + 90)
  await view.page.mouse.down()
  await view.page.mouse.move(box.x + box.width / 2, box.y + 95)
  await view.page.mouse.move(box.x + box.width - 4, box.y + 95)
  await view.page.mouse.up()
}

test('a span is selected by hand and by key, and its sums are those of the record', async ({
  view,
  host,
  app,
  shot,
}) => {
  await view.expectConnected()
  await view.send({ route: 'add', body: '{"a":1,"b":2}', format: 'JSON' })
  await expect(view.outcome).toContainText('{"sum":3}')
  const link = view.outcome.getByRole('button').first()
  const id = numberIn((await link.textContent())!)
  await link.click()
  const detail = await detailOf(host, id)
  await view.lanesCanvas.focus()
  await app.keyboard.press('f')
  await app.keyboard.press('f')
  await expect(view.lanesCanvas).not.toHaveAccessibleName(/ 2 s visible/)
  const area = view.lanes.getByRole('region', { name: 'Selected span' })
  await expect(area).toBeHidden()

  await dragAcross(view) // the exchange, with a little around it
  await expect(area.getByRole('heading')).toHaveText(/^Selected [\d.]+\sm?s$/)
  expect(await sums(area, 'Messages')).toEqual([1, expect.any(Number)])
  expect(await sums(area, 'Body bytes')).toEqual([13, expect.any(Number)])
  expect(await sums(area, 'On the wire')).toEqual([13 + detail.overheadBytes, expect.any(Number)])
  const [, receivedMessages] = await sums(area, 'Messages')
  expect(receivedMessages).toBeGreaterThanOrEqual(1)
  const [sentOverhead] = await sums(area, 'Overhead')
  expect(sentOverhead).toBe(Math.round((100 * detail.overheadBytes) / (13 + detail.overheadBytes)))
  const [sentIdle] = await sums(area, 'Idle')
  expect(sentIdle).toBeGreaterThan(0)
  expect(sentIdle).toBeLessThanOrEqual(100)
  const perPriority = await area.locator('dd').allTextContents()
  const counted = perPriority.reduce((sum, text) => sum + Number(/^\d+/.exec(text)![0]), 0)
  expect(counted).toBe(1 + receivedMessages)
  await shot('lanes-area-light')
  await view.chooseTheme('dark')
  await shot('lanes-area')

  // Esc takes the area first, then the selection
  await view.lanesCanvas.focus()
  await app.keyboard.press('Escape')
  await expect(area).toBeHidden()
  await expect(view.inspector).toContainText(`#${id}`)
  await app.keyboard.press('Shift+ArrowRight')
  await app.keyboard.press('Shift+ArrowRight')
  await expect(area).toBeVisible()
  const small = numberIn((await area.getByRole('heading').textContent())!)
  await app.keyboard.press('Shift+ArrowRight')
  await expect
    .poll(async () => numberIn((await area.getByRole('heading').textContent())!))
    .toBeCloseTo(small * 1.5, 0)
  const before = await view.lanesCanvas.getAttribute('aria-label')
  await area.getByRole('button', { name: 'Zoom to' }).click()
  await expect(view.lanesCanvas).not.toHaveAttribute('aria-label', before!)
})

test('the width means time or chunks, and keys step from chunk to chunk on both', async ({
  view,
  app,
  shot,
}) => {
  await view.expectRow({ route: 'log.dump' })
  await view.lanesCanvas.focus()
  await app.keyboard.press('Home')
  await expect(view.lanesCanvas).toHaveAccessibleName(/standing still/)
  const onTime = (await readLineStrip(view, 'in')).length
  await app.keyboard.press('o')
  await expect(view.lanes.getByRole('radio', { name: 'Chunks' })).toBeChecked()
  await expect(view.lanesCanvas).toHaveAccessibleName(/ [\d\s]+ chunks? visible/)
  // without pauses the strip is full from its first chunk to its last
  await app.keyboard.press('Home')
  await expect
    .poll(async () => {
      const runs = await readLineStrip(view, 'in')
      return runs.length > 0 && runs.every((run, at) => at === 0 || run.fromX - runs[at - 1]!.toX <= 40)
    })
    .toBe(true)
  expect(onTime).toBeGreaterThan(1)
  await shot('lanes-ordinal')

  const { middleX } = (await readLineStrip(view, 'in'))[0]!
  const name = await hoverStrip(view, 'in', middleX)
  expect(name).toMatch(/^#\d+ /)
  await app.mouse.down()
  await app.mouse.up()
  const first = Number(/\d+/.exec(name)![0])
  await expect(view.row(first)).toHaveAttribute('aria-selected', 'true')

  await view.lanesCanvas.focus()
  const told = view.lanes.getByRole('status').filter({ hasText: /On the wire/ })
  await app.keyboard.press('.')
  await expect(told).toContainText(`#${first} `)
  const one = await told.textContent()
  await app.keyboard.press('.')
  await expect(told).not.toHaveText(one!)
  await app.keyboard.press(',')
  await expect(told).toHaveText(one!)

  await app.keyboard.press('o')
  await expect(view.lanes.getByRole('radio', { name: 'Time' })).toBeChecked()
  await app.keyboard.press('c')
  await app.keyboard.press('c')
  await expect(view.lanes.getByRole('radio', { name: 'Type' })).toBeChecked()
  await expect(view.lanes.locator('.lanes-heads')).toContainText('event')
  await view.lanes.getByRole('button', { name: 'Legend' }).click()
  const legend = view.lanes.getByRole('region', { name: 'What the marks mean' })
  await expect(legend.getByRole('listitem')).toHaveCount(17)
  await shot('lanes-legend')
  await app.keyboard.press('Escape')
  await expect(legend).toBeHidden()
})

test('byte ranges show which bytes of the selected message were on the line when', async ({
  view,
  host,
  app,
  shot,
}) => {
  await view.expectConnected()
  await view.lanesCanvas.focus()
  await app.keyboard.press('b')
  const panel = view.lanes.getByRole('region', { name: 'Byte ranges' })
  await expect(panel).toContainText('Select a message')
  const text = 'x'.repeat(3000)
  await view.send({ route: 'echo', body: JSON.stringify({ text }), format: 'JSON' })
  await expect(view.outcome).toContainText(/answered in/)
  const link = view.outcome.getByRole('button').first()
  const id = numberIn((await link.textContent())!)
  await link.click()
  const summary = panel.getByRole('status')
  await expect(summary).toContainText(/^3\s011 B in \d+ pieces/)
  expect((await detailOf(host, id)).bodyBytes).toBe(3011)
  const chart = panel.getByRole('img', { name: `Body offset over time of message ${id}` })
  await chart.focus()
  await app.keyboard.press('Home')
  await expect(summary).toContainText(/^1 of \d+: bytes 0–\d+/)
  await app.keyboard.press('ArrowRight')
  await expect(summary).toContainText(/^2 of \d+: bytes/)
  await view.lanesCanvas.focus()
  await app.keyboard.press('f')
  await app.keyboard.press('f')
  await shot('lanes-byte-range-light')
  await view.chooseTheme('dark')
  await shot('lanes-byte-range')
  await view.lanesCanvas.focus()
  await app.keyboard.press('b')
  await expect(panel).toBeHidden()
})
