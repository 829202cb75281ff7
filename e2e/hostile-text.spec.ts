import { utf8 } from '../src/shared/bytes'
import { expect, test as base } from './fixtures'
import { detailOf } from './record'
import { Screen } from './screen'
import { message, TcpDevice } from './tcp-device'

/** What a device says is text, whatever it looks like (reliability catalogue, S6). */
const test = base.extend<{ device: TcpDevice; view: Screen }>({
  device: async ({}, use) => {
    const device = await TcpDevice.listen()
    await use(device)
    await device.close()
  },
  view: async ({ app, device }, use) => {
    const screen = new Screen(app)
    await screen.connect('TCP client', { Port: String(device.port) })
    await screen.expectConnected()
    await use(screen)
  },
})

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

const HOSTILE = [
  '<img src=x onerror="document.title=\'owned\'">',
  '<script>document.title="owned"</script>',
  '"><svg onload=document.title="owned">',
  'javascript:document.title="owned"',
  '{{constructor.constructor("document.title=1")()}}',
  '__proto__',
  'constructor',
  '../../etc/passwd\u0000',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u202eevil\u2066 text\u2069',
  'a\nb\r\nc\td',
  'W'.repeat(400),
  '\ud83d\ude00 e\u0301\u0301\u0301\u0301',
]

test('in route, header and body stays text: no element appears and nothing runs', async ({
  view: screen,
  device,
  shot,
}) => {
  const page = screen.page
  const titleBefore = await page.title()
  await page.evaluate(() => {
    const seen: string[] = []
    const WATCHED = ['IMG', 'SCRIPT', 'SVG', 'IFRAME', 'OBJECT', 'A', 'FORM']
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) {
          if (node instanceof HTMLElement && WATCHED.includes(node.tagName))
            seen.push(node.outerHTML.slice(0, 80))
        }
      }
    }).observe(document.body, { childList: true, subtree: true })
    Object.assign(window, { seenElements: seen })
  })
  HOSTILE.forEach((text, index) => {
    const info = { route: text, message_id: `id${index}`, [text]: text, note: text }
    device.send(message(`m${index}`, info, utf8(JSON.stringify({ [text]: text }))))
  })
  await screen.expectMessages(HOSTILE.length)
  for (let id = 1; id <= HOSTILE.length; id++) {
    await screen.list.focus()
    await page.keyboard.press(id === 1 ? 'Home' : 'ArrowDown')
    await expect(screen.row(id)).toHaveAttribute('aria-selected', 'true')
    for (const tab of ['Summary', 'JSON', 'Hex', 'Text'] as const) await screen.openTab(tab)
  }
  await screen.list.focus()
  await page.keyboard.press('Home')
  await screen.openTab('Summary')
  await expect(screen.row(1)).toContainText('<img src=x onerror=')
  await expect(screen.inspector).toContainText('<img src=x onerror=')
  await shot('hostile-text')

  expect(await page.evaluate(() => (window as unknown as { seenElements: string[] }).seenElements)).toEqual(
    [],
  )
  expect(await page.title()).toBe(titleBefore)
  expect(await page.evaluate(() => 'onerror' in Object.prototype || 'note' in Object.prototype)).toBe(false)
  expect(page.url()).toMatch(/^(http:\/\/127\.0\.0\.1|https:\/\/app-console\.invalid|app:)/)
})

/** Characters that act on a terminal, or on the order and look of what stands around them. */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/

/** 200 texts: what acts on HTML, scripts, terminals and the order of writing, in every wrapping a device may put it in. */
const PAYLOADS = [
  ...HOSTILE.slice(0, 11),
  '<iframe srcdoc="<script>parent.document.title=1</script>">',
  '<a href="javascript:document.title=1">x</a>',
  '<style>*{display:none}</style>',
  '\u001b]52;c;b3duZWQ=\u0007',
  '\u001b]8;;http://evil.invalid\u0007link\u001b]8;;\u0007',
  '\u001b[?1049h\u001b[6n\u001b[31m',
  '\u0000\u0001\u0007\u0008\u007f\u009b31m',
  '\u2028\u2029\ufeff\u200b\u200f\u202d',
  '${process.exit(1)} #{1+1} <%= 1 %>',
]
const WRAPPINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `"${text}`,
  (text) => `'${text}'`,
  (text) => `<!--${text}-->`,
  (text) => `${text}${text}`,
  (text) => `log: ${text}\n`,
  (text) => `\\u003c${text}`,
  (text) => `&lt;${text}&gt;`,
  (text) => `${text}${'W'.repeat(200)}`,
  (text) => `\ud83d\ude00${text}`,
]

