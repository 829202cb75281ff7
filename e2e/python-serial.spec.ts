import { pattern, sha256 } from '../interop/pattern'
import type { PythonPeer } from '../interop/python-peer'
import { groupDigits } from '../src/renderer/ui/format'
import { utf8 } from '../src/shared/bytes'
import { openPtyPair, type PtyPair } from '../src/testing/pty'
import { expect } from './fixtures'
import { countTurns } from './line-strip'
import { test as base } from './python'
import { bodyOf, detailsOf } from './record'

/** A serial cable between this program and a Python program. */
const test = base.extend<{ cable: PtyPair; peer: PythonPeer }>({
  cable: async ({}, use) => {
    const cable = await openPtyPair()
    await use(cable)
    await cable.close()
  },
  peer: async ({ cable, python }, use) => use(await python.serial(cable.pathB)),
})

test.skip(process.platform === 'win32', 'pseudo-terminals need Linux or macOS')
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

test('a typed path leads to Python on the other end of the line, which answers what was sent', async ({
  cable,
  peer,
  view: screen,
  shot,
}) => {
  await screen.connect('Serial', { Port: cable.pathA })
  await screen.expectConnected()
  await expect(screen.linkButton).toContainText('115 200 8N1')

  await screen.send({ route: 'echo', body: '[1, 2.50, "zwölf"]', format: 'JSON' })
  await expect(screen.outcome).toContainText('[1, 2.50, "zwölf"]')
  const wanted = { route: 'echo', sizeBytes: 19, status: 'ok', body: '[1, 2.50, "zwölf"]' }
  await screen.expectRow({ ...wanted, kind: 'request', dir: 'sent' })
  await screen.expectRow({ ...wanted, kind: 'reply', dir: 'received' })

  const large = utf8('A line for the device, with ä, 東 and 🚀 in it. '.repeat(1_000))
  await screen.send({ route: 'digest', body: new TextDecoder().decode(large), format: 'Text' })
  await expect(screen.outcome).toContainText(sha256(large))
  const answer = await screen.expectRow({ route: 'digest', kind: 'reply', status: 'ok' })
  await screen.select(answer.id)
  expect(await screen.shownJson()).toEqual({ bytes: large.length, sha256: sha256(large) })
  await screen.expectRow({ route: 'digest', kind: 'request', status: 'ok', sizeBytes: large.length })

  // an event with a route nobody handles arrives there all the same
  await screen.send({ route: 'note', body: 'for the record', format: 'Text', kind: 'Event' })
  expect(await peer.next('unrouted', ({ route }) => route === 'note')).toMatchObject({
    bytes: 14,
    sha256: sha256(utf8('for the record')),
  })
  await shot('digest-of-a-large-body')
})

test('large messages from Python interleave on the line, and each is whole', async ({
  app,
  host,
  cable,
  peer,
  view: screen,
  shot,
}) => {
  await screen.connect('Serial', { Port: cable.pathA })
  await screen.expectConnected()
  const sizes = { 'dump.a': 240_000, 'dump.b': 120_000, 'dump.c': 4_097 }
  Object.entries(sizes).forEach(([route, size], seed) =>
    peer.command({ cmd: 'send', tag: route, route, size, seed }),
  )
  const rows = await Promise.all(
    Object.entries(sizes).map(([route, sizeBytes]) =>
      screen.expectRow({ route, sizeBytes, dir: 'received', status: 'ok' }),
    ),
  )
  const [a, b] = await detailsOf(
    host,
    rows.map(({ id }) => id),
  )
  expect(b!.timing.firstChunkMs!).toBeLessThan(a!.timing.lastChunkMs!)
  expect(b!.timing.lastChunkMs!).toBeGreaterThan(a!.timing.firstChunkMs!)

  await screen.select(b!.id)
  await screen.lanesCanvas.focus()
  await app.keyboard.press('f')
  await expect.poll(() => countTurns(screen, 'in')).toBeGreaterThan(3)
  await shot('large-messages-share-the-line')
  for (const [seed, row] of rows.entries()) {
    expect(sha256(await bodyOf(host, row.id))).toBe(sha256(pattern(row.sizeBytes, seed)))
    await screen.select(row.id)
    const chunks = Math.ceil(row.sizeBytes / 4096)
    await expect(screen.fact('Size')).toContainText(`${groupDigits(row.sizeBytes)} B in ${chunks} chunks`)
  }
})

test('a Python program that dies leaves requests without answer; a pulled cable is waited for', async ({
  cable,
  peer,
  python,
  view: screen,
  shot,
}) => {
  await screen.connect('Serial', { Port: cable.pathA })
  await screen.expectConnected()
  await screen.send({ route: 'echo', body: 'before', format: 'Text' })
  await expect(screen.outcome).toContainText('answered in')
  await peer.kill()
  // a line stays open when the program behind it dies: only the answer is missing
  await screen.send({ route: 'echo', body: 'nobody there', format: 'Text', timeoutS: 0.5 })
  await expect(screen.outcome).toContainText('REQUEST_TIMEOUT')
  await screen.expectRow({ route: 'echo', status: 'no answer' })
  await expect(screen.status).toContainText('Connected')

  await cable.unplug()
  await expect(screen.status).toContainText('Waiting for the device')
  await shot('cable-pulled')
  await cable.replug()
  await screen.expectConnected()
  await python.serial(cable.pathB)
  await screen.send({ route: 'echo', body: 'after', format: 'Text', timeoutS: 30 })
  await expect(screen.outcome).toContainText('after')
  await screen.expectRow({ route: 'echo', kind: 'reply', status: 'ok', body: 'after' })
})
