import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { Screen } from './screen'
import { ToldPorts, toldPort } from './told-ports'

/**
 * What stands still is held to how it looked (e2e/looks; `UPDATE_LOOKS=1` takes the pictures anew). Pictures depend on
 * the fonts of the computer: elsewhere than where they were taken this says so and is skipped.
 */
const SAMPLE = 'Hamburgefonstiv 0123456789'
const WIDTHS = { ui: 1340, mono: 1565 }
const DIFFERENCE = { maxDiffPixelRatio: 0.01, animations: 'disabled', caret: 'hide' } as const

const PORTS = [
  toldPort('/dev/ttyACM0', { title: 'STM32 STLink', vendorId: '0483', productId: '374e', driver: 'cdc_acm' }),
  toldPort('/dev/ttyUSB0', {
    title: 'FTDI TTL232R',
    vendorId: '0403',
    productId: '6001',
    problem: {
      code: 'PORT_BUSY',
      message: 'ModemManager (812) has it open',
      remedy: 'Stop it, or tell it to leave this port alone.',
      holder: { name: 'ModemManager', pid: 812 },
      group: '',
      command: 'sudo systemctl stop ModemManager',
    },
  }),
]

const widthsOf = (page: Page): Promise<{ ui: number; mono: number }> =>
  page.evaluate((text) => {
    const widthIn = (font: string): number => {
      const context = new OffscreenCanvas(1, 1).getContext('2d')
      if (context === null) throw new Error('no canvas')
      context.font = font
      return Math.round(context.measureText(text).width)
    }
    const style = getComputedStyle(document.body)
    const mono = getComputedStyle(document.documentElement).getPropertyValue('--font-mono').trim()
    return { ui: widthIn(`100px ${style.fontFamily}`), mono: widthIn(`100px ${mono || 'monospace'}`) }
  }, SAMPLE)

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

for (const theme of ['dark', 'light'] as const) {
  test(`what stands still looks as it did, ${theme}`, async ({ app }) => {
    const widths = await widthsOf(app)
    test.skip(
      widths.ui !== WIDTHS.ui || widths.mono !== WIDTHS.mono,
      `the fonts here are others than those of the pictures (${widths.ui}, ${widths.mono})`,
    )
    const screen = new Screen(app)
    await app.setViewportSize({ width: 1280, height: 800 })
    await ToldPorts.begin(app, PORTS)
    await expect(screen.card).toContainText('STM32 STLink')
    await app.keyboard.press('Escape')
    await screen.chooseTheme(theme)
    await app.mouse.move(1278, 400)
    await screen.list.focus()
    await expect(app).toHaveScreenshot(`empty-${theme}.png`, {
      ...DIFFERENCE,
      mask: [screen.lanesCanvas], // its times run
    })
    await app.keyboard.press('?')
    await expect(app.getByRole('dialog')).toHaveScreenshot(`help-${theme}.png`, DIFFERENCE)
    await app.keyboard.press('Escape')
    await screen.openCard()
    await expect(screen.card).toHaveScreenshot(`connect-${theme}.png`, DIFFERENCE)
    await screen.card.getByRole('tab', { name: 'Simulator' }).click()
    await expect(screen.card).toHaveScreenshot(`simulator-${theme}.png`, DIFFERENCE)
  })
}
