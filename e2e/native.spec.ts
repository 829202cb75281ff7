import type { Locator, Page } from '@playwright/test'
import type { MessageRow } from '../src/shared/model/views'
import { test as base, expect } from './fixtures'
import type { RunningHost } from './hosts/running-host'
import { NetcoreListen } from './netcore-listen'
import { callFromPage } from './raw-call'
import { detailsOf } from './record'
import { Screen } from './screen'
import { TcpDevice } from './tcp-device'

const PASSWORD = 'correct horse'

const test = base.extend<{ view: Screen; listener: NetcoreListen }>({
  view: async ({ app }, use) => use(new Screen(app)),
  /** A device that asks for a password. */
  listener: async ({}, use) => {
    const listener = await NetcoreListen.start('dialect=native', PASSWORD)
    await use(listener)
    await listener.stop()
  },
})

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('over a line that damages and loses bytes every message arrives, once, and requests are answered', async ({
  view: screen,
  host,
  shot,
}) => {
  await screen.openCard()
  await screen.card.getByRole('tab', { name: 'Simulator' }).click()
  await chooseNative(screen)
  await screen.card.getByRole('textbox', { name: 'Bit flips' }).fill('0.001')
  await screen.card.getByRole('textbox', { name: 'Lost bytes' }).fill('0.001')
  await screen.page.keyboard.press('Enter')
  await screen.expectConnected()

  const text = 'all of it '.repeat(600)
  await screen.send({ route: 'echo', body: text, format: 'Text' })
  await expect(screen.outcome).toContainText('answered in')
  const echoes = (await rowsOf(host)).filter(({ route }) => route === 'echo')
  expect(echoes.map(({ dir, status, doneBytes }) => [dir, status, doneBytes])).toEqual([
    ['out', 'answered', text.length],
    ['in', 'received', text.length],
  ])
  await screen.send({ route: 'add', body: '{"a":1,"b":2}', format: 'JSON' })
  await expect(screen.outcome).toContainText('{"sum":3}')

  await expect.poll(async () => (await readings(host)).length).toBeGreaterThan(12)
  await expect.poll(async () => gaps(await readings(host))).toEqual([])
  await expect(screen.status).toContainText(/Faults\s*[1-9]/)
  await expect(screen.status).toContainText(/Repeats\s*[1-9]/)
  await expect(screen.status).toContainText(/Lost\s*0/)
  await expect(screen.status).toContainText(/Clock\s*±/)
  await screen.linkButton.click()
  const menu = screen.page.getByRole('group', { name: 'Links' })
  await expect(menu).toContainText('Connected · 115 200 8N1 · simulated · Native')
  await expect(menu).toContainText('With simulated demo · clock')
  await shot('native-link')
})

test('a wrong password is refused with what to do, the right one connects, and neither is kept', async ({
  view: screen,
  listener,
  shot,
}) => {
  const { page, card } = screen
  await openCardFor(screen, listener.port)
  const password = passwordOf(card)
  await password.fill('battery staple')
  await page.keyboard.press('Enter')

  const problem = card.getByRole('alert')
  await expect(problem).toContainText('AUTH_FAILED')
  await expect(problem).toContainText('The password or the user is wrong')
  await expect(password).toBeFocused()
  await expect(password).toHaveAttribute('aria-invalid', 'true')
  await shot('native-refused')
  await otherTheme(screen.page)
  await shot('native-refused-other-theme')
  expect((await page.content()).includes('battery staple')).toBe(false)

  await password.fill(PASSWORD)
  await page.keyboard.press('Enter')
  await screen.expectConnected()
  await screen.send({ route: 'add', body: '{"a":1,"b":2}', format: 'JSON' })
  await expect(screen.outcome).toContainText('{"sum":3}')

  await screen.openCard()
  const recent = card.getByRole('list', { name: 'Recent' })
  await expect(recent).toContainText(`127.0.0.1:${listener.port} · Native`)
  await expect(passwordOf(card)).toHaveValue('')
  const kept = await page.evaluate(() => JSON.stringify(Object.entries(localStorage)))
  expect(kept).toContain(String(listener.port))
  for (const seen of [kept, await page.content(), listener.output()]) {
    expect(/correct horse|battery/.test(seen)).toBe(false) // without printing what was seen
  }
})

test('a device opened without its password asks for it, in the menu and on the card', async ({
  view: screen,
  listener,
}) => {
  const { page, card } = screen
  await openCardFor(screen, listener.port)
  await page.keyboard.press('Enter')
  await expect(card.getByRole('alert')).toContainText('AUTH_REQUIRED')
  await expect(card.getByRole('alert')).toContainText('Give it where you connect')
  await expect(passwordOf(card)).toBeFocused()
  await page.keyboard.press('Escape')

  await expect(screen.status).toContainText('Closed: AUTH_REQUIRED')
  await screen.linkButton.click()
  const menu = page.getByRole('group', { name: 'Links' })
  await expect(menu).toContainText('Closed: AUTH_REQUIRED')
  await menu.getByRole('button', { name: 'Password…' }).click()
  await expect(card.getByLabel('Port', { exact: true })).toHaveValue(String(listener.port))
  await passwordOf(card).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await screen.expectConnected()
})

