import type { Page } from '@playwright/test'
import { expect, test as base } from './fixtures'
import { Screen } from './screen'

const test = base.extend<{ view: Screen }>({
  view: async ({ app }, use) => use(new Screen(app)),
})

/** From the one after the first, round to the first again. */
const KINDS_IN_ORDER = [
  'TCP client',
  'TCP server',
  'WebSocket',
  'WebSocket server',
  'UDP client',
  'UDP server',
  'Simulator',
  'Serial',
]

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test.describe('on the live page', () => {
  test.use({ links: ['sim:demo'] })

  test('F6 goes through the panes in order, also out of a text field, and Shift F6 back', async ({
    app,
    view: screen,
  }) => {
    await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
    await screen.body.focus()
    const panes: string[] = []
    for (let turn = 0; turn < 6; turn++) {
      await app.keyboard.press('F6')
      panes.push(await focusedPane(app))
    }
    expect(panes).toEqual(['inspector', 'title', 'lanes', 'list', 'composer', 'inspector'])
    for (const pane of ['composer', 'list', 'lanes', 'title', 'inspector']) {
      await app.keyboard.press('Shift+F6')
      expect(await focusedPane(app)).toBe(pane)
    }
  })

  test('arrows walk through the list, Enter looks into a message, Escape comes back', async ({
    app,
    view: screen,
    shot,
  }) => {
    await screen.expectMessages(6)
    await screen.list.focus()
    await app.keyboard.press('Home')
    await expect(screen.row(1)).toHaveAttribute('aria-selected', 'true')
    for (const [key, id] of [
      ['ArrowDown', 2],
      ['ArrowDown', 3],
      ['ArrowUp', 2],
    ] as const) {
      await app.keyboard.press(key)
      await expect(screen.row(id)).toHaveAttribute('aria-selected', 'true')
      await expect(screen.inspector).toContainText(`#${id}`)
    }
    await expect(screen.list).toHaveAttribute('aria-activedescendant', 'message-2')

    await app.keyboard.press('Enter')
    expect(await focusedPane(app)).toBe('inspector')
    await app.keyboard.press('Tab') // the buttons of its head come first
    await screen.inspector.getByRole('tab', { name: 'Summary' }).focus()
    for (const tab of ['Tree', 'Hex', 'JSON', 'Text', 'Time', 'Diff', 'Summary']) {
      await app.keyboard.press('ArrowRight')
      await expect(screen.inspector.getByRole('tab', { name: tab })).toBeFocused()
      await expect(screen.inspector.getByRole('tab', { name: tab })).toHaveAttribute('aria-selected', 'true')
      await expect(screen.inspector.getByRole('tabpanel', { name: tab })).toBeVisible()
    }
    await shot('walked')
    await app.keyboard.press('Escape')
    await expect(screen.list).toBeFocused()

    await app.keyboard.press('End')
    await expect(screen.list.locator('[aria-selected=true]')).toHaveCount(1)
    await expect(app.getByRole('button', { name: 'Following' })).toBeVisible()
  })

  test('brackets lead from a request to its answer and back', async ({ app, view: screen }) => {
    await screen.expectConnected()
    await screen.send({ route: 'echo', body: '1', format: 'JSON' })
    await expect(screen.outcome).toContainText('answered in')
    await screen.pause()
    await screen.outcome.getByRole('button').first().click()
    const request = await screen.expectRow({ route: 'echo', kind: 'request' })
    const reply = await screen.expectRow({ route: 'echo', kind: 'reply' })
    await screen.list.focus()
    await app.keyboard.press(']')
    await expect(screen.row(reply.id)).toHaveAttribute('aria-selected', 'true')
    await app.keyboard.press('[')
    await expect(screen.row(request.id)).toHaveAttribute('aria-selected', 'true')
  })

  test('letters move in the lanes, and only there', async ({ app, view: screen }) => {
    await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
    await screen.lanesCanvas.focus()
    await expect(screen.lanesCanvas).toHaveAccessibleName(/ 2 s visible, following\./)
    await app.keyboard.press('s')
    await expect(screen.lanesCanvas).not.toHaveAccessibleName(/ 2 s visible/)
    await app.keyboard.press('c')
    await expect(screen.lanes.getByRole('radio', { name: 'Priority' })).toBeChecked()
    await app.keyboard.press('a')
    await expect(screen.lanesCanvas).toHaveAccessibleName(/standing still/)
    await app.keyboard.press('End')
    await expect(screen.lanesCanvas).toHaveAccessibleName(/following/)

    await screen.body.focus()
    await app.keyboard.type('a c s?  w')
    await expect(screen.body).toHaveText('a c s?  w')
    await expect(screen.lanes.getByRole('radio', { name: 'Priority' })).toBeChecked()
    await expect(app.getByRole('dialog')).toHaveCount(0)
    await expect(screen.status.getByRole('button', { name: 'Live' })).toBeVisible()
  })

  test('Ctrl L clears the messages: after a question, or at once while they are recorded', async ({
    app,
    view: screen,
  }) => {
    const kept = async (): Promise<number> =>
      Number(/Messages\s*(\d+)/.exec((await screen.status.textContent()) ?? '')?.[1] ?? Number.NaN)
    await expect.poll(kept).toBeGreaterThan(12)
    await app.keyboard.press('Control+l')
    await expect(app.getByText(/^Clear \d+ messages\?/)).toBeVisible()
    await app.keyboard.press('Enter')
    await expect(app.getByText(/^Clear \d+ messages\?/)).toBeHidden()
    await expect.poll(kept).toBeLessThan(12)
    await expect(screen.list).toBeFocused()

    await app.keyboard.press('Control+Shift+r')
    await expect(app.getByRole('button', { name: /^Stop/ })).toBeVisible()
    await expect.poll(kept).toBeGreaterThan(12)
    await app.keyboard.press('Control+l')
    await expect.poll(kept).toBeLessThan(12)
    await app.keyboard.press('Control+Shift+r')
  })

  test('the figures of the status bar lead to where more is told of them', async ({ app, view: screen }) => {
    await screen.expectConnected()
    for (const [name, page] of [
      ['Line', 'Charts'],
      ['Messages', 'Live'],
      ['Faults', 'Problems'],
    ] as const) {
      await screen.status.getByRole('button', { name: new RegExp(`^${name}`) }).click()
      await expect(app.getByRole('button', { name: page, exact: true }).first()).toHaveAttribute(
        'aria-current',
        'page',
      )
    }
    await screen.status.getByRole('button', { name: 'Connected' }).click()
    await expect(screen.linkButton).toHaveAttribute('aria-expanded', 'true')
  })

  test('Tab visits every pane and ends up where it began: nothing holds the focus', async ({
    app,
    view: screen,
  }) => {
    await screen.expectMessages(3)
    await screen.pause()
    await screen.list.focus()
    await app.keyboard.press('Home') // a selected message gives the inspector its buttons
    await expect(screen.inspector).toContainText('#1')
    await screen.linkButton.focus()
    const forward = await walk(app, 'Tab', await markOf(app))
    expect(new Set(forward.map(({ pane }) => pane))).toEqual(
      new Set(['title', 'lanes', 'list', 'composer', 'inspector', '']),
    )
    const back = await walk(app, 'Shift+Tab', await markOf(app))
    expect(new Set(back.map(({ mark }) => mark))).toEqual(new Set(forward.map(({ mark }) => mark)))
    for (const { name, mark } of forward) expect(name, mark).not.toBe('')
  })
})

