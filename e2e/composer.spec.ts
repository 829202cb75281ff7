import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { utf8 } from '../src/shared/bytes'
import { sha256 } from '../interop/pattern'
import { expect } from './fixtures'
import { startWeb } from './hosts/web'
import { test } from './python'
import { bodyOf, detailOf } from './record'
import type { RunningHost } from './hosts/running-host'
import { callFromPage } from './raw-call'
import { Screen } from './screen'

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

const ADD_SCHEMA = `route: add
request:
  type: object
  required: [a, b]
  properties:
    a: { type: integer, format: uint16 }
    b: { type: integer, format: int64 }
    note: { type: string, maxLength: 8 }
`

function writeFile(workspaceDir: string, name: string, text: string): void {
  mkdirSync(join(workspaceDir, name, '..'), { recursive: true })
  writeFileSync(join(workspaceDir, name), text)
}

const tool = (screen: Screen, name: string) => screen.composer.getByRole('button', { name, exact: true })

test.describe('with the simulated device', () => {
  test.use({ links: ['sim:demo'] })

  test('a reload in the middle of writing loses nothing, and sends nothing', async ({
    app,
    view: screen,
  }) => {
    await screen.compose({
      route: 'cfg.put',
      body: '{"mtu": 512}',
      format: 'JSON',
      kind: 'Event',
    })
    await app.reload()
    await expect(screen.route).toHaveValue('cfg.put')
    await expect(screen.body).toHaveText('{"mtu": 512}')
    await expect(screen.composer.getByRole('radio', { name: 'Event' })).toBeChecked()
    expect(await screen.rowsOf('cfg.put')).toEqual([])
  })

  test('the editor writes, undoes and marks a mistake without a style that the security policy forbids', async ({
    app,
    view: screen,
    shot,
  }) => {
    await app.evaluate(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        document.documentElement.dataset['violations'] = `${event.effectiveDirective} ${event.sourceFile}`
      })
    })
    await expect(screen.composer.locator('.cm-content')).toBeVisible()
    await screen.body.focus()
    await app.keyboard.type('{"mtu": 512,}')
    await expect(screen.body).toHaveAttribute('aria-invalid', 'true')
    const mark = screen.composer.locator('.cm-problem')
    await expect(mark).toHaveText('}')
    await expect(mark).toHaveCSS('text-decoration-style', 'wavy')
    await mark.hover()
    await expect(app.locator('.cm-note')).toContainText('position 13')
    await shot('editor')

    await app.keyboard.press('Control+z')
    await expect(screen.body).not.toHaveText('{"mtu": 512,}')
    await screen.body.fill('{"mtu": 512}')
    await expect(screen.body).toHaveAttribute('aria-invalid', 'false')
    await expect(mark).toHaveCount(0)
    await app.keyboard.press('Tab')
    await expect(screen.body).not.toBeFocused()
    expect(await app.evaluate(() => document.documentElement.dataset['violations'])).toBeUndefined()
    expect(await app.evaluate(() => document.querySelectorAll('style').length)).toBe(0)
  })

  test('a form from a schema of the workspace is filled in, checked at its fields and sent without losing a digit', async ({
    app,
    host,
    view: screen,
    workspaceDir,
    shot,
  }) => {
    await screen.expectConnected()
    writeFile(workspaceDir, 'schemas/add.yaml', ADD_SCHEMA)
    await screen.route.fill('add')
    await screen.route.press('Tab')
    await screen.composer.getByRole('radio', { name: 'Form' }).click()
    const field = (name: string) => screen.composer.getByRole('textbox', { name, exact: true })
    await field('a').fill('65536')
    await expect(screen.composer).toContainText('at most 65535')
    await expect(field('a')).toHaveAttribute('aria-invalid', 'true')
    await field('b').fill('9007199254740993')
    await shot('form')
    await field('b').press('Control+Enter')
    await expect(screen.outcome).toHaveText('What you send and its answer show here.')

    await field('a').fill('1')
    await screen.composer.getByRole('button', { name: 'Add note' }).click()
    await field('note').fill('hi')
    await field('note').press('Control+Enter')
    await expect(screen.outcome).toContainText(/answered in [\d.]+\sm?s/)
    const sent = await screen.expectRow({ route: 'add', dir: 'sent', kind: 'request' })
    const text = new TextDecoder().decode(await bodyOf(host, sent.id))
    expect(text.replaceAll(/\s/g, '')).toBe('{"a":1,"b":9007199254740993,"note":"hi"}')
    await screen.composer.getByRole('radio', { name: 'JSON' }).click()
    await expect(screen.body).toContainText('9007199254740993')
    await app.keyboard.press('Escape')
  })

  test('a subscription counts its answers, is stopped on the wire, and is kept as one', async ({
    app,
    host,
    view: screen,
    workspaceDir,
    shot,
  }) => {
    await screen.expectConnected()
    await screen.send({ route: 'count', kind: 'Subscribe', format: 'JSON', body: '{"n": 3, "ms": 20}' })
    await expect(screen.outcome).toContainText(/ended by the peer after [\d.]+\sm?s/)
    await expect(screen.outcome).toContainText('3 answers')
    await expect(screen.outcome).toContainText('{"i":3,"n":3}')
    expect(await answersTo(host, await sentId(screen))).toEqual([1, 2, 3])
    await shot('subscription-ended')
    await screen.outcome.getByRole('button', { name: '3 answers' }).click()
    await expect
      .poll(async () => (await screen.rows()).map(({ kind, body }) => `${kind} ${body}`))
      .toEqual([1, 2, 3].map((i) => `reply {"i":${i},"n":3}`))

    await screen.body.fill('{"n": 1000, "ms": 40}')
    await screen.body.press('Control+Enter')
    await expect(screen.outcome).toContainText(/\d+ answers so far/)
    await shot('subscription-open')
    await screen.outcome.getByRole('button', { name: 'Stop' }).press('Enter')
    await expect(screen.outcome).toContainText('stopped')
    const second = await sentId(screen)
    expect((await detailOf(host, second)).code).toBe('REQUEST_CANCELLED')
    // A request that takes longer than seven further answers: the peer was told, and at most one was on its way.
    const stopped = (await answersTo(host, second)).length
    await screen.send({ route: 'slow', kind: 'Request', body: '{"ms": 300}' })
    await expect(screen.outcome).toContainText('answered in')
    expect((await answersTo(host, second)).length).toBeLessThanOrEqual(stopped + 1)

    await screen.compose({ route: 'count', kind: 'Subscribe', body: '{"n":2}' })
    await tool(screen, 'Save').click()
    await app.getByRole('textbox', { name: 'Name, with / for a collection' }).fill('bench/count')
    await app.keyboard.press('Enter')
    await expect
      .poll(() => readText(join(workspaceDir, 'messages/bench/count.yaml')))
      .toContain('kind: subscribe')
    await screen.body.fill('')
    await screen.body.press('ArrowUp')
    await screen.body.press('ArrowUp')
    await expect(screen.body).toHaveText('{"n": 1000, "ms": 40}')
    await expect(screen.composer.getByRole('radio', { name: 'Subscribe' })).toBeChecked()
  })

  test('headers, an expectation, history by arrow and search, a question before sending', async ({
    app,
    host,
    view: screen,
    shot,
  }) => {
    await screen.compose({ route: 'echo', format: 'JSON', body: '{"ok":true}' })
    await tool(screen, 'Headers').click()
    await screen.composer.getByRole('button', { name: 'Add a header' }).click()
    await screen.composer.getByRole('textbox', { name: 'Name of header 1' }).fill('hops')
    await screen.composer.getByRole('textbox', { name: 'Value of header 1' }).fill('3')
    await tool(screen, 'Expect').click()
    await screen.composer.getByRole('textbox', { name: 'Expect' }).fill('body.ok == true')
    await screen.body.press('Control+Enter')
    await expect(screen.outcome).toContainText('as expected')
    const first = await screen.expectRow({ route: 'echo', dir: 'sent', kind: 'request' })
    expect((await detailOf(host, first.id)).headers).toMatchObject({ hops: 3 })
    await shot('expected')

    await screen.body.fill('{"ok":false}')
    await screen.body.press('Control+Enter')
    await expect(screen.outcome).toContainText('not as expected: body.ok == true')

    await screen.body.fill('')
    await screen.body.press('ArrowUp')
    await expect(screen.body).toHaveText('{"ok":false}')
    await screen.body.press('ArrowUp')
    await expect(screen.body).toHaveText('{"ok":true}')
    await screen.body.press('Control+r')
    const search = screen.composer.getByRole('combobox', { name: 'Search in what was sent' })
    await expect(search).toBeFocused()
    await search.fill('false')
    await expect(
      screen.composer.getByRole('listbox', { name: 'Sent before' }).getByRole('option'),
    ).toHaveCount(1)
    await shot('history')
    await search.press('Enter')
    await expect(screen.body).toHaveText('{"ok":false}')
    await expect(screen.body).toBeFocused()

    await tool(screen, 'More for this message').click()
    await app.getByRole('menuitemcheckbox', { name: 'Ask before sending to echo' }).click()
    await screen.body.press('Control+Enter')
    const dialog = app.getByRole('alertdialog', { name: 'Send to echo?' })
    await expect(dialog.getByRole('button', { name: 'Do not send' })).toBeFocused()
    const before = await sentTo(host, 'echo')
    await app.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    expect(await sentTo(host, 'echo')).toBe(before)
    await screen.body.press('Control+Enter')
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    await expect.poll(() => sentTo(host, 'echo')).toBe(before + 1)
  })

  test('a message is repeated as often as was said, and how that went is counted', async ({
    host,
    view: screen,
  }) => {
    await screen.compose({ route: 'echo', format: 'JSON', body: '{}' })
    await tool(screen, 'Repeat').click()
    await screen.composer.getByRole('textbox', { name: 'Times' }).fill('5')
    await screen.composer.getByRole('textbox', { name: 'every' }).fill('0')
    await screen.composer.getByRole('button', { name: 'Start' }).click()
    await expect(screen.composer).toContainText(/5 of 5 sent, 5 answered, 0 failed, p50 .*, p99 /)
    expect(await sentTo(host, 'echo')).toBe(5)
  })

  test('a message is kept as a file, seen and changed by a second program, and sent again from the tree', async ({
    app,
    browser,
    host,
    view: screen,
    workspaceDir,
    shot,
  }) => {
    writeFile(workspaceDir, 'environments/rig.yaml', 'variables:\n  mtu: 512\n')
    await screen.compose({ route: 'echo', format: 'JSON', body: '{"mtu": {{mtu}}}' })
    await expect(screen.composer).toContainText('{{mtu}} has no value')
    await screen.composer.getByRole('combobox', { name: 'Environment' }).selectOption('rig')
    await expect(screen.composer).not.toContainText('has no value')
    await tool(screen, 'Save').click()
    await app.getByRole('textbox', { name: 'Name, with / for a collection' }).fill('bring-up/read-mtu')
    await app.keyboard.press('Enter')
    const file = join(workspaceDir, 'messages/bring-up/read-mtu.yaml')
    await expect.poll(() => readText(file)).toContain('{{mtu}}')
    expect(readText(file)).toMatch(/^route: echo\n/)

    const { tree, editor } = await openMessages(app)
    await tree.getByRole('treeitem', { name: 'read-mtu' }).click()
    await expect(editor.getByRole('textbox')).toContainText('route: echo')
    await shot('collection')

    const second = await startWeb(browser, { workspaceDir, links: [] })
    try {
      const card = new Screen(second.page).card
      await expect(card).toBeVisible()
      await second.page.keyboard.press('Escape')
      await expect(card).toBeHidden()
      const other = await openMessages(second.page)
      await other.tree.getByRole('treeitem', { name: 'read-mtu' }).click()
      await other.editor.getByRole('textbox').fill('# by another\nroute: echo\nbody:\n  text: theirs\n')
      await editor.getByRole('textbox').fill('route: echo\nbody:\n  text: mine\n')
      await other.editor.getByRole('button', { name: 'Save' }).click()
      await expect.poll(() => readText(file)).toContain('theirs')
      await expect(editor).toContainText('The file was changed elsewhere while you wrote.')
      await expect(editor.getByRole('textbox', { name: 'As it is now on disk' })).toContainText('theirs')
      await shot('conflict')
      await editor.getByRole('button', { name: 'Keep mine' }).click()
      await expect.poll(() => readText(file)).toContain('mine')
      await expect(other.editor.getByRole('textbox')).toContainText('mine')
    } finally {
      await second.close()
    }
    await tree.getByRole('treeitem', { name: 'read-mtu' }).press('Control+Enter')
    await expect(app.locator('.send .outcome')).toContainText('answered in')
    const link = await app.locator('.send .outcome .textlink').first().textContent()
    const id = Number(link?.slice(1))
    expect(new TextDecoder().decode(await bodyOf(host, id))).toBe('mine')
    await editor.getByRole('textbox').fill('route: echo\nbodi:\n  text: mine\n')
    await expect(editor.getByRole('status')).toContainText('Line 2, column 1: "bodi" is not known here')
  })
})

