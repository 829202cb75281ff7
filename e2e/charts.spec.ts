import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { callFromPage } from './raw-call'
import { Screen } from './screen'

test.use({ links: ['sim:demo?baud=115200'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

const FIELD = 'body.seq'
const FILTER = 'msg.route == "telemetry.imu"'

/** Pixels that are not of the ground, over all charts: a chart that draws has many. */
const inkOf = (app: Page): Promise<number> =>
  app.locator('.ch-plot canvas').evaluateAll((canvases) =>
    canvases.reduce((sum, each) => {
      const canvas = each as HTMLCanvasElement
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      let ink = 0
      for (let at = 3; at < data.length; at += 4) ink += data[at]! > 0 ? 1 : 0
      return sum + ink
    }, 0),
  )

/** From the words of the status bar. */
function bytesIn(text: string | null): number {
  const [, number, unit] = /↓\s*([\d.]+)\s(B|kB)\/s/.exec(text ?? '') ?? []
  return number === undefined ? 0 : Number(number) * (unit === 'kB' ? 1000 : 1)
}

const numberIn = (text: string): number => Number(/[\d\u00a0.]+/.exec(text)![0].replaceAll('\u00a0', ''))

test('charts show rates, line and round trips, a number out of bodies, and lead back to the message', async ({
  app,
  host,
  shot,
}) => {
  const screen = new Screen(app)
  await screen.expectConnected()
  for (let at = 0; at < 6; at++) {
    await callFromPage(host, 'message.send', {
      linkId: 1,
      route: 'echo',
      kind: 'request',
      body: new Uint8Array(200 + at * 300).fill(65),
      headers: {},
      priority: 3,
      timeoutMs: 30_000,
    })
  }
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
  await screen.chooseTheme('dark')
  await app.keyboard.press('Control+3')
  const charts = app.getByRole('region', { name: 'Charts', exact: true })
  const body = charts.getByRole('group', { name: 'Charts over time' })
  await expect(body).toBeFocused()
  await charts.getByRole('radio', { name: '30 s' }).click()

  // what is drawn is what the core counted, and agrees with the status bar
  await expect.poll(() => inkOf(app)).toBeGreaterThan(5000)
  const all = { linkId: 1, fromMs: 0, toMs: 3_600_000, bins: 2000 }
  await expect
    .poll(async () => {
      const told = bytesIn(await screen.status.textContent())
      const { nowMs } = (await callFromPage(host, 'series.get', all)).series
      const last = { linkId: 1, fromMs: nowMs - 1000, toMs: nowMs, bins: 2000 }
      const { columns } = (await callFromPage(host, 'series.get', last)).series
      const lastSecond = columns.bytesIn.slice(-10).reduce((sum, rate) => sum + rate, 0) / 10
      return told > 0 && Math.abs(told - lastSecond) / told
    })
    .toBeLessThan(0.15)
  await expect(charts.getByRole('region', { name: 'Rates' }).locator('.ch-value').first()).toContainText(
    'B/s',
  )
  const counted = async (): Promise<number> => {
    const { overview } = await callFromPage(host, 'capture.overview', { bins: 64 })
    return overview.bytesIn.reduce((sum, amount) => sum + amount, 0)
  }
  const before = await counted()
  const { series } = await callFromPage(host, 'series.get', all)
  const after = await counted() // traffic goes on between two questions
  const rates = series.columns.bytesIn.filter((rate) => rate > 0)
  const bytes = rates.reduce((sum, rate) => sum + rate, 0) * (series.binMs / 1000)
  expect(before).toBeGreaterThan(1000)
  expect(bytes).toBeGreaterThan(before * 0.9)
  expect(bytes).toBeLessThan(after * 1.1)
  expect(Math.max(...series.columns.busyIn.filter((share) => share >= 0))).toBeGreaterThan(0.01)
  expect(Math.max(...series.columns.answers.filter((count) => count >= 0))).toBeGreaterThan(0)

  // a number out of bodies
  await charts.getByRole('button', { name: 'Add plot' }).click()
  const editor = charts.getByRole('form', { name: 'New plot' })
  await editor.getByRole('combobox', { name: 'Messages' }).fill('msg.rute == 1')
  await expect(editor.getByRole('status')).toContainText('there is no field msg.rute')
  await editor.getByRole('combobox', { name: 'Messages' }).fill(FILTER)
  await editor.getByRole('combobox', { name: 'Number' }).press('ArrowDown')
  await expect(editor.getByRole('option', { name: FIELD })).toBeVisible()
  await editor.getByRole('combobox', { name: 'Number' }).fill(FIELD)
  await editor.getByRole('combobox', { name: 'Number' }).press('Enter')
  const plot = charts.getByRole('region', { name: `${FIELD} · telemetry.imu`, exact: true })
  await expect(plot).toBeVisible()
  await expect(body).toBeFocused()
  await expect(plot.locator('.ch-value')).not.toHaveText('–')
  await app.keyboard.press('Space')
  await expect(charts.getByRole('button', { name: /^Resume/ })).toBeVisible()
  await shot('charts-dark')

  // nothing is drawn while nothing is new
  const painted = await app.evaluate(async () => {
    let draws = 0
    const { prototype } = CanvasRenderingContext2D
    const original = Reflect.get<typeof prototype, 'clearRect'>(prototype, 'clearRect')
    Reflect.set(prototype, 'clearRect', function (this: unknown, ...area: number[]) {
      draws += 1
      Reflect.apply(original, this, area)
    })
    for (let frame = 0; frame < 30; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
    Reflect.set(prototype, 'clearRect', original)
    return draws
  })
  expect(painted).toBe(0)

  // the cursor by keyboard: what is said is what the message has
  for (let panel = 0; panel < 6; panel++) await app.keyboard.press('ArrowDown')
  await app.keyboard.press('Shift+ArrowLeft')
  const spoken = app.getByTestId('chart-spoken')
  await expect(spoken).toContainText(`${FIELD} · telemetry.imu `)
  const said = (await spoken.textContent())!
  const value = numberIn(said.slice(said.lastIndexOf('imu ') + 4))
  await expect(charts.locator('.ch-readout')).toContainText(said.split(',')[0]!)
  const { points } = await callFromPage(host, 'series.field', {
    linkId: null,
    filter: FILTER,
    field: FIELD,
    fromMs: 0,
    toMs: 3_600_000,
    limit: 100_000,
    bins: 2000,
  })
  expect([...points.values]).toContain(value)
  const view = { filter: FILTER, marks: [], order: 'time' } as const
  const { rows } = await callFromPage(host, 'list.rows', {
    view: { ...view, marks: [] },
    from: 0,
    count: 20,
    fields: [FIELD],
  })
  const listed = rows.flatMap((row) =>
    row.row === 'message' && row.cells[0] !== '' ? [[row.id, Number(row.cells[0])]] : [],
  )
  expect(listed.length).toBeGreaterThan(5)
  const byId = new Map([...points.messageIds].map((id, at) => [id, points.values[at]]))
  for (const [id, number] of listed) expect(byId.get(id!)).toBe(number)

  // zoom, pan and follow by key
  await app.keyboard.press('w')
  await expect(charts.getByRole('button', { name: /^Follow/ })).toBeVisible()
  await app.keyboard.press('a')
  await app.keyboard.press('d')
  await shot('charts-zoomed')

  // as a table
  await charts.getByRole('button', { name: 'Table' }).click()
  await expect(charts.getByRole('table').first()).toContainText('Line utilisation')
  await shot('charts-table')
  await charts.getByRole('button', { name: 'Table' }).click()
  await screen.chooseTheme('light')
  await app.mouse.move(2, 2)
  await shot('charts-light')

  // Enter selects the message at the cursor and shows it where messages are
  await body.focus()
  const id = [...points.messageIds][[...points.values].indexOf(value)]!
  await app.keyboard.press('Enter')
  await expect(screen.row(id)).toHaveAttribute('aria-selected', 'true')
  await expect(screen.inspector).toContainText(`telemetry.imu#${id}`)
})
