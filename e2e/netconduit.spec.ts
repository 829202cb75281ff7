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
  const { page, card } = screen
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

  // a form of what the server says of its methods
  await screen.compose({ route: 'rpc:add' })
  await screen.composer.getByRole('radio', { name: 'Form' }).click()
  await screen.composer.getByRole('button', { name: 'Ask the peer' }).click()
  await screen.composer.getByRole('textbox', { name: 'a', exact: true }).fill('20')
  await screen.composer.getByRole('textbox', { name: 'b', exact: true }).fill('22')
  await shot('netconduit-form')
  await page.keyboard.press('Control+Enter')
  await expect(screen.outcome).toContainText('42')
  await screen.composer.getByRole('radio', { name: 'JSON' }).click()

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

test('a Python netconduit client talks with the page, over a listener that asks for a password', async ({
  view: screen,
  shot,
}) => {
  const { page, card } = screen
  await screen.openCard()
  await card.getByRole('tab', { name: 'TCP server' }).click()
  await card.getByLabel('Protocol').selectOption({ label: 'netconduit' })
  await card.getByLabel('Password').fill('correct horse')
  await card.getByRole('button', { name: /Advanced/ }).click()
  await card.getByLabel('TLS').selectOption('yes')
  await card.getByLabel('Password').press('Enter')
  await expect(card.getByRole('alert')).toContainText('cert')
  await expect(card.getByLabel('Certificate')).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('button', { name: /^Switch to the/ }).dispatchEvent('click')
  await shot('netconduit-listener-card')
  await card.getByLabel('TLS').selectOption('no')
  await card.getByLabel('Password').press('Enter')
  await expect(screen.status).toContainText(/Waiting|Listening/)
  const port = /:(\d+)/.exec((await screen.linkButton.textContent()) ?? '')?.[1]
  const peer = PythonPeer.netconduit('client', '--port', String(port), '--password', 'correct horse')
  await peer.next('connected')
  peer.command({ cmd: 'send', type: 'temperature', json: { celsius: 21.5 } })
  const wanted = { route: 'msg:temperature', kind: 'request', dir: 'received' } as const
  await screen.expectRow({ ...wanted, body: '{"celsius":21.5}' })
  await screen.send({ route: 'msg:news', kind: 'Event', body: '{"all":"well"}', format: 'JSON' })
  expect((await peer.next('message'))['data']).toEqual({ all: 'well' })
  await shot('netconduit-listener')
  await peer.kill()
})
