import { expect, test } from './fixtures'
import { callFromPage } from './raw-call'

test('the preload exposes exactly the reviewed names', async ({ app }) => {
  const api = await app.evaluate(() =>
    Object.entries(window.netcoreConsole ?? {}).map(([name, value]) => [name, typeof value]),
  )
  expect(api).toEqual([
    ['host', 'string'],
    ['connect', 'function'],
    ['openWindow', 'function'],
  ])
  const electronNames = await app.evaluate(() =>
    ['ipcRenderer', 'contextBridge', 'electron', '__double'].filter((name) => name in window),
  )
  expect(electronNames).toEqual([])
})

test('what the page changes about its own world does not reach the preload', async ({ app, host }) => {
  await app.evaluate(() => {
    Array.prototype.map = () => {
      throw new Error('poisoned')
    }
    window.postMessage = () => {
      throw new Error('poisoned')
    }
  })
  const answer = await app.evaluate(() => window.netcoreConsole?.connect())
  expect(answer).toEqual({ ok: true })
  expect(host.output()).not.toContain('poisoned')
})

test.describe('stays on its page', () => {
  test('no link, address, form or other page of its own scheme leads away', async ({ app, host }) => {
    const before = app.url()
    for (const [what, act] of [
      [
        'a link',
        "const a = document.createElement('a'); a.href = 'https://example.com/'; document.body.append(a); a.click()",
      ],
      ['the address', "location.href = 'https://example.com/'"],
      ['another page of its own scheme', "location.href = '/other.html'"],
      ['replacing the address', "location.replace('https://example.com/')"],
      [
        'a form',
        "const form = document.createElement('form'); form.action = 'https://example.com/'; document.body.append(form); form.submit()",
      ],
    ] as const) {
      await test.step(`${what} does not lead away`, async () => {
        await app.evaluate(act)
        await callFromPage(host, 'app.info', {})
        expect(app.url()).toBe(before)
      })
    }
  })

  test('no second window opens; a known link goes to the system browser', async ({ app, host, hostKind }) => {
    await app.evaluate(() => {
      window.open('https://example.com/')
      window.open('https://pypi.org/project/netcore/')
    })
    await callFromPage(host, 'app.info', {})
    await expect.poll(() => app.context().pages().length).toBe(1)
    if (hostKind === 'shell') expect(host.openedOutside).toEqual(['https://pypi.org/project/netcore/'])
  })
})

test('permissions are refused, the clipboard can be written and the person be told', async ({ app }) => {
  const states = await app.evaluate(async () => {
    const names = ['geolocation', 'clipboard-read', 'clipboard-write', 'notifications'] as PermissionName[]
    const found = await Promise.all(names.map((name) => navigator.permissions.query({ name })))
    return found.map((status) => status.state)
  })
  expect(states).toEqual(['denied', 'denied', 'granted', 'granted'])
})

test('bytes that are no message end the channel with a code, and the program goes on', async ({
  app,
  host,
}) => {
  const goodbye = await app.evaluate(
    () =>
      new Promise<unknown>((resolve) => {
        const take = (event: MessageEvent): void => {
          const port = event.ports[0]
          if (port === undefined) return
          window.removeEventListener('message', take)
          port.onmessage = ({ data }) => resolve(data)
          port.postMessage(Uint8Array.of(0xc1))
        }
        window.addEventListener('message', take)
        void window.netcoreConsole?.connect()
      }),
  )
  expect(goodbye).toBe('CONTRACT_BAD_FRAME')
  await callFromPage(host, 'app.info', {})
})
