import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './fixtures'
import { callFromPage } from './raw-call'
import type { RunningHost } from './hosts/running-host'
import { Screen } from './screen'

test.use({ links: ['sim:demo'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

async function openCache(app: Page): Promise<{ pane: Locator; grid: Locator; feed: Locator }> {
  await new Screen(app).expectConnected()
  await app.keyboard.press('Control+5')
  const pane = app.getByRole('region', { name: 'Cache', exact: true })
  const grid = pane.getByRole('treegrid', { name: 'Cache entries' })
  await expect(grid).toBeVisible()
  return { pane, grid, feed: pane.getByRole('region', { name: 'Changes' }) }
}

const set = (host: RunningHost, key: string, text: string, ttlMs: number | null) =>
  callFromPage(host, 'cache.set', { key, text, format: 'json', ttlMs })

test('an entry set by hand shows what it is, counts down, is extended by key, and expires', async ({
  app,
  host,
  shot,
}) => {
  const { pane, grid, feed } = await openCache(app)
  await expect(pane).toContainText('Nothing is cached yet.')
  await pane.getByRole('button', { name: 'Set', exact: true }).click()
  const form = pane.getByRole('form', { name: 'Set an entry' })
  await form.getByRole('textbox', { name: 'Key' }).fill('dev/rig-3/net.mtu')
  await form.getByRole('textbox', { name: 'Value' }).fill('{"value": 512,')
  await form.getByRole('textbox', { name: 'Lives for' }).fill('40s')
  await app.keyboard.press('Control+Enter')
  await expect(form.getByRole('alert')).toContainText('CACHE_VALUE_INVALID')
  await form.getByRole('textbox', { name: 'Value' }).fill('{"value": 512, "applied": true}')
  await app.keyboard.press('Control+Enter')

  const row = grid.getByRole('row', { name: /net\.mtu/ })
  await expect(row).toContainText('object')
  await expect(row.locator('.ttl .v')).toHaveText(/^[123]\d\ss$/)
  await expect(pane.getByRole('document', { name: 'Value' })).toContainText('512')
  await expect(pane).toContainText('by hand')
  await expect(grid).toBeFocused()
  await app.keyboard.press('e') // one minute more
  await expect(row.locator('.ttl .v')).toHaveText(/^[789]\d\ss$/)
  await expect(feed.getByRole('listitem').first()).toContainText('touched')
  await app.keyboard.press('p')
  await expect(row.locator('.ttl')).toHaveText('pinned')
  await shot('cache-pinned')
  await app.keyboard.press('x')
  await expect(row).toBeHidden()
  await expect(pane).toContainText('This entry has expired or was removed.')
  await expect(feed.getByRole('listitem').first()).toContainText('expired')

  // and by itself, on time
  const before = Date.now()
  await set(host, 'dev/short', '1', 700)
  await expect(feed.getByRole('listitem').first()).toContainText(/expired.*dev\/short/)
  expect(Date.now() - before).toBeGreaterThan(650)
  await expect(callFromPage(host, 'cache.entry', { key: 'dev/short' })).rejects.toThrow('CACHE_KEY_UNKNOWN')
})

test('a rule serves the second answer from the cache: one request on the wire', async ({
  app,
  host,
  shot,
  workspaceDir,
}) => {
  const { pane, grid, feed } = await openCache(app)
  await pane.getByRole('button', { name: 'Rules' }).click()
  const rules = pane.getByRole('region', { name: 'Caching rules' })
  await rules.getByRole('textbox', { name: 'Route' }).fill('add')
  await rules.getByRole('textbox', { name: 'Serve for' }).fill('1min')
  await app.keyboard.press('Enter')
  await expect(rules.getByRole('listitem')).toContainText('add')
  expect(readFileSync(join(workspaceDir, 'settings', 'caching.yaml'), 'utf8')).toContain('serve: 1min')

  // the same request twice from the composer: one on the wire
  const screen = new Screen(app)
  await app.keyboard.press('Control+1')
  await screen.send({ route: 'add', body: '{"a":1,"b":2}', format: 'JSON' })
  await expect(screen.outcome).toContainText(/answered in/)
  await screen.body.press('Control+Enter')
  await expect(screen.outcome).toContainText(/from cache, .+ old/)
  await expect(screen.outcome).toContainText('{"sum": 3}')
  const { rows } = await callFromPage(host, 'messages.rows', { from: 0, count: 500 })
  expect(rows.filter(({ route, kind }) => route === 'add' && kind === 'request')).toHaveLength(1)
  const answer = rows.find(({ kind, preview }) => kind === 'response' && preview === '{"sum":3}')!
  await shot('composer-from-cache')
  await app.keyboard.press('Control+5')

  // the entry says where it came from, and leads there
  await feed
    .getByRole('button', { name: /answers\/demo\/add/ })
    .first()
    .click()
  await expect(grid.getByRole('row', { selected: true })).toContainText('object')
  await expect(pane.getByRole('document', { name: 'Value' })).toContainText('"sum"')
  await pane
    .locator('dl')
    .getByRole('button', { name: `#${answer.id}` })
    .click()
  await expect(app.getByRole('complementary', { name: 'Inspector' })).toContainText(`#${answer.id}`)
})

test('the tree opens by key, several entries go at once, the table goes by time left and finds keys', async ({
  app,
  host,
  shot,
}) => {
  const { pane, grid, feed } = await openCache(app)
  for (const [key, text, ttlMs] of SAMPLES) await set(host, key, text, ttlMs)
  await expect(grid).toHaveAttribute('aria-rowcount', '4')
  await grid.focus()
  await app.keyboard.press('ArrowRight')
  await app.keyboard.press('ArrowDown')
  await app.keyboard.press('ArrowRight')
  await expect(grid.getByRole('row', { name: /rig-3/ })).toHaveAttribute('aria-expanded', 'true')
  await app.keyboard.press('ArrowDown')
  await expect(grid.getByRole('row', { selected: true })).toHaveAttribute('aria-level', '3')

  await shot('cache-tree')
  const { violations } = await new AxeBuilder({ page: app }).include('.cache').analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
  // several at once
  await app.keyboard.press('Shift+ArrowDown')
  await app.keyboard.press('Shift+ArrowDown')
  await expect(pane).toContainText('3 chosen')
  await app.keyboard.press('Delete')
  await expect(feed.getByRole('listitem').filter({ hasText: 'deleted' })).toHaveCount(3)

  await pane.getByRole('radio', { name: 'Table' }).click()
  const table = pane.getByRole('grid', { name: 'Cache entries' })
  await table.getByRole('button', { name: 'time left' }).click()
  await expect(table.getByRole('columnheader', { name: 'time left' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  )
  await pane.getByRole('textbox', { name: 'Find keys' }).fill('RIG-4')
  await expect(table).toHaveAttribute('aria-rowcount', '10')
  await pane.getByRole('button', { name: 'Show all keys' }).click()
  await shot('cache-table')

  await pane.getByRole('button', { name: 'Clear the cache' }).click()
  await pane.getByRole('button', { name: 'Remove all' }).click()
  await expect(table).toHaveAttribute('aria-rowcount', '1')
})

test('a task writes into the cache: the feed names it, and a watched key is told of on any page', async ({
  app,
  host,
}) => {
  const { pane, grid, feed } = await openCache(app)
  const text = 'every: 300ms\ncache:\n  set: dev/beat\n  value: { alive: true }\n  ttl: 1min\n'
  await callFromPage(host, 'workspace.save', { kind: 'tasks', name: 'heart', text, revision: null })
  await expect(feed.getByRole('listitem').first()).toContainText(/set.*dev\/beat.*task heart/)
  await feed.getByRole('button', { name: 'dev/beat' }).first().click()
  await expect(grid.getByRole('row', { selected: true })).toContainText('beat')
  await pane.getByRole('button', { name: 'Watch', exact: true }).click()
  await app.keyboard.press('Control+1')
  await expect(app.getByRole('group', { name: 'Cache' })).toContainText('dev/beat set')
  const { detail } = await callFromPage(host, 'cache.entry', { key: 'dev/beat' })
  expect(detail).toMatchObject({ writer: 'task heart', format: 'json', ttlMs: 60_000 })
  expect(detail.revision).toBeGreaterThan(1)
})

const SAMPLES: readonly (readonly [key: string, text: string, ttlMs: number | null])[] = [
  ['dev/rig-3/adc.last', '[1,2,3,4,5,6,7,8,9,10]', 20_000],
  ['dev/rig-3/fw.version', '"1.4.2"', null],
  ['dev/rig-3/net.addr', '"10.0.0.7"', 30_000],
  ['dev/rig-3/net.mtu', '{"value":512,"rev":17,"source":"flash","applied":true}', 90_000],
  ['dev/rig-3/sys.temp', '41.5', 12_000],
  ...Array.from({ length: 9 }, (_, at) => [`dev/rig-4/k${at}`, String(at), 60_000 + at] as const),
  ['rpc/pending/48225', '"call"', 44_000],
  ...Array.from({ length: 12 }, (_, at) => [`session/s${at}`, String(at), 120_000] as const),
]
