import { copyFileSync, mkdirSync } from 'node:fs'
import { expect, test } from './fixtures'
import { Screen } from './screen'

/**
 * Pictures of every screen, kept among the results. With UPDATE_SCREENS=1 the ones the README and the docs show are
 * written to docs/screens as well (1440 × 900). In the web host alone: every host shows the same page.
 */
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1440, height: 900 },
]
const THEMES = ['dark', 'light'] as const
const PUBLISHED_WIDTH = 1440

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

for (const theme of THEMES) {
  for (const size of SIZES) {
    const name = `${theme}-${size.width}`

    test(`first screen, ${name}`, async ({ app, shot }, testInfo) => {
      const screen = new Screen(app)
      await app.setViewportSize(size)
      await expect(screen.card.getByRole('button', { name: 'Connect' })).toBeFocused()
      await app.keyboard.press('Escape')
      await screen.chooseTheme(theme)
      await screen.openCard()
      expect(await overflowing(screen)).toEqual([])
      await shot(`connect-${name}`)
      publish(testInfo.outputPath(`web-connect-${name}.png`), `connect-${theme}`, size.width)
    })

    test.describe('on the simulated device', () => {
      test.use({ links: ['sim:demo'] })

      test(`live view, ${name}`, async ({ app, shot }, testInfo) => {
        const screen = new Screen(app)
        await app.setViewportSize(size)
        await screen.chooseTheme(theme)
        await screen.expectRow({ route: 'log.dump' })
        await screen.send({ route: '/device/read', body: '{"channel": "temperature"}' })
        await expect(screen.outcome).toContainText('answered in')
        await screen.send({ route: 'add', body: '{"a": 1, "b": 2}' })
        await expect(screen.outcome).toContainText('{"sum":3}')
        await expect(screen.inspector).toContainText('Answered in')
        expect(await overflowing(screen)).toEqual([])
        await shot(`live-${name}`)
        publish(testInfo.outputPath(`web-live-${name}.png`), `live-${theme}`, size.width)
      })
    })
  }
}

function publish(picture: string, name: string, width: number): void {
  if (process.env['UPDATE_SCREENS'] !== '1' || width !== PUBLISHED_WIDTH) return
  mkdirSync('docs/screens', { recursive: true })
  copyFileSync(picture, `docs/screens/${name}.png`)
}

/** Bars whose content is wider than they are: something would be cut off. */
const overflowing = (screen: Screen): Promise<string[]> =>
  screen.page.evaluate(() =>
    [...document.querySelectorAll('header, footer, .phead, [role=tablist]')]
      .filter((bar) => bar.scrollWidth > bar.clientWidth + 1)
      .map((bar) => `${bar.tagName}.${bar.className}: ${bar.scrollWidth} in ${bar.clientWidth}`),
  )