test('a handshake that nobody answers says what may be wrong, on the card and on the page', async ({
  view: screen,
  shot,
}) => {
  const mute = await TcpDevice.listen()
  await openCardFor(screen, mute.port)
  await screen.page.keyboard.press('Enter')
  const hint = 'Nobody answers. Does the other side speak the same protocol?'
  await expect(screen.card.getByRole('status')).toHaveText(`Shaking hands… ${hint}`)
  await expect(screen.card).toBeVisible()
  await shot('native-nobody')
  await screen.page.keyboard.press('Escape')
  await expect(screen.status).toContainText('Closed')
  await mute.close()
})

test('a device that falls silent is told of since when, and goes on where it was', async ({
  view: screen,
  listener,
  shot,
}) => {
  test.skip(process.platform === 'win32', 'processes cannot be stopped there')
  await openCardFor(screen, listener.port)
  await passwordOf(screen.card).fill(PASSWORD)
  await screen.page.keyboard.press('Enter')
  await screen.expectConnected()
  listener.freeze()
  await screen.send({ route: 'echo', body: 'still there?', format: 'Text' })
  const banner = screen.page.getByRole('status').filter({ hasText: 'Nothing comes' })
  await expect(banner).toContainText(/Silent since \d\d:\d\d:\d\d/)
  await expect(screen.status).toContainText(/Silent since \d\d:\d\d:\d\d/)
  await shot('native-silent')
  listener.thaw()
  await expect(screen.outcome).toContainText('answered in')
  await expect(banner).toBeHidden()
  await expect(screen.status).toContainText('Connected')
})

test.describe('on a device', () => {
  test.use({ links: ['sim:demo?dialect=native'] })

  test('the card moves nothing when the protocol is chosen, and its fields follow in order', async ({
    view: screen,
    shot,
  }) => {
    const { page, card } = screen
    await screen.expectConnected()
    await screen.openCard()
    await card.getByRole('tab', { name: 'TCP client' }).click()
    const connect = card.getByRole('button', { name: 'Connect' })
    const before = [await card.boundingBox(), await connect.boundingBox()]
    for (const dialect of ['raw', 'native', 'lso', 'native']) {
      await card.getByLabel('Protocol').selectOption(dialect)
      expect([await card.boundingBox(), await connect.boundingBox()]).toEqual(before)
    }
    await expect(card.getByLabel('Protocol')).toHaveAccessibleDescription(
      /nothing is lost, nothing arrives twice/,
    )
    const stops: string[] = []
    await card.getByLabel('Host').focus()
    await card.getByRole('button', { name: /^Advanced/ }).click()
    await card.getByLabel('Host').focus()
    for (let stop = 0; stop < 6; stop++) {
      await page.keyboard.press('Tab')
      stops.push(
        await page.evaluate(() => {
          const focused = document.activeElement
          const label = focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement
          return (label ? focused.labels?.[0]?.textContent : focused?.textContent) ?? ''
        }),
      )
    }
    expect(stops.map((text) => /^(Port|Protocol|Password|Advanced|Line|TLS)/.exec(text)?.[0])).toEqual([
      'Port',
      'Protocol',
      'Password',
      'Advanced',
      'Line',
      'TLS',
    ])
    const lossy = card.getByRole('checkbox', { name: 'Line can damage bytes' })
    await lossy.focus()
    await page.keyboard.press('Space')
    await expect(lossy).toBeChecked()
    await shot('native-card')
    await otherTheme(page)
    await shot('native-card-other-theme')
  })
})

async function openCardFor(screen: Screen, port: number): Promise<void> {
  await screen.openCard()
  await screen.card.getByRole('tab', { name: 'TCP client' }).click()
  await screen.card.getByLabel('Port', { exact: true }).fill(String(port))
  await chooseNative(screen)
}

async function chooseNative({ card }: Screen): Promise<void> {
  await card.getByLabel('Protocol').selectOption({ label: 'Native' })
  await expect(card).toContainText('nothing is lost, nothing arrives twice')
}

/** The button lies under the veil of the card. */
const otherTheme = (page: Page): Promise<void> =>
  page.getByRole('button', { name: /^Switch to the/ }).dispatchEvent('click')

const passwordOf = (card: Locator): Locator => card.getByLabel('Password')

interface Reading {
  readonly seq: number
  /** Readings that the device left out before this one, because its line was busy. */
  readonly skipped?: number
}

const rowsOf = async (host: RunningHost): Promise<readonly MessageRow[]> =>
  (await callFromPage(host, 'messages.rows', { from: 0, count: 500 })).rows

/** What came of the readings that the device pushes, in the order they were taken. */
async function readings(host: RunningHost): Promise<Reading[]> {
  const whole = (await rowsOf(host)).filter(
    ({ route, status }) => route === 'telemetry.imu' && status === 'received',
  )
  const details = await detailsOf(
    host,
    whole.map(({ id }) => id),
  )
  return details
    .map(({ body }) => JSON.parse(new TextDecoder().decode(body)) as Reading)
    .sort((one, other) => one.seq - other.seq)
}

/** Where a reading is missing, or came twice. */
const gaps = (sorted: readonly Reading[]): Reading[] =>
  sorted.filter(({ seq, skipped = 0 }, at) => seq !== (sorted[at - 1]?.seq ?? -1) + 1 + skipped)
