import { expect, test } from './fixtures'
import { hoverStrip, readLineStrip, type StripRun } from './line-strip'
import { detailOf, detailsOf } from './record'
import { Screen } from './screen'

test.use({ motion: 'no-preference' })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('from the first screen to the simulated device with the keyboard alone', async ({ app, shot }) => {
  const screen = new Screen(app)
  await expect(screen.card).toBeVisible()
  await expect(screen.card).toContainText('Choose a port or type its path')
  await expect(screen.card.getByRole('button', { name: 'Connect' })).toBeFocused()
  await shot('connection-card')

  await screen.tabTo('Serial')
  await app.keyboard.press('ArrowLeft') // wraps to the last kind
  await expect(screen.card.getByRole('tab', { name: 'Simulator' })).toHaveAttribute('aria-selected', 'true')
  await expect(screen.card).toContainText('No hardware needed')
  await screen.tabTo('Connect')
  await app.keyboard.press('Enter')

  await screen.expectConnected()
  await expect(screen.linkButton).toContainText('demo')
  await expect(screen.linkButton).toContainText('115 200 8N1')
  await expect(screen.linkButton).toContainText('simulated')
  const row = await screen.expectRow({ route: 'telemetry.imu', status: 'ok', dir: 'received' })
  expect(row.body).toMatch(/^\{"t":\d+,"seq":\d+,"acc":\[/)
})

test.describe('the simulated device', () => {
  test.use({ links: ['sim:demo'] })

  test('lanes show messages interleaved on the line: in colours, on the card, and in the record', async ({
    app,
    host,
    shot,
  }) => {
    const screen = new Screen(app)
    await screen.expectRow({ route: 'log.dump' })
    await screen.lanesCanvas.focus()
    await app.keyboard.press('Home') // stands still at the beginning, in which the first log is sent
    // a small one between two of the log; the log between two small ones is not meant
    const namesOfSandwich = async (): Promise<string[]> => {
      const names: string[] = []
      const runs = sandwichOf(await readLineStrip(screen, 'in')) ?? []
      for (const { middleX } of runs) names.push(await hoverStrip(screen, 'in', middleX))
      return names
    }
    let names: string[] = []
    await expect.poll(async () => (names = await namesOfSandwich())[0] ?? '').toMatch(/^#\d+ log\.dump$/)
    await shot('lanes-interleaved')
    expect(names[2]).toBe(names[0])
    expect(names[1]).toMatch(/^#\d+ (telemetry\.imu|log\.print)$/)
    await expect(screen.lanes.getByRole('listitem').filter({ hasText: 'log.dump, received' })).toHaveCount(1)
    await expect(
      screen.lanes.getByRole('listitem').filter({ hasText: 'telemetry.imu, received' }),
    ).toHaveCount(1)

    const ids = names.map((name) => Number(/\d+/.exec(name)![0]))
    const [large, small] = await detailsOf(host, ids)
    expect(large!.timing.firstChunkMs!).toBeLessThan(small!.timing.firstChunkMs!)
    await expect
      .poll(async () => (await detailOf(host, large!.id)).timing.lastChunkMs)
      .toBeGreaterThan(small!.timing.lastChunkMs!)
    await expect.poll(async () => (await detailOf(host, large!.id)).timing.interleavedMs).toBeGreaterThan(0)
  })

  test('list, lanes and inspector agree about a message', async ({ app, host, shot }) => {
    const screen = new Screen(app)
    await screen.expectRow({ route: 'log.print', status: 'ok' })
    await screen.pause()
    const row = (await screen.rowsOf('telemetry.imu')).find(({ status }) => status === 'ok')!
    await screen.select(row.id)

    await expect(screen.inspector).toContainText(`telemetry.imu#${row.id}`)
    await expect(screen.fact('Size')).toContainText(`${row.sizeBytes} B in 1 chunk`)
    await expect(screen.fact('Kind')).toHaveText('event, priority 3, received')
    const detail = await detailOf(host, row.id)
    expect(detail.body.length).toBe(row.sizeBytes)
    const sent = JSON.parse(new TextDecoder().decode(detail.body)) as { seq: number }
    expect(await screen.shownJson()).toEqual(sent)
    const hex = await screen.openTab('Hex')
    await expect(hex).toContainText('7b 22 74 22 3a') // {"t":
    await shot('selected-message')

    // and the other way round: a click in the lanes selects in list and inspector
    const { middleX } = (await readLineStrip(screen, 'in')).at(-1)!
    const name = await hoverStrip(screen, 'in', middleX)
    await app.mouse.down()
    await app.mouse.up()
    const id = Number(/\d+/.exec(name)![0])
    await expect(screen.row(id)).toHaveAttribute('aria-selected', 'true')
    await expect(screen.inspector).toContainText(`#${id}`)
  })

  test('the composer gets its answer, and each leads to the other', async ({ app, shot }) => {
    const screen = new Screen(app)
    await screen.expectConnected()
    await screen.send({ route: 'add', body: '{"a":1,"b":2}', format: 'JSON' })
    await expect(screen.outcome).toContainText(/answered in [\d.]+\sm?s/)
    await expect(screen.outcome).toContainText('{"sum":3}')

    await screen.pause()
    await screen.outcome.getByRole('button').first().click() // the list goes there
    const request = await screen.expectRow({ route: 'add', kind: 'request', dir: 'sent', status: 'ok' })
    expect(request.sizeBytes).toBe(13)
    expect(request.roundTripMs).toBeGreaterThan(0)
    const answer = await screen.expectRow({ kind: 'reply', dir: 'received', status: 'ok', body: '{"sum":3}' })
    expect(answer.sizeBytes).toBe(9)

    await expect(screen.inspector).toContainText(/Answered in [\d.]+\sm?s/)
    await screen.inspector.getByRole('button', { name: `reply #${answer.id}` }).click()
    await expect(screen.inspector).toContainText(`request #${request.id}`)
    expect(await screen.shownJson()).toEqual({ sum: 3 })
    await screen.inspector.getByRole('button', { name: `request #${request.id}` }).click()
    expect(await screen.shownJson()).toEqual({ a: 1, b: 2 })
    await shot('answer')
  })

  test('Space stops the view but not the capture, End goes back to the newest', async ({ app }) => {
    const screen = new Screen(app)
    await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
    await screen.pause()
    const paused = screen.status.getByRole('button', { name: /^Paused/ })
    const head = await app.getByRole('region', { name: 'Messages' }).innerText()
    const newest = Number(/Messages\s+(\d+)/.exec(head)![1])
    await expect.poll(async () => (await screen.rows()).at(-1)!.id).toBe(newest) // the last one filled in
    const picture = await readLineStrip(screen, 'in')
    await expect(paused).toHaveText(/Paused \+[3-9]/) // the capture went on
    expect((await screen.rows()).at(-1)!.id).toBe(newest)
    expect(await readLineStrip(screen, 'in')).toEqual(picture)

    await app.keyboard.press('End')
    await expect(screen.status.getByRole('button', { name: 'Live' })).toBeVisible()
    await expect.poll(async () => (await screen.rows()).at(-1)!.id).toBeGreaterThan(newest + 2)
    await expect.poll(() => readLineStrip(screen, 'in')).not.toEqual(picture)
  })

  test('the status bar says how much goes over the line', async ({ app }) => {
    const screen = new Screen(app)
    // while the device sends its log, the line of 11 520 bytes a second is nearly full
    await expect(screen.status).toContainText(/↓\s*(9|1\d)\.\d\skB\/s/)
    await expect(screen.status).toContainText(/Line\s*[6-9]\d\s%/)
    await expect(screen.status).toContainText(/Lost\s*0/)
    await expect(screen.status).toContainText(/Faults\s*0/)
    const text = await screen.status.innerText()
    const share = Number(/Line\s*(\d+)\s%/.exec(text)![1])
    const rate = Number(/([\d.]+)\skB\/s/.exec(text)![1]) * 1000
    expect(Math.abs(share / 100 - rate / 11_520)).toBeLessThan(0.05)
  })
})

/** Three neighbouring stretches of the line: a message, another one, and the first one going on. */
function sandwichOf(runs: readonly StripRun[]): readonly [StripRun, StripRun, StripRun] | undefined {
  const at = runs.findIndex((run, index) => {
    const [next, third] = [runs[index + 1], runs[index + 2]]
    const isWide = run.toX - run.fromX > 20 && third !== undefined && third.toX - third.fromX > 20
    return isWide && next !== undefined && next.hue !== run.hue && third.hue === run.hue
  })
  return at < 0 ? undefined : [runs[at]!, runs[at + 1]!, runs[at + 2]!]
}
