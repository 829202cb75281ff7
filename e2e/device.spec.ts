import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PythonPeer } from '../interop/python-peer'
import { expect } from './fixtures'
import { test } from './python'

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

let asked = 0
/** What the real Python client hears. */
async function ask(peer: PythonPeer, route: string, json: unknown = {}): Promise<unknown> {
  const tag = `${route}-${++asked}`
  peer.command({ cmd: 'send', tag, route, json })
  return (await peer.next('answer', (event) => event['tag'] === tag))['text']
}

test('a received request is answered by a responder made from it, which counts and shows what it would say', async ({
  python,
  view: screen,
  app,
  workspaceDir,
  shot,
}) => {
  const { peer, port } = await python.listening()
  await screen.connect('TCP client', { Host: '127.0.0.1', Port: String(port) })
  await screen.expectConnected()
  await peer.next('connected')
  peer.command({ cmd: 'send', tag: 'first', route: 'cfg.get', json: { key: 'net.mtu' } })
  const request = await screen.expectRow({ route: 'cfg.get', kind: 'request', dir: 'received' })

  await screen.select(request.id)
  await screen.inspector.getByRole('button', { name: 'Answer this route…' }).click()
  const editor = app.getByRole('form', { name: 'New responder' })
  await expect(editor.getByRole('textbox', { name: 'Route' })).toHaveValue('cfg.get')
  await editor.getByRole('combobox', { name: 'Answer' }).selectOption('Text')
  await editor.getByRole('radio', { name: 'YAML' }).click()
  const text = editor.getByRole('textbox', { name: 'Text of the responder' })
  await text.fill(
    'route: cfg.get\nanswer:\n  json:\n    key: "{{request.body.key}}"\n    rev: "{{count}}"\n    x: [\n',
  )
  await expect(editor.getByRole('status')).toContainText('Line ')
  await expect(editor.getByRole('button', { name: 'Save' })).toBeDisabled()
  await text.fill('route: cfg.get\nanswer:\n  json:\n    key: "{{request.body.key}}"\n    rev: "{{count}}"\n')
  await editor.getByRole('button', { name: 'Test' }).click()
  const shown = editor.getByRole('region', { name: 'Test' })
  await expect(shown).toContainText(`Answer to request #${request.id}`)
  await expect(shown).toContainText('{"key":"net.mtu","rev":"1"}')
  await shot('responder-test')
  await editor.getByRole('button', { name: 'Save' }).click()
  await expect(app.getByRole('group', { name: 'Notice' })).toContainText('Responder cfg.get saved')

  expect(await ask(peer, 'cfg.get', { key: 'net.addr' })).toBe('{"key":"net.addr","rev":"1"}')
  const row = app.getByRole('grid', { name: 'Responders' }).getByRole('row', { name: /cfg\.get/ })
  await expect(row.getByRole('gridcell').nth(4)).toHaveText('1')
  await shot('responders')

  // an edit on disk is followed, on the wire and on the screen
  writeFileSync(
    join(workspaceDir, 'responders', 'cfg.get.yaml'),
    'route: cfg.*\ndelay: 150ms\nanswer:\n  sequence:\n    - text: one\n    - error: {code: E_BUSY, message: later}\n    - echo\n  cyclic: true\n',
  )
  await expect(row).toContainText('3 in turn')
  const startedMs = performance.now()
  expect(await ask(peer, 'cfg.set')).toBe('one')
  expect(performance.now() - startedMs).toBeGreaterThan(149)
  expect(JSON.parse(String(await ask(peer, 'cfg.set')))).toMatchObject({ code: 'E_BUSY', error: 'later' })
  expect(await ask(peer, 'cfg.set', { back: 1 })).toContain('"back"')
  expect(await ask(peer, 'cfg.set')).toBe('one')

  // listen only: nothing is said in the operator's name
  await app.getByRole('button', { name: /^Listen only: let nothing/ }).click()
  peer.command({ cmd: 'send', tag: 'muted', route: 'cfg.set', json: {} })
  await expect(row).toContainText('1 withheld')
  await app.getByRole('button', { name: /^Listen only is on/ }).click()
  await row.getByRole('switch').click()
  await expect(row.getByRole('switch')).not.toBeChecked()
  peer.command({ cmd: 'send', tag: 'off', route: 'cfg.set', json: {} })
  await screen.page.keyboard.press('Control+1')
  await expect
    .poll(async () => (await screen.rowsOf('cfg.set')).filter(({ kind }) => kind === 'request').length)
    .toBe(6)
  expect(
    peer.events.filter(({ event, tag }) => event === 'answer' && (tag === 'muted' || tag === 'off')),
  ).toEqual([])
})

test('routes count both ways, and events tell what happened, filtered and held still', async ({
  python,
  view: screen,
  app,
  workspaceDir,
  shot,
}) => {
  mkdirSync(join(workspaceDir, 'responders'))
  writeFileSync(join(workspaceDir, 'responders', 'status.yaml'), 'route: status\nanswer: echo\n')
  const { peer, port } = await python.listening()
  await screen.connect('TCP client', { Host: '127.0.0.1', Port: String(port) })
  await screen.expectConnected()
  await peer.next('connected')
  for (let count = 0; count < 3; count++) await ask(peer, 'status')
  await screen.send({ route: 'echo', body: '{"a":1}', format: 'JSON' })
  await expect(screen.outcome).toContainText('answered')
  peer.command({ cmd: 'send', tag: 'lost', route: 'nobody.home', json: {} })
  await screen.expectRow({ route: 'nobody.home', kind: 'request' })

  await app.keyboard.press('Control+6')
  await app.getByRole('tab', { name: 'Routes' }).click()
  const routes = app.getByRole('grid', { name: 'Routes' })
  const cells = async (name: RegExp): Promise<string[]> =>
    routes.getByRole('row', { name }).getByRole('gridcell').allTextContents()
  await expect.poll(async () => (await cells(/status/)).slice(3, 7)).toEqual(['3', '0', '3', '0'])
  expect((await cells(/status/))[9]).toBe('status')
  expect((await cells(/echo/)).slice(3, 7)).toEqual(['1', '0', '1', '0'])
  await expect(routes.getByRole('row', { name: /nobody\.home/ })).toContainText('Answer this route')
  await shot('routes')

  await app.getByRole('tab', { name: 'Events' }).click()
  const events = app.getByRole('log', { name: 'Events' })
  await expect(events).toContainText('link up')
  await app.getByRole('radio', { name: 'Requests' }).click()
  await expect(events).not.toContainText('link up')
  await app.getByRole('textbox', { name: 'Find in events' }).fill('nobody')
  await expect(events.locator('.gr')).toHaveCount(1)
  await shot('events')
  await app.getByRole('button', { name: 'Pause' }).click()
  peer.command({ cmd: 'send', tag: 'more', route: 'nobody.else', json: {} })
  await expect(app.getByRole('button', { name: 'Resume, 1 new' })).toBeVisible()
  await expect(events.locator('.gr')).toHaveCount(1)
  await app.getByRole('button', { name: 'Resume, 1 new' }).click()
  await expect(events.locator('.gr')).toHaveCount(2)
  await events
    .getByRole('button', { name: /^#\d+$/ })
    .first()
    .click()
  await expect(screen.inspector).toContainText('nobody.else')
})
