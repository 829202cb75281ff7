import { callFromPage } from './raw-call'
import { expect, test } from './fixtures'

test('the page loads, is answered by the core, and works again after a reload', async ({
  app,
  host,
  hostKind,
  shot,
}) => {
  await test.step('the page loads without an error and says what it is', async () => {
    await expect(app).toHaveTitle(/Netcore Console/)
    await expect(app.locator('#root > *').first()).toBeVisible()
    await shot('first-screen')
    expect(host.pageErrors).toEqual([])
  })

  await test.step('a command goes from the page to the core and back', async () => {
    const info = await callFromPage(host, 'app.info', {})
    expect(info.name).toBe('Netcore Console')
    expect(info.host).toBe(hostKind === 'web' ? 'web' : 'electron')
    expect(info.version).toMatch(/^\d+\.\d+\.\d+$/)
  })

  await test.step('reloading the page gives a working page again', async () => {
    await app.reload()
    await expect(app.locator('#root > *').first()).toBeVisible()
    await callFromPage(host, 'app.info', {})
    expect(host.pageErrors).toEqual([])
  })

  await test.step('a wrong request is answered with a code and the channel of the screen lives on', async () => {
    const wrong = callFromPage(host, 'messages.rows', { from: -1, count: 1 })
    await expect(wrong).rejects.toThrow(/CONTRACT_BAD_ARGUMENT.*from/)
    await callFromPage(host, 'app.info', {})
  })

  await test.step('megabytes travel unharmed in one frame', async () => {
    const body = new Uint8Array(4 * 1024 * 1024)
    const sent = callFromPage(host, 'message.send', {
      linkId: 1,
      route: 'nobody',
      kind: 'bytes',
      body,
      headers: {},
      priority: 3,
      timeoutMs: 1000,
    })
    await expect(sent).rejects.toThrow(/LINK_UNKNOWN/) // it was read, checked and understood
  })
})

test.describe('with a link to open', () => {
  test.use({ links: ['sim:demo'] })

  test('the program opens the links it was started with', async ({ host }) => {
    await expect
      .poll(async () => (await callFromPage(host, 'recent.list', {})).links.map((link) => link.url).join())
      .toContain('sim:demo')
  })
})
