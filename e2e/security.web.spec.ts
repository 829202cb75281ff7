import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { SOCKET_PATH, SOCKET_PROTOCOL, SOCKET_TOKEN_PREFIX } from '../src/shared/contract/host-api'
import { expect, test } from './fixtures'
import { callFromPage } from './raw-call'

const statusOf = (text: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1])

/** One request, byte for byte, on a socket of its own. */
const raw = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (data: string) => (answer += data))
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
    socket.write(text)
  })

test('who has no key or is not our page gets neither page, files nor socket', async ({ browser, host }) => {
  await test.step('a page without the key says so instead of looking empty', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(host.web!.url)
    await expect(page.getByText(/HOST_TOKEN_MISSING|full address/).first()).toBeVisible()
    await context.close()
  })

  await test.step('a foreign page in the same browser gets neither the socket nor the files', async () => {
    const { url, token } = host.web!
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.route('https://evil.example/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>evil</title>' }),
    )
    await page.goto('https://evil.example/')
    const outcome = await page.evaluate(
      async ({ url, path, protocols }) => {
        const socket = new Promise<string>((resolve) => {
          const opened = new WebSocket(`${url.replace('http', 'ws').slice(0, -1)}${path}`, protocols)
          opened.onopen = () => resolve('open')
          opened.onerror = () => resolve('refused')
        })
        const file = fetch(url).then(
          () => 'read',
          () => 'refused',
        )
        return { socket: await socket, file: await file }
      },
      { url, path: SOCKET_PATH, protocols: [SOCKET_PROTOCOL, SOCKET_TOKEN_PREFIX + token] },
    )
    expect(outcome).toEqual({ socket: 'refused', file: 'refused' })
    await context.close()
  })

  await test.step('the table of hosts, origins and paths, over real sockets', async () => {
    const port = Number(new URL(host.web!.url).port)
    const own = `127.0.0.1:${port}`
    const rows: readonly [string, string, readonly string[], number][] = [
      ['a tool', '/', [`Host: ${own}`], 200],
      ['our page', '/', [`Host: ${own}`, `Origin: http://${own}`], 200],
      ['rebinding', '/', [`Host: evil.example:${port}`], 403],
      ['a look-alike', '/', [`Host: 127.0.0.1.evil.example:${port}`], 403],
      ['another port', '/', ['Host: 127.0.0.1:1'], 403],
      ['a foreign page', '/', [`Host: ${own}`, 'Origin: https://evil.example'], 403],
      ['an opaque page', '/', [`Host: ${own}`, 'Origin: null'], 403],
      ['traversal', '/../main/web.js', [`Host: ${own}`], 400],
      ['encoded traversal', '/%2e%2e/main/web.js', [`Host: ${own}`], 400],
      ['a file of the program that is not of the page', '/main/web.js', [`Host: ${own}`], 404],
      ['a broken escape', '/%', [`Host: ${own}`], 400],
      ['two slashes', '//', [`Host: ${own}`], 400],
    ]
    for (const [what, path, headers, status] of rows) {
      const answer = await raw(
        port,
        `GET ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\nConnection: close\r\n\r\n`,
      )
      expect(statusOf(answer), what).toBe(status)
      expect(answer.toLowerCase(), what).not.toContain('access-control-')
    }
  })

  await test.step('the socket opens with the key only, and never for a foreign page', async () => {
    const { url, token } = host.web!
    const dial = (given: string, headers: Record<string, string> = {}): Promise<number> =>
      new Promise((resolve, reject) => {
        const protocols = [SOCKET_PROTOCOL, SOCKET_TOKEN_PREFIX + given]
        const socket = new WebSocket(`${url.replace('http', 'ws').slice(0, -1)}${SOCKET_PATH}`, protocols, {
          headers,
        })
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
        socket.on('error', reject)
        socket.on('open', () => {
          socket.close()
          resolve(101)
        })
      })
    expect(await dial(token)).toBe(101)
    expect(await dial(token.toLowerCase().replace(/^./, 'Z'))).toBe(401)
    expect(await dial(token, { origin: 'null' })).toBe(403)
    expect(await dial(token, { origin: 'https://evil.example' })).toBe(403)
    expect(await dial(token, { host: 'evil.example' })).toBe(403)
    expect(await dial(token)).toBe(101)
    expect(host.output()).not.toContain('Error')
  })
})

test('the page keeps its key for itself, and says when the program has ended', async ({ app, host }) => {
  await test.step('the key is not left in the address bar, and reloading still works', async () => {
    expect(app.url()).toBe(host.web?.url)
    await app.reload()
    await callFromPage(host, 'app.info', {})
    expect(app.url()).not.toContain('token')
  })

  await test.step('when the program ends, the page says so', async () => {
    await expect(app.getByText(/core is gone/i)).toHaveCount(0)
    process.kill(host.web!.pid, 'SIGTERM')
    await expect(app.getByText(/core is gone|CHANNEL_CLOSED/i).first()).toBeVisible()
  })
})
