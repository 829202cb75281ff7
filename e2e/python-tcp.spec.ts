import { pattern, sha256 } from '../interop/pattern'
import { groupDigits } from '../src/renderer/ui/format'
import { utf8 } from '../src/shared/bytes'
import { expect } from './fixtures'
import { countTurns } from './line-strip'
import { test } from './python'
import { bodyOf, detailsOf } from './record'

/** One line: browsers take long to type many lines at once, though not to paste them. */
const LARGE_TEXT = 'Straße 7, 東京, 🚀 and enough words to fill many chunks. '.repeat(2_000)

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('a Python server is called, asked, and answers what was sent', async ({
  python,
  view: screen,
  shot,
}) => {
  const { peer, port } = await python.listening()
  await screen.connect('TCP client', { Host: '127.0.0.1', Port: String(port) })
  await screen.expectConnected()
  await expect(screen.linkButton).toContainText(`127.0.0.1:${port}`)
  await peer.next('connected')

  await screen.send({ route: 'echo', body: '{"text":"hello"}', format: 'JSON' })
  await expect(screen.outcome).toContainText(/answered in [\d.]+\sm?s/)
  await expect(screen.outcome).toContainText('{"text":"hello"}')
  const wanted = { route: 'echo', sizeBytes: 16, status: 'ok', body: '{"text":"hello"}' }
  const { roundTripMs } = await screen.expectRow({ ...wanted, kind: 'request', dir: 'sent' })
  expect(roundTripMs).toBeGreaterThan(0)
  await screen.expectRow({ ...wanted, kind: 'reply', dir: 'received' })

  const large = utf8(LARGE_TEXT)
  await screen.send({ route: 'digest', body: LARGE_TEXT, format: 'Text' })
  await expect(screen.outcome).toContainText(sha256(large))
  await screen.expectRow({ route: 'digest', kind: 'request', status: 'ok', sizeBytes: large.length })
  const answer = await screen.expectRow({ route: 'digest', kind: 'reply', status: 'ok' })
  await screen.select(answer.id)
  expect(await screen.shownJson()).toEqual({ bytes: large.length, sha256: sha256(large) })
  await shot('digest-of-a-large-body')
})

test('several large messages of a Python server arrive between each other, whole', async ({
  python,
  view: screen,
  app,
  host,
  shot,
}) => {
  const { peer, port } = await python.listening()
  await screen.connect('TCP client', { Port: String(port) })
  await screen.expectConnected()
  const sizes = { 'bulk.a': 3_000_000, 'bulk.b': 1_000_000, 'bulk.c': 1_000_001 }
  Object.entries(sizes).forEach(([route, size], seed) =>
    peer.command({ cmd: 'send', tag: route, route, size, seed }),
  )
  const rows = await Promise.all(
    Object.entries(sizes).map(([route, sizeBytes]) =>
      screen.expectRow({ route, sizeBytes, kind: 'request', dir: 'received', status: 'ok' }),
    ),
  )
  const [a, b, c] = await detailsOf(
    host,
    rows.map(({ id }) => id),
  )
  for (const later of [b!, c!]) {
    expect(later.timing.firstChunkMs!).toBeLessThan(a!.timing.lastChunkMs!)
    expect(later.timing.lastChunkMs!).toBeGreaterThan(a!.timing.firstChunkMs!)
  }
  for (const route of Object.keys(sizes)) {
    await expect(screen.lanes.getByRole('listitem').filter({ hasText: `${route}, received` })).toHaveCount(1)
  }
  await screen.select(a!.id)
  await screen.lanesCanvas.focus()
  await app.keyboard.press('f') // the largest fills the picture
  await expect.poll(() => countTurns(screen, 'in')).toBeGreaterThan(3)
  await shot('large-messages-share-the-line')
  for (const [seed, row] of rows.entries()) {
    expect(sha256(await bodyOf(host, row.id))).toBe(sha256(pattern(row.sizeBytes, seed)))
    await screen.select(row.id)
    const chunks = Math.ceil(row.sizeBytes / 4096)
    await expect(screen.fact('Size')).toContainText(`${groupDigits(row.sizeBytes)} B in ${chunks} chunks`)
  }

  // after all that the link still answers
  await screen.send({ route: 'add', body: '{"a":20,"b":22}', format: 'JSON' })
  await expect(screen.outcome).toContainText('{"sum": 42}')
})

test('when the Python server dies the screen says so, and what was waiting is told apart', async ({
  python,
  view: screen,
  app,
  shot,
}) => {
  const { peer, port } = await python.listening()
  await screen.connect('TCP client', { Port: String(port) })
  await screen.expectConnected()
  await screen.send({ route: 'echo', body: 'before', format: 'Text' })
  await screen.expectRow({ route: 'echo', kind: 'reply', status: 'ok', body: 'before' })
  await screen.send({ route: 'slow', body: '{"ms":60000}', format: 'JSON' })
  await expect(screen.outcome).toContainText(/waiting [\d.]+\s(ms|s) of 30/)
  await peer.kill()

  await expect(screen.status).toContainText('Waiting for the device')
  await expect(app.getByText(`127.0.0.1:${port} refused the connection: nothing listens there`)).toBeVisible()
  await expect(app.getByRole('button', { name: 'Reconnect' })).toBeVisible()
  await expect(screen.outcome).toContainText('LINK_LOST')
  const lost = await screen.expectRow({ route: 'slow', status: 'interrupted' })
  await screen.expectRow({ route: 'echo', kind: 'request', status: 'ok' })
  await screen.select(lost.id)
  await expect(screen.inspector).toContainText('Interrupted')
  await expect(screen.composer).toContainText('The link is not connected: waiting for the device.')
  await shot('peer-died')

  await app.getByRole('button', { name: 'Disconnect' }).click()
  await expect(screen.status).toContainText('Closed')
  await expect(app.getByText('Waiting for the device since')).toBeHidden()
})

test('a Python client comes to the listener, talks, dies, and the next one finds it open', async ({
  python,
  view: screen,
  shot,
}) => {
  await screen.connect('TCP server', { Address: '127.0.0.1', Port: '0' })
  await expect(screen.status).toContainText('Listening, no peer yet')
  await expect(screen.composer).toContainText('Nobody has connected yet.')
  const port = Number(/:(\d{2,5})/.exec(await screen.linkButton.innerText())?.[1])

  const first = python.connecting(port)
  await expect(screen.status).toContainText('Listening, 1 peer')
  const text = 'from Python: grün 🚀'
  first.command({ cmd: 'send', tag: 'report', route: 'löschen/ü', text })
  const report = await screen.expectRow({ route: 'löschen/ü', dir: 'received', status: 'ok', body: text })
  expect(report.sizeBytes).toBe(utf8(text).length)
  await screen.send({ route: 'digest', body: '7e 00 ff 7e', format: 'Hex' })
  await expect(screen.outcome).toContainText(sha256(Uint8Array.of(0x7e, 0, 0xff, 0x7e)))
  await shot('python-client')

  await first.kill()
  await expect(screen.status).toContainText('Listening, no peer yet')
  python.connecting(port)
  await expect(screen.status).toContainText('Listening, 1 peer')
  await screen.send({ route: 'add', body: '{"a":-1,"b":1}', format: 'JSON' })
  await expect(screen.outcome).toContainText('{"sum": 0}')
})
