import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { callFromPage } from './raw-call'

/** Puts a script element with text into the page; gives what became of it. */
const tryInlineScript = (page: Page): Promise<{ ran: boolean; directive: string }> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => {
          resolve({ ran: 'inlineRan' in window, directive: event.effectiveDirective })
        })
        const script = document.createElement('script')
        script.textContent = 'window.inlineRan = true'
        document.head.append(script)
        if ('inlineRan' in window) resolve({ ran: true, directive: '' })
      }),
  )

// refused requests are told late: they come last
test('nothing that gets into the page runs, leaves it, or reaches the computer', async ({
  app,
  host,
  workspaceDir,
}) => {
  await test.step('a script written into the page does not run', async () => {
    expect(await tryInlineScript(app)).toEqual({ ran: false, directive: 'script-src-elem' })
  })

  await test.step('handlers and styles in attributes of injected text do not run', async () => {
    const directives = await app.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const seen = new Set<string>()
          document.addEventListener('securitypolicyviolation', (event) => {
            seen.add(event.effectiveDirective)
            if (seen.size === 2) resolve([...seen].sort())
          })
          const holder = document.createElement('div')
          holder.innerHTML = '<img src="data:," onerror="window.inlineRan = true"><p style="color: red">x</p>'
          document.body.append(holder)
        }),
    )
    expect(directives).toEqual(['script-src-attr', 'style-src-attr'])
    expect(await app.evaluate(() => 'inlineRan' in window)).toBe(false)
  })

  await test.step('code cannot be built from text', async () => {
    const refused = await app.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.blockedURI))
          // a timer with text is judged by the page's policy; code that automation runs directly is not
          Reflect.apply(setTimeout, window, ['window.inlineRan = true'])
        }),
    )
    expect(refused).toBe('eval')
  })

  await test.step('a page embeds no foreign frame', async () => {
    const directive = await app.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective))
          const frame = document.createElement('iframe')
          frame.src = 'https://example.com/'
          document.body.append(frame)
        }),
    )
    expect(directive).toBe('frame-src')
  })

  await test.step('the page has no Node, and neither has a worker of it', async () => {
    const namesOfNode = (): string[] =>
      ['require', 'process', 'module', 'Buffer', '__dirname'].filter(
        (name) => typeof Reflect.get(globalThis, name) !== 'undefined',
      )
    expect(await app.evaluate(namesOfNode)).toEqual([])
    const started = app.waitForEvent('worker')
    await app.evaluate(() => {
      const script = document.querySelector<HTMLScriptElement>('script[src]')
      Reflect.set(window, 'keptAlive', new Worker(script?.src ?? '', { type: 'module' }))
    })
    const worker = await started
    expect(await worker.evaluate(namesOfNode)).toEqual([])
  })

  await test.step('a link with a download writes nothing outside the program', async () => {
    await app.evaluate(() => {
      const link = document.createElement('a')
      link.href = 'data:text/plain,x'
      link.download = 'planted.txt'
      document.body.append(link)
      link.click()
    })
    await callFromPage(host, 'app.info', {})
    expect(existsSync(join(workspaceDir, 'planted.txt'))).toBe(false)
  })

  await test.step('the page cannot talk to other addresses', async () => {
    for (const url of ['https://example.com/', 'http://127.0.0.1:1/', 'file:///etc/passwd', 'data:,x']) {
      const outcome = await app.evaluate(
        (address) =>
          fetch(address).then(
            () => 'reached',
            () => 'refused',
          ),
        url,
      )
      expect(outcome).toBe('refused')
    }
  })
})
