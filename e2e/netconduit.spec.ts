import { PythonPeer } from '../interop/python-peer'
import { test as base, expect } from './fixtures'
import { Screen } from './screen'

interface Served {
  readonly peer: PythonPeer
  readonly port: number
}

const test = base.extend<{ view: Screen; conduit: Served }>({
  view: async ({ app }, use) => use(new Screen(app)),
  /** The real netconduit, which serves. */
  conduit: async ({}, use) => {
    const peer = PythonPeer.netconduit('serve', '--password', 'correct horse')
    const { port } = await peer.next('listening')
    await use({ peer, port: port as number })
    await peer.kill()
  },
})

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('a Python netconduit server refuses a wrong password, is called, fails a call, and sends a large message', async ({
  view: screen,
  conduit: { peer, port },
  shot,
}) => {
  const { card } = screen
  await screen.openCard()
  await card.getByRole('tab', { name: 'TCP client' }).click()
  await card.getByLabel('Port', { exact: true }).fill(String(port))
  await card.getByLabel('Protocol').selectOption({ label: 'netconduit' })
  await expect(card).toContainText('The line is not protected')
  const password = card.getByLabel('Password')
  await password.fill('battery staple')
  await card.getByRole('button', { name: /Advanced/ }).click()
  await expect(card.getByLabel('TLS')).toHaveValue('no')
  await shot('netconduit-card')
  await password.press('Enter')
  await expect(card.getByRole('alert')).toContainText('AUTH_FAILED')
  await password.fill('correct horse')
  await password.press('Enter')
  await screen.expectConnected()
  await peer.next('connected')

  await screen.send({ route: 'rpc:add', body: '{"a":1,"b":2}', format: 'JSON' })
  await expect(screen.outcome).toContainText(/answered in/)
  await screen.expectRow({ route: 'rpc:add', kind: 'request', dir: 'sent', status: 'ok' })
  await screen.expectRow({ route: 'rpc:add', kind: 'reply', dir: 'received', status: 'ok', body: '3' })

  await screen.send({ route: 'rpc:fail', body: '{}', format: 'JSON' })
  await expect(screen.outcome).toContainText('as asked')

  const size = 2_000_000
  peer.command({ cmd: 'broadcast', type: 'news', size, seed: 3 })
  const news = await screen.expectRow({ route: 'msg:news', kind: 'event', dir: 'received', sizeBytes: size })
  await screen.select(news.id)
  await expect(screen.inspector).toContainText('msg:news')
  await screen.send({ route: 'msg:digest', body: 'größe 😀', format: 'Text' })
  const told = await peer.next('message', ({ type }) => type === 'digest')
  expect(told['data']).toBe('größe 😀')
  await shot('netconduit-live')
})