test('a Python server gets MessagePack and hex as the bytes that were meant', async ({
  python,
  view: screen,
}) => {
  const { peer, port } = await python.listening()
  await screen.connect('TCP client', { Host: '127.0.0.1', Port: String(port) })
  await screen.expectConnected()
  await peer.next('connected')
  await screen.compose({ route: 'digest' })
  await screen.composer.getByRole('radio', { name: 'MsgPack' }).click()
  await screen.body.fill('{"mtu": 512}')
  await screen.body.press('Control+Enter')
  const packed = Uint8Array.from([0x81, 0xa3, ...utf8('mtu'), 0xcd, 0x02, 0x00])
  await expect(screen.outcome).toContainText(sha256(packed))
  await screen.composer.getByRole('radio', { name: 'Hex' }).click()
  await expect(screen.body).toHaveText('81 a3 6d 74 75 cd 02 00')
  await screen.body.fill('7e 00 ff')
  await screen.body.press('Control+Enter')
  await expect(screen.outcome).toContainText(sha256(Uint8Array.of(0x7e, 0, 0xff)))
})

/** Messages sent to a route, by the core's own record. */
/** Number of the message sent last, as the line below the composer says it. */
async function sentId(screen: Screen): Promise<number> {
  const number = await screen.outcome
    .getByRole('button', { name: /^#\d+$/ })
    .first()
    .textContent()
  return Number(number?.slice(1))
}

/** Counters of the demo's answers to a request, as the core kept them. */
async function answersTo(host: RunningHost, requestId: number): Promise<number[]> {
  const { rows } = await callFromPage(host, 'messages.rows', { from: 0, count: 500 })
  const answers = rows.filter((row) => row.kind === 'response' && row.partnerId === requestId)
  return answers.map(({ preview }) => (JSON.parse(preview) as { i: number }).i)
}

async function sentTo(host: RunningHost, route: string): Promise<number> {
  const { rows } = await callFromPage(host, 'messages.rows', { from: 0, count: 500 })
  return rows.filter((row) => row.route === route && row.dir === 'out').length
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

async function openMessages(page: Page) {
  await page.keyboard.press('Control+4')
  await page.getByRole('tab', { name: 'Messages' }).click()
  return {
    tree: page.getByRole('tree', { name: 'Saved messages' }),
    editor: page.locator('[data-pane="send-edit"]'),
  }
}
