import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { utf8 } from '../src/shared/bytes'
import { expect, test as base } from './fixtures'
import { Screen } from './screen'
import { TcpDevice } from './tcp-device'

/** A device of raw bytes the program is connected to from the start. */
const test = base.extend<{ device: TcpDevice }>({
  device: async ({}, use) => {
    const device = await TcpDevice.listen()
    await use(device)
    await device.close()
  },
  links: async ({ device }, use) => use([`tcp://127.0.0.1:${device.port}?dialect=raw&name=sensor-hub`]),
})

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

const ESC = '\u001b'
const BEL = '\u0007'
const BOOT = [
  `${ESC}[1;32m[  OK  ]${ESC}[0m Started sensor hub`,
  `${ESC}[33mwarn${ESC}[0m  battery at ${ESC}[1m11 %${ESC}[0m, 24.5 °C`,
  `${ESC}[31merror${ESC}[0m i2c: no answer from 0x48`,
  `${ESC}]0;owned${BEL}${ESC}]52;c;ZXZpbA==${BEL}a title and the clipboard`,
  `a link ${ESC}]8;;javascript:alert(1)${BEL}here${ESC}]8;;${BEL}`,
  `${ESC}[2J${ESC}[H${ESC}[?1049hnothing is cleared \u202etxt.exe`,
  `${ESC}[38;2;74;147;238mtrue colour${ESC}[0m, ${ESC}[7minverse${ESC}[0m`,
]

/** What the rows of the terminal read, without the space behind them. */
const shown = (page: Page): Promise<string[]> =>
  page
    .locator('.xterm-rows > div')
    .evaluateAll((rows) =>
      rows.map((row) => row.textContent.replaceAll('\u00a0', ' ').trimEnd()).filter((row) => row !== ''),
    )

