import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test as base } from './fixtures'
import { Screen } from './screen'

const test = base.extend<{ view: Screen }>({
  view: async ({ app }, use) => use(new Screen(app)),
})
test.use({ links: ['sim:demo'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

/**
 * What is serious or critical in a part of the page, in words that lead to it. How a page is built is the same in all themes: in the others the colours
 * are looked at.
 */
async function findings(app: Page, theme: string, where: string, part: string): Promise<string[]> {
  // what fades in is judged when it is there
  await app.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished.catch(() => null)),
    ),
  )
  const axe = new AxeBuilder({ page: app }).include(part).setLegacyMode(true)
  axe.options({ resultTypes: ['violations'] }) // what is in order would be described node by node, for nobody
  if (theme === 'dark') axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
  else axe.withRules(['color-contrast'])
  const { violations } = await axe.analyze()
  const scrolled = violations.find(({ id }) => id === 'scrollable-region-focusable')?.nodes ?? []
  for (const { target } of scrolled) {
    // rows scroll with the keys of the grid or tree around them, which has the focus for all of them
    const inside = await app
      .locator(String(target[0]))
      .first()
      .evaluate((element) => element.parentElement?.closest('[tabindex="0"]') instanceof HTMLElement)
    if (!inside) return [`${where}: no key scrolls ${String(target[0])}`]
  }
  return violations
    .filter(
      ({ id, impact }) =>
        id !== 'scrollable-region-focusable' && (impact === 'serious' || impact === 'critical'),
    )
    .flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 4)
        .map(({ target, any }) => `${where}: ${id} ${target.join(' ')} ${any[0]?.message ?? ''}`),
    )
}

for (const theme of ['dark', 'light', 'contrast'] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test('pages and states of the live view have nothing serious', async ({ app, view: screen }) => {
      test.slow() // each look at a whole page takes its time
      await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
      await screen.chooseTheme(theme)
      await screen.pause()
      await screen.list.focus()
      await app.keyboard.press('Home')
      const found = await findings(app, theme, 'live', 'body')
      // how things are built is the same in all themes, and most colours are on the live page and on those of its data
      for (const tab of theme === 'dark' ? ['Tree', 'Hex', 'JSON', 'Text', 'Time', 'Diff'] : ['Diff']) {
        await screen.inspector.getByRole('tab', { name: tab }).click()
        found.push(...(await findings(app, theme, tab, '#inspector')))
      }
      for (const key of theme === 'dark' ? ['2', '3', '4', '5', '6', '7'] : ['4', '5', '6', '7']) {
        await app.keyboard.press(`Control+${key}`)
        await expect(app.locator('main .page [data-pane]').first()).toBeVisible()
        found.push(...(await findings(app, theme, `page ${key}`, 'main .page')))
      }
      expect(found).toEqual([])
    })

    if (theme === 'light') return // the colours of dialogs are those of the pages
    test('dialogs have nothing serious', async ({ app, view: screen }) => {
      test.slow()
      await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
      await screen.chooseTheme(theme)
      await screen.list.focus()
      const found: string[] = []
      const look = async (
        name: string,
        keys: string,
        within: () => Promise<void> = () => Promise.resolve(),
      ): Promise<void> => {
        await app.keyboard.press(keys)
        await expect(app.getByRole('dialog')).toBeVisible()
        found.push(...(await findings(app, theme, name, '[role=dialog]')))
        await within()
        await app.keyboard.press('Escape')
        await expect(app.getByRole('dialog')).toBeHidden()
      }
      await look('palette', 'Control+k')
      await look('keys', '?')
      await look('triggers', 'Control+Shift+T')
      await look('settings', 'Control+,', async () => {
        for (const tab of ['Keys', 'Layouts']) {
          await app.getByRole('tab', { name: tab }).click()
          found.push(...(await findings(app, theme, tab, '[role=dialog]')))
        }
      })
      await look('connect', 'Control+o', async () => {
        for (const tab of ['Serial', 'TCP server', 'Simulator']) {
          await screen.card.getByRole('tab', { name: tab }).click()
          found.push(...(await findings(app, theme, tab, '[role=dialog]')))
        }
      })
      expect(found).toEqual([])
    })
  })
}

test('the look follows the system: light, dark, and more contrast', async ({ app }) => {
  await app.emulateMedia({ colorScheme: 'light' })
  await expect(app.locator('html')).toHaveAttribute('data-theme', 'light')
  await app.emulateMedia({ colorScheme: 'dark' })
  await expect(app.locator('html')).toHaveAttribute('data-theme', 'dark')
  await app.emulateMedia({ contrast: 'more' })
  await expect(app.locator('html')).toHaveAttribute('data-theme', 'contrast')
  await app.emulateMedia({ contrast: null, forcedColors: 'active' })
  await expect(app.locator('html')).toHaveAttribute('data-theme', 'contrast')
})

test('what happens is said in one quiet place, summed up, no more than once in two seconds', async ({
  app,
  view: screen,
}) => {
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
  await app.evaluate(() => {
    const said: { at: number; text: string }[] = []
    Object.assign(window, { said })
    const region = document.querySelector('[data-announcer]')
    new MutationObserver(() => {
      const text = region?.textContent ?? ''
      if (text !== '') said.push({ at: performance.now(), text })
    }).observe(region ?? document.body, { childList: true, characterData: true, subtree: true })
  })
  const said = (): Promise<{ at: number; text: string }[]> =>
    app.evaluate(() => (window as unknown as { said: { at: number; text: string }[] }).said)
  await expect.poll(async () => (await said()).length).toBeGreaterThanOrEqual(3)
  const told = await said()
  expect(told.some(({ text }) => /^\d+ messages?(, \d+ faults?)?/.test(text))).toBe(true)
  for (let at = 1; at < told.length; at++) {
    expect(told[at]!.at - told[at - 1]!.at).toBeGreaterThan(1500)
  }
})

test('Alt F1 tells the keys of the pane that has the focus', async ({ app, view: screen }) => {
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
  await screen.list.focus()
  await app.keyboard.press('Alt+F1')
  const sheet = app.getByRole('dialog', { name: 'Keys' })
  await expect(sheet).toContainText('Previous, next message')
  await expect(sheet).not.toContainText('Byte ranges')
  await app.keyboard.press('Escape')
  await expect(screen.list).toBeFocused()
})