test('200 texts of a hostile device stay text in every view, and reach neither title nor clipboard', async ({
  view: screen,
  device,
}) => {
  test.setTimeout(120_000)
  const texts = PAYLOADS.flatMap((payload) => WRAPPINGS.map((wrap) => wrap(payload)))
  expect(texts.length).toBe(200)
  const { page } = screen
  const titleBefore = await page.title()
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seenElements: seen })
    navigator.clipboard.writeText = (text) => Promise.resolve(void seen.push(`clipboard ${text}`))
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) {
          if (node instanceof HTMLElement && /^(IMG|SCRIPT|IFRAME|OBJECT|A|FORM|STYLE)$/.test(node.tagName))
            seen.push(node.outerHTML.slice(0, 80))
        }
      }
    }).observe(document.documentElement, { childList: true, subtree: true })
  })
  texts.forEach((text, index) =>
    device.send(message(`t${index}`, { route: text, note: text }, utf8(JSON.stringify({ [text]: text })))),
  )
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('200')
  await screen.list.focus()
  await page.keyboard.press('Home')
  await expect(screen.row(1)).toHaveAttribute('aria-selected', 'true')
  const drawn = new Set<number>()
  const selected = async (): Promise<number> => {
    const active = (await screen.list.getAttribute('aria-activedescendant')) ?? ''
    return Number(active.replace('message-', ''))
  }
  for (let at = 1; drawn.size < 200; at = await selected()) {
    // all that is in sight has come
    const inSight = screen.list.locator('[data-message]')
    await expect.poll(async () => (await screen.rows()).length === (await inSight.count())).toBe(true)
    for (const { id } of await screen.rows()) drawn.add(id)
    expect(await page.locator('body').innerText()).not.toMatch(HIDDEN)
    if (at === 200) break
    await page.keyboard.press('PageDown')
    await expect.poll(selected).toBeGreaterThan(at)
  }
  for (const tab of ['Tree', 'Text', 'JSON', 'Summary'] as const) await screen.openTab(tab)
  expect(drawn.size).toBe(200)
  expect(await page.evaluate(() => (window as unknown as { seenElements: string[] }).seenElements)).toEqual(
    [],
  )
  expect(await page.title()).toBe(titleBefore)
  expect(page.url()).toMatch(/^(http:\/\/127\.0\.0\.1|app:)/)
})

test('what would act on a terminal or turn the writing round is shown as an escape', async ({
  view: screen,
  device,
  host,
  shot,
}) => {
  const route = 'log\u202egnp.exe\u001b[31m\u200b\nnext'
  const note = '\u2066x\u001b]0;title\u0007'
  device.send(message('aaaaaa', { route, note }, utf8('{"text":"\u202eabc"}')))
  device.send(message('bbbbbb', { route: 'ansi' }, utf8('\u001b[2J\u001b[31mred\u202e')))
  await screen.expectRow({ id: 2, route: 'ansi', status: 'ok' })

  const shown = String.raw`log\u202egnp.exe\x1b[31m\u200b\x0anext`
  await screen.expectRow({ id: 1, route: shown, status: 'ok' })
  await expect(screen.lanes.getByRole('listitem').first()).toContainText(shown)
  await screen.select(1)
  await expect(screen.inspector).toContainText(`${shown}#1`)
  await expect(screen.inspector.getByRole('tabpanel')).toContainText(
    String.raw`note: "\u2066x\u001b]0;title\u0007"`,
  )
  await expect(await screen.openTab('JSON')).toContainText(String.raw`"\u202eabc"`)
  await screen.select(2)
  await expect(await screen.openTab('Text')).toContainText(String.raw`\x1b[2J\x1b[31mred\u202e`)
  await shot('control-characters')
  expect(await screen.page.locator('body').innerText()).not.toMatch(HIDDEN)
  const names = await screen.page
    .locator('[aria-label], [title]')
    .evaluateAll((all) =>
      all.flatMap((each) => ['aria-label', 'title'].map((name) => each.getAttribute(name))),
    )
  expect(names.join('\n')).not.toMatch(HIDDEN)
  // shown escaped, kept as it came
  expect((await detailOf(host, 1)).route).toBe(route)
})

test('one long line, and lines without end, do not move the panes', async ({ view: screen, device }) => {
  const before = await screen.inspector.boundingBox()
  device.send(message('long', { route: 'x'.repeat(3000), message_id: 'l' }, utf8('y'.repeat(200_000))))
  await expect.poll(async () => (await screen.rows()).length).toBeGreaterThanOrEqual(1)
  await screen.select(1)
  await screen.openTab('Text')
  expect(await screen.inspector.boundingBox()).toEqual(before)
  expect(await screen.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})
