import { spawn } from 'node:child_process'
import { WatchedChild } from './hosts/child-process'
import { expect, test as base } from './fixtures'
import { NetcoreListen } from './netcore-listen'
import { OUT_DIR } from './paths'
import { callFromPage } from './raw-call'
import { bodyOf, detailOf } from './record'
import { Screen } from './screen'

const test = base.extend<{ view: Screen }>({ view: async ({ app }, use) => use(new Screen(app)) })

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('the page calls a Socket.D server under a path, in fragments, and shows what it says', async ({
  view: screen,
  host,
  shot,
}) => {
  const { card } = screen
  const server = await NetcoreListen.start('dialect=socketd', '')
  await screen.openCard()
  await card.getByRole('tab', { name: 'TCP client' }).click()
  await card.getByLabel('Protocol').selectOption({ label: 'Socket.D' })
  await card.getByLabel('Port', { exact: true }).fill(String(server.port))
  const resource = card.getByLabel('Path and query')
  await resource.fill('/demo place')
  await resource.press('Enter')
  await expect(card.getByRole('alert')).toContainText('"/demo place" is not possible')
  await expect(resource).toHaveAttribute('aria-invalid', 'true')
  await resource.fill('/demo?u=a&@=page')
  await card.getByRole('button', { name: /Advanced/ }).click()
  await card.getByLabel('Fragment size').fill('1024')
  await shot('card')
  await resource.press('Enter')
  await screen.expectConnected()
  await expect(screen.linkButton).toContainText('Socket.D')
  await expect.poll(() => server.output()).toContain('"state":"ready"')

  await screen.send({ route: 'add', body: '{"a":1,"b":2}', format: 'JSON' })
  await expect(screen.outcome).toContainText(/answered in/)
  await screen.expectRow({ route: 'add', kind: 'request', dir: 'sent', status: 'ok' })
  await screen.expectRow({ route: 'add', kind: 'reply', dir: 'received', status: 'ok', body: '{"sum":3}' })
  await screen.send({ route: 'fail', body: '{}', format: 'JSON' })
  await expect(screen.outcome).toContainText('always fails')

  const text = 'größe 😀 '.repeat(1000)
  await screen.send({ route: 'echo', body: text, format: 'Text' })
  const sizeBytes = Buffer.byteLength(text)
  const echoed = await screen.expectRow({ route: 'echo', kind: 'reply', dir: 'received', sizeBytes })
  expect(Buffer.from(await bodyOf(host, echoed.id)).toString()).toBe(text)
  await screen.select(echoed.id - 1)
  await expect(screen.inspector).toContainText('in 13 chunks')
  await shot('live')
  await screen.page.getByRole('button', { name: /^Switch to the/ }).dispatchEvent('click')
  await shot('live-other-theme')
  await server.stop()
})

test('a subscription over Socket.D is shown as one, and sent again it subscribes', async ({
  view: screen,
  host,
  shot,
}) => {
  const server = await NetcoreListen.start('dialect=socketd', '')
  await screen.openCard()
  await screen.card.getByRole('tab', { name: 'TCP client' }).click()
  await screen.card.getByLabel('Protocol').selectOption({ label: 'Socket.D' })
  await screen.card.getByLabel('Port', { exact: true }).fill(String(server.port))
  await screen.card.getByLabel('Port', { exact: true }).press('Enter')
  await screen.expectConnected()
  const answersTo = async (id: number): Promise<string[]> =>
    (await callFromPage(host, 'messages.rows', { from: 0, count: 100 })).rows
      .filter(({ kind, partnerId }) => kind === 'response' && partnerId === id)
      .map(({ preview }) => preview)
  const ALL = [1, 2, 3].map((i) => `{"i":${i},"n":3}`)

  await screen.send({ route: 'count', kind: 'Subscribe', format: 'JSON', body: '{"n": 3, "ms": 20}' })
  await expect(screen.outcome).toContainText(/ended by the peer after/)
  const first = await screen.expectRow({ route: 'count', kind: 'subscription', dir: 'sent', status: 'ok' })
  expect(await answersTo(first.id)).toEqual(ALL)
  await screen.select(first.id)
  await expect(screen.inspector).toContainText('subscription')
  await shot('subscription')

  await screen.page.keyboard.press('Shift+F10')
  await screen.page.getByRole('menuitem', { name: 'Send again' }).click()
  await expect
    .poll(async () => (await screen.rows()).filter(({ kind }) => kind === 'subscription').length)
    .toBe(2)
  const second = (await screen.rows()).findLast(({ kind }) => kind === 'subscription')!
  await expect.poll(() => answersTo(second.id)).toEqual(ALL)
  expect((await detailOf(host, second.id)).isSubscription).toBe(true)
  await expect(screen.outcome).toContainText('3 answers')
  await shot('subscription-again')
  await screen.page.getByRole('button', { name: /^Switch to the/ }).dispatchEvent('click')
  await shot('subscription-other-theme')
  await server.stop()
})

test('a Socket.D client reaches the page over WebSocket, and the page reaches a server by datagrams', async ({
  view: screen,
  shot,
}) => {
  const { card } = screen
  await screen.openCard()
  await card.getByRole('tab', { name: 'WebSocket server' }).click()
  await card.getByLabel('Protocol').selectOption({ label: 'Socket.D' })
  await card.getByRole('button', { name: /Advanced/ }).click()
  await expect(card.getByLabel('TLS')).toHaveValue('no')
  await card.getByLabel('Peers').check()
  await shot('listener-card')
  await card.getByRole('button', { name: 'Connect' }).click()
  await expect(screen.status).toContainText(/Waiting|Listening/)
  const port = /:(\d+)/.exec((await screen.linkButton.textContent()) ?? '')?.[1]
  const words = [
    'send',
    `sd:ws://127.0.0.1:${port}/demo?u=a`,
    'hello',
    '--json',
    '{"n":1}',
    '--header',
    'user=ann',
  ]
  const client = new WatchedChild(spawn(process.execPath, [`${OUT_DIR}/cli/netcore.js`, ...words]))
  const asked = await screen.expectRow({ route: 'hello', kind: 'request', dir: 'received', body: '{"n":1}' })
  await screen.select(asked.id)
  await expect(screen.inspector).toContainText('ann')
  await shot('listener')
  client.process.kill('SIGINT')
  await client.ends()

  const server = await NetcoreListen.start('dialect=socketd', '', 0, 'udp-listen')
  await screen.openCard()
  await card.getByRole('tab', { name: 'UDP client' }).click()
  await card.getByLabel('Protocol').selectOption({ label: 'Socket.D' })
  await card.getByLabel('Port', { exact: true }).fill(String(server.port))
  await card.getByLabel('Port', { exact: true }).press('Enter')
  await screen.expectConnected()
  await screen.send({ route: 'add', body: '{"a":20,"b":22}', format: 'JSON' })
  await screen.expectRow({ route: 'add', kind: 'reply', dir: 'received', status: 'ok', body: '{"sum":42}' })
  await server.stop()
})