test('a terminal shows what a device says, harmlessly, and sends lines, hex and files byte for byte', async ({
  app,
  device,
  shot,
  workspaceDir,
}) => {
  const screen = new Screen(app)
  await app.setViewportSize({ width: 1280, height: 800 })
  await screen.expectConnected()
  const title = await app.title()
  await app.keyboard.press('Control+2')
  const terminal = app.getByRole('region', { name: 'Terminal' })
  await expect(terminal.getByRole('textbox', { name: /^Bytes of the link/ })).toBeFocused()
  await expect(app.getByRole('button', { name: 'Terminal', exact: true })).toHaveAttribute(
    'aria-current',
    'page',
  )
  await expect(terminal).toContainText('Nothing has been received yet.')

  await terminal.getByRole('button', { name: 'Log', exact: true }).click()
  await app.getByRole('menuitem', { name: 'Text with times' }).click()
  await expect(terminal.getByRole('button', { name: /^Logging/ })).toBeVisible()

  device.send(utf8(BOOT.map((line) => `${line}\r\n`).join('')))
  await expect(async () => {
    const rows = await shown(app)
    expect(rows).toHaveLength(BOOT.length)
    for (const row of rows) expect(row).toMatch(/^\d\d:\d\d:\d\d\.\d{3} < /)
    expect(rows.map((row) => row.slice(15))).toEqual([
      '[  OK  ] Started sensor hub',
      'warn  battery at 11 %, 24.5 °C',
      'error i2c: no answer from 0x48',
      '\\x1b]0;owned\\x07\\x1b]52;c;ZXZpbA==\\x07a title and the clipboard',
      'a link \\x1b]8;;javascript:alert(1)\\x07here\\x1b]8;;\\x07',
      '\\x1b[2J\\x1b[Hnothing is cleared \\u202etxt.exe',
      'true colour, inverse',
    ])
  }).toPass()
  expect(await app.title()).toBe(title)
  await expect(terminal.locator('a')).toHaveCount(0)
  const coloured = app.locator('.xterm-rows span', { hasText: /^error/ }).first()
  const red = await app.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('i'))
    probe.style.color = 'var(--error)'
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  })
  await expect(coloured).toHaveCSS('color', red)

  // what is typed in the terminal goes into the line; Tab is not held
  const line = app.getByRole('textbox', { name: 'Line to send', exact: true })
  await terminal.getByRole('textbox', { name: /^Bytes of the link/ }).focus()
  await app.keyboard.type('read temp')
  await expect(line).toHaveValue('read temp')
  await app.keyboard.press('Enter')
  await expect.poll(() => device.received.toString()).toBe('read temp\r\n')
  await app.getByLabel('Line end').selectOption('cr')
  await line.fill('go')
  await line.press('Enter')
  await expect.poll(() => device.received.toString()).toBe('read temp\r\ngo\r')
  await line.press('ArrowUp')
  await line.press('ArrowUp')
  await expect(line).toHaveValue('read temp')
  await line.press('ArrowDown')
  await expect(line).toHaveValue('go')
  await line.fill('')
  await expect.poll(async () => (await shown(app)).at(-1)).toMatch(/ > go$/)

  await app.getByRole('radiogroup', { name: 'Send as' }).getByRole('radio', { name: 'Hex' }).click()
  const hex = app.getByRole('textbox', { name: 'Bytes to send, in hex' })
  await hex.fill('7e 0')
  await hex.press('Enter')
  await expect(app.getByRole('alert')).toContainText('not a pair of hex digits')
  await hex.fill('7e 00 ff 0d')
  await hex.press('Enter')
  await expect.poll(() => device.received.subarray(14).toString('hex')).toBe('7e00ff0d')
  await app.getByRole('radiogroup', { name: 'Send as' }).getByRole('radio', { name: 'Text' }).click()

  await app.keyboard.press('Control+f')
  const find = app.getByRole('textbox', { name: 'Find in the terminal' })
  await find.fill('A T')
  await expect(app.getByRole('search')).toContainText('1 of 1')
  await find.fill('er')
  await expect(app.getByRole('search')).toContainText(/^\d+ of \d+$/)
  await app.keyboard.press('Enter')
  await expect(app.getByRole('search')).toContainText(/^1 of \d+$/)
  for (const theme of ['dark', 'light'] as const) {
    await screen.chooseTheme(theme)
    await shot(`terminal-${theme}`)
  }
  await find.press('Escape')
  await expect(app.getByRole('search')).toBeHidden()
  await expect(terminal.getByRole('textbox', { name: /^Bytes of the link/ })).toBeFocused()

  await terminal.getByRole('button', { name: 'Clear' }).click()
  await expect.poll(() => shown(app)).toEqual([])
  await terminal.getByRole('radio', { name: 'Hex' }).click()
  const bytes = Uint8Array.from({ length: 40 }, (_, at) => (at * 31) & 0xff)
  device.send(bytes)
  await expect(async () => {
    const rows = await shown(app)
    expect(rows.map((row) => row.slice(15, 23))).toEqual(['00000000', '00000010', '00000020'])
    const digits = rows.map((row) => row.slice(25, 73).replaceAll(' ', '')).join('')
    expect(digits).toBe(Buffer.from(bytes).toString('hex'))
  }).toPass()
  await shot('terminal-hex')

  await terminal.getByRole('button', { name: /^Logging/ }).click()
  await expect(terminal).toContainText(/Log of .* saved: /)
  const [name, ...others] = readdirSync(join(workspaceDir, 'logs'))
  expect(others).toEqual([])
  expect(name).toMatch(/^sensor-hub-\d{8}-\d{6}-\d{3}\.log$/)
  const log = readFileSync(join(workspaceDir, 'logs', name!), 'utf8').split('\n')
  expect(log[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z < \[ {2}OK {2}\] Started sensor hub$/)
  expect(log.map((row) => row.slice(25))).toEqual(
    expect.arrayContaining(['< a title and the clipboard', '> read temp', '> go']),
  )

  const before = device.received.length
  const file = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => (at * 17 + (at >> 8)) & 0xff))
  await app.locator('input[type=file]').setInputFiles({ name: 'firmware.bin', mimeType: '', buffer: file })
  await expect(app.getByRole('region', { name: 'Send' }).getByRole('status')).toHaveText(
    /^firmware\.bin: 300\skB sent$/,
    {
      timeout: 20_000,
    },
  )
  const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex')
  expect(digest(device.received.subarray(before))).toBe(digest(file))
  await shot('terminal-file')

  // the live page kept its row, and drew nothing while it could not be seen
  await app.keyboard.press('Control+1')
  await expect(screen.list).toBeFocused()
  await expect(terminal).toBeHidden()
  await app.keyboard.press('Home')
  await expect(screen.row(1)).toHaveAttribute('aria-selected', 'true')
  const frames = () => app.locator('.lanes-stage').getAttribute('data-frames')
  await app.keyboard.press('Control+2')
  await expect(terminal).toBeVisible()
  const drawn = await frames()
  device.send(utf8('while the terminal is shown\r\n'))
  await expect.poll(async () => (await shown(app)).at(-1)).toMatch(/al is shown\.\.$/)
  expect(await frames()).toBe(drawn)
  await app.keyboard.press('Control+1')
  await expect(screen.row(1)).toHaveAttribute('aria-selected', 'true')
  await shot('live-again')
  await app.keyboard.press('End') // follows the newest: the picture moves
  await expect.poll(frames).not.toBe(drawn)
})