test('the question mark shows the keys, Escape puts them away and the focus back', async ({
  app,
  view: screen,
  shot,
}) => {
  await expect(screen.card).toBeVisible()
  await app.keyboard.press('Escape')
  await expect(screen.card).toBeHidden()
  await screen.list.focus()
  await app.keyboard.press('?')
  const sheet = app.getByRole('dialog', { name: 'Keys' })
  await expect(sheet).toBeVisible()
  await expect(sheet).toContainText('Send what is in the composer')
  await expect(sheet).toContainText('Ctrl')
  await shot('keys')
  for (let turn = 0; turn < 3; turn++) await app.keyboard.press('Tab')
  expect(await sheet.evaluate((element) => element.contains(document.activeElement))).toBe(true)
  await app.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await expect(screen.list).toBeFocused()
})

test('Ctrl O brings the connection card, Escape gives back what was below it', async ({
  app,
  view: screen,
}) => {
  // what was below it is a plain field first, which becomes an editor while the card is open
  let loadEditor = (): void => {}
  const isAsked = new Promise<void>((resolve) => (loadEditor = resolve))
  await app.route(/CodeEditor/, async (route) => {
    await isAsked
    await route.fallback()
  })
  await app.reload()
  await expect(screen.card).toBeVisible()
  await app.keyboard.press('Escape')
  await expect(screen.card).toBeHidden()
  await screen.body.fill('half written')
  await app.keyboard.press('Control+o')
  await expect(screen.card.getByRole('button', { name: 'Connect' })).toBeFocused()
  loadEditor()
  await expect(app.locator('#composer-body.cm-content')).toBeAttached()
  await app.keyboard.press('F6') // nothing behind the card acts
  expect(await screen.card.evaluate((card) => card.contains(document.activeElement))).toBe(true)
  await app.keyboard.press('Escape')
  await expect(screen.card).toBeHidden()
  await expect(screen.body).toBeFocused()
  await expect(screen.body).toHaveText('half written')
})

