import { utf8 } from '../src/shared/bytes'
import { expect, test as base } from './fixtures'
import { Screen } from './screen'
import { message, TcpDevice } from './tcp-device'

/** What a device says is text, whatever it looks like (reliability catalogue, S6). */
const test = base.extend<{ device: TcpDevice; view: Screen }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
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
  `${'W'.repeat(400)}`,
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
  await expect.poll(async () => (await screen.rows()).length).toBeGreaterThanOrEqual(HOSTILE.length)

  for (let id = 1; id <= HOSTILE.length; id++) {
    await screen.select(id)
    for (const tab of ['Summary', 'JSON', 'Hex', 'Text'] as const) await screen.openTab(tab)
  }
  await screen.select(1)
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

test('one long line, and lines without end, do not move the panes', async ({ view: screen, device }) => {
  const before = await screen.inspector.boundingBox()
  device.send(message('long', { route: 'x'.repeat(3000), message_id: 'l' }, utf8('y'.repeat(200_000))))
  await expect.poll(async () => (await screen.rows()).length).toBeGreaterThanOrEqual(1)
  await screen.select(1)
  await screen.openTab('Text')
  expect(await screen.inspector.boundingBox()).toEqual(before)
  expect(await screen.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})
