import { copyFileSync, mkdirSync } from 'node:fs'
import type { TestInfo } from '@playwright/test'
import { utf8 } from '../src/shared/bytes'
import { expect, test } from './fixtures'
import type { RunningHost } from './hosts/running-host'
import { callFromPage } from './raw-call'
import { Screen } from './screen'
import { ToldPorts, toldPort } from './told-ports'

/**
 * Pictures of every screen and state, kept among the results. With UPDATE_SCREENS=1 both sizes are taken in both themes, one in high contrast,
 * and written to docs/screens as well; else one of them, because the others show nothing new. In the web host alone:
 * every host shows the same page.
 */
const isUpdating = process.env['UPDATE_SCREENS'] === '1'
const LOOKS = [
  { theme: 'dark', width: 1280, height: 800, isAlways: true },
  { theme: 'light', width: 1280, height: 800, isAlways: false },
  { theme: 'light', width: 1920, height: 1080, isAlways: false },
  { theme: 'dark', width: 1920, height: 1080, isAlways: false },
  { theme: 'contrast', width: 1280, height: 800, isAlways: false },
] as const

const PORTS = [
  toldPort('/dev/ttyACM0', {
    title: 'STM32 STLink',
    vendorId: '0483',
    productId: '374e',
    serialNumber: '066CFF303430484257255318',
    manufacturer: 'STMicroelectronics',
    driver: 'cdc_acm',
    appearedMs: 1,
  }),
  toldPort('/dev/ttyUSB0', {
    title: 'FTDI TTL232R',
    vendorId: '0403',
    productId: '6001',
    serialNumber: 'FT4X2K1P',
    manufacturer: 'FTDI',
    driver: 'ftdi_sio',
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

const KEPT = [
  ['boot-0412', ['cold start'], ''],
  ['boot-0413', ['cold start', 'rig 3'], 'telemetry drops out after 3 s'],
] as const

const SCHEDULED = [
  [
    'status.poll',
    '# asks four times a second\nevery: 250ms\nsend: {route: /device/read, priority: 2, body: {json: {channel: supply}}}\nstop when: body.value < 0\n',
  ],
  ['net.ping', 'every: 2s\nsend: {route: echo, body: {json: {n: 1}}}\n'],
  ['cfg.verify', 'on: msg.route == "telemetry.imu"\ncooldown: 3s\nsend: {route: echo}\n'],
  ['mtu.readback', 'after: 15s\nsend: {route: echo}\n'],
  ['adc.burst', 'every: 20s\nlink: bench-A\nsend: {route: adc.read}\n'],
  ['soak.overnight', 'cron: 0 22 * * *\nsnippet: soak/night\nenabled: false\n'],
  ['cache.warm', 'every: 5s\ncache: {set: dev/rig-3/sys.temp, value: 41.5, ttl: 30s}\n'],
  ['log.flush', 'every: 15s\nsend: {route: echo}\nwhile down: wait\n'], // a mistake: it shows as one
] as const

const WRITTEN = [
  [
    'messages',
    'bring-up/read-mtu',
    'route: echo\npriority: 1\nbody:\n  json: {key: net.mtu, rig: "{{rig}}"}\nexpect: body.key == "net.mtu"\n',
  ],
  ['messages', 'bring-up/add', 'route: add\nbody:\n  json: {a: 1, b: 2}\nconfirm: true\n'],
  ['messages', 'firmware/info', 'route: /device/info\n'],
  ['messages', 'firmware/broken', 'route: /device/info\nbodi:\n  json: {}\n'],
  ['responders', 'host/cfg', 'route: cfg.*\nanswer: {json: {ok: true, rev: "{{count}}"}}\ndelay: 40ms\n'],
  ['responders', 'host/busy', 'route: fw.write\nanswer: {error: {code: BUSY, message: try again later}}\n'],
  ['environments', 'rig-3', 'variables:\n  rig: rig-3\n  limit: "80"\nsecrets: [token]\n'],
  [
    'snippets',
    'bring-up/twice',
    '# reads back what was written\ntitle: Written and read\nsteps:\n  - send: {route: add, body: {json: {a: 2, b: 3}}}\n  - expect: body.sum == 5\n    within: 2s\n  - set: {sum: reply.body.sum}\n  - repeat: 3\n    steps:\n      - send: {route: echo, body: {text: "{{sum}}"}}\n      - wait: 50ms\n',
  ],
  [
    'schemas',
    'add',
    'route: add\nrequest:\n  type: object\n  required: [a, b]\n  properties:\n    a: {type: integer, format: uint16, description: first summand}\n    b: {type: integer, format: int64}\n    mode: {enum: [wrap, saturate]}\n',
  ],
] as const

const CACHED = [
  ['dev/rig-3/net.mtu', '1500', 90_000],
  ['dev/rig-3/net.mtu', '{"value":512,"rev":17,"source":"flash","applied":true}', 90_000],
  ['dev/rig-3/net.addr', '"10.0.0.7"', 60_000],
  ['dev/rig-3/sys.temp', '41.5', 30_000],
  ['dev/rig-3/fw.version', '"1.4.2"', null],
  ['dev/rig-4/net.mtu', '1500', 80_000],
  ['rpc/pending/48225', '{"call":"cfg.put"}', 44_000],
  ['session/link', '"up"', null],
] as const

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

for (const { theme, width, height, isAlways } of LOOKS) {
  if (!isAlways && !isUpdating) continue

  test.describe(`${theme}, ${width} × ${height}`, () => {
    const take = async (screen: Screen, name: string, testInfo: TestInfo): Promise<void> => {
      expect(await overflowing(screen)).toEqual([])
      const path = testInfo.outputPath(`${name}-${theme}-${width}.png`)
      await screen.page.mouse.move(width - 2, 2) // hints of the pointer are another picture
      await screen.page.screenshot({ path })
      await testInfo.attach(name, { path, contentType: 'image/png' })
      if (!isUpdating) return
      const folder = `docs/screens/${width}x${height}-${theme}`
      mkdirSync(folder, { recursive: true })
      copyFileSync(path, `${folder}/${name}.png`)
    }

    test('before there is a link', async ({ app }, testInfo) => {
      const screen = new Screen(app)
      await app.setViewportSize({ width, height })
      await ToldPorts.begin(app, PORTS)
      await expect(screen.card.getByRole('button', { name: 'Connect' })).toBeFocused()
      await app.keyboard.press('Escape')
      await screen.chooseTheme(theme)
      await take(screen, 'empty', testInfo)
      await app.keyboard.press('?')
      await app.getByRole('dialog').waitFor()
      await take(screen, 'help', testInfo)
      await app.keyboard.press('Escape')

      await screen.openCard()
      await expect(screen.card).toContainText('STM32 STLink')
      await take(screen, 'connect', testInfo)
      await screen.card.getByRole('button', { name: /^Advanced/ }).click()
      await take(screen, 'connect-advanced', testInfo)
      for (const [tab, name] of [
        ['TCP client', 'connect-tcp'],
        ['Simulator', 'connect-simulator'],
      ] as const) {
        await screen.card.getByRole('tab', { name: tab }).click()
        await take(screen, name, testInfo)
      }
    })

    test.describe('on the simulated device', () => {
      test.use({ links: ['sim:demo?baud=115200'] })

      test('with a link', async ({ app, host }, testInfo) => {
        test.setTimeout(240_000)
        const screen = new Screen(app)
        await app.setViewportSize({ width, height })
        await screen.expectConnected()
        await screen.chooseTheme(theme)
        await screen.expectRow({ route: 'log.dump' })
        const { blocked, later } = await busyLine(host)
        await screen.send({ route: '/device/read', body: '{"channel": "temperature"}', format: 'JSON' })
        await expect(screen.outcome).toContainText('answered in')
        await screen.pause()
        await screen.list.focus()
        await callFromPage(host, 'note.set', {
          messageId: null,
          atMs: (await callFromPage(host, 'message.detail', { messageId: blocked })).detail.openedMs,
          text: 'the urgent one had to wait',
          kind: 'note',
        })
        await screen.walkTo(blocked)
        await screen.lanesCanvas.focus()
        await app.keyboard.press('f')
        await take(screen, 'live', testInfo)
        await app.keyboard.press('e')
        await expect(screen.inspector.getByRole('heading').first()).toContainText('Why it took')
        await take(screen, 'explain', testInfo)

        await screen.openTab('Tree')
        await take(screen, 'inspector-tree', testInfo)
        await screen.openTab('Hex')
        await take(screen, 'inspector-hex', testInfo)
        await screen.walkTo(later)
        await screen.openTab('Diff')
        await take(screen, 'inspector-diff', testInfo)
        await screen.openTab('Summary')
        await screen.walkTo(blocked)

        await screen.lanesCanvas.focus()
        await app.keyboard.press('o')
        await take(screen, 'lanes-chunks', testInfo)
        await app.keyboard.press('o')
        await app.keyboard.press('b')
        await take(screen, 'lanes-bytes', testInfo)
        await app.keyboard.press('b')
        await dragAcrossLanes(screen)
        await expect(screen.lanes.getByRole('region', { name: 'Selected span' })).toBeVisible()
        await take(screen, 'lanes-area', testInfo)
        await screen.lanesCanvas.focus()
        await app.keyboard.press('Escape')
        await screen.lanes.getByRole('button', { name: 'Legend' }).click()
        await take(screen, 'lanes-legend', testInfo)
        await app.keyboard.press('Escape')

        await app.getByRole('button', { name: 'Columns' }).click()
        await take(screen, 'list-columns', testInfo)
        await app.keyboard.press('Escape')
        await screen.list.focus()
        await app.keyboard.press('Control+Shift+C')
        await take(screen, 'list-copy', testInfo)
        await app.keyboard.press('Escape')
        await screen.list.focus()
        await app.keyboard.press('g')
        await take(screen, 'list-grouped', testInfo)
        await app.keyboard.press('g')

        const filter = app.locator('input[data-filter-field]')
        await filter.focus()
        await app.keyboard.type('msg.route contains "log" and msg.')
        await expect(app.getByRole('listbox').first()).toBeVisible()
        await take(screen, 'filter-completions', testInfo)
        await filter.fill('msg.route contains "log"')
        await app.keyboard.press('Enter')
        await filter.fill('msg.route contains "log" and msg.priorty == 3')
        await expect(app.locator('.filter-problem')).toContainText('There is no field')
        await take(screen, 'filter-error', testInfo)
        await filter.fill('msg.route == "nothing.like.it"')
        await filter.press('Enter')
        await expect(app.getByRole('region', { name: 'Messages' })).toContainText(
          'The filter excludes everything',
        )
        await take(screen, 'filter-excludes-all', testInfo)
        await app.getByRole('button', { name: 'Disable' }).click()

        await screen.linkButton.click()
        await take(screen, 'links', testInfo)
        await app.keyboard.press('Escape')

        await screen.list.focus()
        await app.keyboard.press('End')
        await app.getByRole('button', { name: 'Triggers' }).click()
        await take(screen, 'triggers', testInfo)
        await app.keyboard.press('Escape')
        await app.keyboard.press('Control+3')
        await expect(app.getByRole('region', { name: 'Rates' })).toBeVisible()
        await take(screen, 'charts', testInfo)
        await app.keyboard.press('Control+2')
        await expect(app.locator('.xterm-rows')).toContainText(/\S/)
        await take(screen, 'terminal', testInfo)
        await app.keyboard.press('Control+6')
        await expect(app.getByRole('tab', { name: 'Responders' })).toBeVisible()
        await take(screen, 'responders-empty', testInfo)
        await app.getByRole('tab', { name: 'Routes' }).click()
        await take(screen, 'routes', testInfo)
        await app.getByRole('tab', { name: 'Events' }).click()
        await take(screen, 'events', testInfo)
        await app.keyboard.press('Control+7')
        await expect(app.getByRole('region', { name: 'Problems' })).toBeVisible()
        await take(screen, 'problems', testInfo)
      })

      test('what was recorded', async ({ app, host }, testInfo) => {
        test.setTimeout(240_000)
        const screen = new Screen(app)
        await app.setViewportSize({ width, height })
        await screen.expectConnected()
        await screen.chooseTheme(theme)
        for (const [name, tags, text] of KEPT) {
          await busyLine(host)
          const { recordings } = await callFromPage(host, 'recorder.save-flight', { name })
          await callFromPage(host, 'library.tag', { recordings, add: [...tags], remove: [] })
          await callFromPage(host, 'library.note', { recording: recordings[0]!, text })
        }
        await app.keyboard.press('Control+Shift+r')
        const running = app.getByRole('button', { name: /^Stop recording: 00:00:(0[2-9]|[1-5]\d)/ })
        await expect(running).toBeVisible()
        await app.getByRole('button', { name: 'Save from memory' }).click()
        await take(screen, 'recording', testInfo)
        await app.keyboard.press('Escape')
        await app.keyboard.press('Control+Shift+r')
        await expect(app.getByRole('button', { name: 'Record', exact: true })).toBeVisible()
        await app.getByRole('group', { name: 'Notice' }).getByRole('button', { name: 'Dismiss' }).click()

        await app.keyboard.press('Control+8')
        const library = app.getByRole('grid', { name: 'Recordings' })
        await expect(library.getByText('telemetry drops out')).toBeVisible()
        await expect(app.getByText(/^reading /)).toHaveCount(0)
        await library.getByRole('row', { name: /boot-0413/ }).click()
        await take(screen, 'library', testInfo)

        await app.getByRole('tab', { name: 'Compare' }).click()
        const compare = app.getByRole('region', { name: 'Compare' })
        await compare.getByRole('combobox', { name: 'Recording A' }).selectOption('boot-0412.mcap')
        await compare.getByRole('combobox', { name: 'Recording B' }).selectOption('boot-0413.mcap')
        await compare.getByRole('button', { name: 'Compare' }).click()
        const aligned = compare.getByRole('grid', { name: 'Aligned exchanges' })
        await expect(aligned.getByRole('row').nth(1)).toBeVisible()
        await aligned.focus()
        await app.keyboard.press('End')
        await expect(compare.getByRole('complementary', { name: 'Difference' })).toContainText(
          'Where the time',
        )
        await take(screen, 'compare', testInfo)

        await app.getByRole('tab', { name: 'Library' }).click()
        await library.getByRole('row', { name: /boot-0413/ }).click()
        await app.keyboard.press('Enter')
        const slider = app.getByRole('slider', { name: 'Position in the recording' })
        await expect(app.getByText(/^Reading \d/)).toHaveCount(0)
        await slider.focus()
        const place = async (): Promise<number> => Number(await slider.getAttribute('aria-valuenow'))
        const stepped = async (key: string, times: number): Promise<void> => {
          for (let step = 0; step < times; step++) {
            const before = await place()
            await app.keyboard.press(key)
            await expect.poll(place).not.toBe(before)
          }
        }
        await app.keyboard.press('Home')
        await expect.poll(place).toBe(0)
        await stepped('Shift+ArrowRight', 15)
        await app.keyboard.press('Alt+a')
        await stepped('Shift+ArrowRight', 4)
        await app.keyboard.press('Alt+b')
        await expect(app.getByRole('button', { name: 'Loop A–B' })).toHaveAttribute('aria-pressed', 'true')
        await expect(app.locator('.list-grid:not([data-pending])')).toBeVisible()
        await take(screen, 'tape', testInfo)
      })

      test('what an operator writes', async ({ app, host }, testInfo) => {
        const screen = new Screen(app)
        await app.setViewportSize({ width, height })
        await screen.expectConnected()
        await screen.chooseTheme(theme)
        for (const [kind, name, text] of WRITTEN) {
          await callFromPage(host, 'workspace.save', { kind, name, text, revision: null })
        }
        await screen.route.fill('add')
        await screen.route.press('Tab')
        await screen.composer.getByRole('radio', { name: 'Form' }).click()
        await screen.composer.getByRole('textbox', { name: 'a', exact: true }).fill('65536')
        await expect(screen.composer).toContainText('at most 65535')
        await take(screen, 'composer-form', testInfo)

        await app.keyboard.press('Control+4')
        await app.getByRole('tab', { name: 'Messages' }).click()
        const tree = app.getByRole('tree', { name: 'Saved messages' })
        await tree.getByRole('treeitem', { name: 'read-mtu' }).click()
        await expect(app.locator('[data-pane="send-edit"]').getByRole('textbox')).toContainText('net.mtu')
        await take(screen, 'send', testInfo)
        await app.getByRole('tab', { name: 'Snippets' }).click()
        await app.getByRole('button', { name: /bring-up\/twice/ }).click()
        await app.locator('[data-pane="snippet-edit"]').getByRole('textbox').press('Control+Enter')
        await expect(app.getByRole('region', { name: 'Run', exact: true })).toContainText('Passed')
        await take(screen, 'snippet', testInfo)

        await app.keyboard.press('Control+6')
        await app.getByRole('row', { name: /cfg/ }).first().click()
        await take(screen, 'responders', testInfo)

        await app.keyboard.press('Control+k')
        await app.keyboard.type('pa')
        await expect(app.getByRole('dialog', { name: 'Commands' }).getByRole('option').first()).toBeVisible()
        await take(screen, 'palette', testInfo)
        await app.keyboard.press('Escape')
        await app.keyboard.press('Control+,')
        for (const tab of ['Looks', 'Keys', 'Layouts', 'Recording']) {
          await app.getByRole('tab', { name: tab }).click()
          await take(screen, `settings-${tab.toLowerCase()}`, testInfo)
        }
      })

      test('what runs by itself', async ({ app, host }, testInfo) => {
        const screen = new Screen(app)
        await app.setViewportSize({ width, height })
        await screen.expectConnected()
        await screen.chooseTheme(theme)
        for (const [name, text] of SCHEDULED) {
          await callFromPage(host, 'workspace.save', { kind: 'tasks', name, text, revision: null })
        }
        await app.keyboard.press('Control+5')
        const pane = app.getByRole('region', { name: 'Tasks', exact: true })
        await pane.getByRole('row', { name: /^status\.poll,/ }).click()
        await expect(pane.getByRole('grid', { name: 'Runs' }).getByRole('row').nth(9)).toBeVisible()
        await take(screen, 'tasks', testInfo)
        await pane.getByRole('radio', { name: 'Edit' }).click()
        await expect(pane.getByRole('textbox', { name: 'Interval' })).toBeVisible()
        await take(screen, 'task-form', testInfo)
        await pane.getByRole('row', { name: /^log\.flush,/ }).click()
        await pane.getByRole('radio', { name: 'File' }).click()
        await expect(pane.locator('.cm-content')).toBeVisible()
        await take(screen, 'task-file', testInfo)
      })

      test('what is kept for a while', async ({ app, host }, testInfo) => {
        const screen = new Screen(app)
        await app.setViewportSize({ width, height })
        await screen.expectConnected()
        await screen.chooseTheme(theme)
        for (const [name, text] of SCHEDULED.slice(0, 5)) {
          await callFromPage(host, 'workspace.save', { kind: 'tasks', name, text, revision: null })
        }
        for (const [key, text, ttlMs] of CACHED) {
          await callFromPage(host, 'cache.set', { key, text, format: 'json', ttlMs })
        }
        await app.keyboard.press('Control+5')
        const pane = app.getByRole('region', { name: 'Cache', exact: true })
        const changes = pane.getByRole('region', { name: 'Changes' })
        await changes.getByRole('button', { name: 'dev/rig-3/net.mtu' }).first().click()
        await expect(pane.getByRole('row', { selected: true })).toContainText('net.mtu')
        await expect(pane.getByRole('document', { name: 'Value' })).toContainText('512')
        await take(screen, 'cache', testInfo)
        await pane.getByRole('button', { name: 'Rules' }).click()
        await expect(pane.getByRole('textbox', { name: 'Route' })).toBeFocused()
        await take(screen, 'cache-rules', testInfo)
      })
    })
  })
}

const setting = (value: number, rev: bigint): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    utf8(
      `{"key":"net.mtu","value":${value},"persist":true,"rev":${rev},"routes":["telemetry.imu","log.print"],"note":"größer"}`,
    ),
  )

/** A large message in the way of an urgent one. Gives the urgent one and a later one like it, both answered. */
async function busyLine(host: RunningHost): Promise<{ blocked: number; later: number }> {
  const send = async (route: string, body: Uint8Array<ArrayBuffer>, priority: number): Promise<number> => {
    const message = { linkId: 1, route, body, headers: {}, priority, timeoutMs: 30_000 }
    return (await callFromPage(host, 'message.send', { ...message, kind: 'request' })).messageId
  }
  await send(
    '/device/firmware',
    Uint8Array.from({ length: 12_000 }, (_, at) => (at * 31 + 7) % 256),
    7,
  )
  const blocked = await send('echo', setting(512, 9007199254740993n), 0)
  const later = await send('echo', setting(1024, 9007199254740994n), 0)
  const statusOf = async (messageId: number): Promise<string> =>
    (await callFromPage(host, 'message.detail', { messageId })).detail.status
  await expect.poll(() => statusOf(later)).toBe('answered')
  return { blocked, later }
}

async function dragAcrossLanes(screen: Screen): Promise<void> {
  const box = (await screen.lanesCanvas.boundingBox())!
  await screen.page.mouse.move(box.x + box.width * 0.2, box.y + 90)
  await screen.page.mouse.down()
  await screen.page.mouse.move(box.x + box.width * 0.5, box.y + 95)
  await screen.page.mouse.move(box.x + box.width * 0.8, box.y + 95)
  await screen.page.mouse.up()
}

/** Bars whose content is wider than they are: something would be cut off. */
const overflowing = (screen: Screen): Promise<string[]> =>
  screen.page.evaluate(() =>
    [...document.querySelectorAll('header, footer, .phead, [role=tablist]')]
      .filter((bar) => bar.scrollWidth > bar.clientWidth + 1)
      .map((bar) => `${bar.tagName}.${bar.className}: ${bar.scrollWidth} in ${bar.clientWidth}`),
  )