test('in the connection card arrows choose the kind, and Escape closes first the list, then the card', async ({
  app,
  view: screen,
}) => {
  await screen.tabTo('Serial')
  for (const kind of KINDS_IN_ORDER) {
    await app.keyboard.press('ArrowRight')
    await expect(screen.card.getByRole('tab', { name: kind, exact: true })).toHaveAttribute(
      'aria-selected',
      'true',
    )
    await expect(screen.card.getByRole('tabpanel', { name: kind, exact: true })).toBeVisible()
  }
  const speed = screen.card.getByRole('combobox', { name: 'Speed' })
  await speed.focus()
  await app.keyboard.press('ArrowDown')
  await expect(screen.card.getByRole('option', { name: '115200', exact: true })).toBeVisible()
  await app.keyboard.press('ArrowDown')
  await app.keyboard.press('Enter')
  await expect(speed).toHaveValue('230400')
  await app.keyboard.press('ArrowDown')
  await app.keyboard.press('Escape')
  await expect(speed).toHaveAttribute('aria-expanded', 'false')
  await expect(screen.card).toBeVisible()
  await app.keyboard.press('Escape')
  await expect(screen.card).toBeHidden()
})

const focusedPane = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-pane]')?.dataset['pane'] ?? '')

interface Stop {
  /** Tells one control from another. */
  readonly mark: string
  readonly name: string
  readonly pane: string
}

/** The control that has the focus; null when the page itself has it. */
const markOf = (page: Page): Promise<Stop | null> =>
  page.evaluate(() => {
    const element = document.activeElement
    if (!(element instanceof HTMLElement) || element === document.body) return null
    const marks: Element[] = ((window as { stops?: Element[] }).stops ??= [])
    if (!marks.includes(element)) marks.push(element)
    const labels =
      element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels : null
    const words = [
      element.getAttribute('aria-label'),
      element.getAttribute('title'),
      labels?.[0]?.textContent,
      element.textContent,
    ]
    return {
      mark: `${marks.indexOf(element)} ${element.tagName} ${element.className}`,
      name: words.find((word) => word !== null && word !== undefined && word !== '') ?? '',
      pane: element.closest<HTMLElement>('[data-pane]')?.dataset['pane'] ?? '',
    }
  })

/** Presses the key until the focus is where it began, and gives every stop on the way. */
async function walk(page: Page, key: string, from: Stop | null): Promise<Stop[]> {
  const stops: Stop[] = []
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press(key)
    const stop = await markOf(page)
    if (stop !== null) stops.push(stop)
    if (stop !== null && stop.mark === from?.mark) return stops
  }
  throw new Error(`${key} does not come round: ${JSON.stringify(stops.slice(-5))}`)
}
