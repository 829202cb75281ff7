import { test as base, expect } from './fixtures'
import { Screen } from './screen'

const test = base.extend<{ view: Screen }>({
  view: async ({ app }, use) => use(new Screen(app)),
})
test.use({ links: ['sim:demo'] })

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

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
