import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'
import { Screen } from './screen'

test.use({ links: ['sim:demo'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

const JSON_BODY = '{"key":"net.mtu","big":9223372036854775807,"list":[1,{"deep":true},"ü"],"odd name":null}'
// {"key": "net.mtu", "value": 512, "rev": 2^63-1, "sig": 4 bytes, "at": a time, 7: [-1, 0.5]}
const PACKED =
  '86 a3 6b 65 79 a7 6e 65 74 2e 6d 74 75 a5 76 61 6c 75 65 cd 02 00 a3 72 65 76 cf 7f ff ff ff ff ff ff ff ' +
  'a3 73 69 67 c4 04 de ad be ef a2 61 74 d6 ff 65 53 f1 00 07 92 ff ca 3f 00 00 00'

/** Offsets of the bytes that are lit in the bytes pane of the open tab. */
const litBytes = (app: Page): Promise<number[]> =>
  app
    .locator('.hexgrid .hb.on')
    .evaluateAll((bytes) => bytes.map((byte) => Number(byte.getAttribute('data-at'))))

const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index)

/** Sends to the echo of the device and selects what was sent, from the line that tells what became of it. */
async function sendAndSelect(
  screen: Screen,
  body: string,
  format: 'JSON' | 'Hex',
  notId = 0,
): Promise<number> {
  await screen.send({ route: 'echo', body, format })
  let id = notId
  await expect
    .poll(async () => {
      id = Number(/#(\d+)\s*answered/.exec(await screen.outcome.innerText())?.[1] ?? notId)
      return id
    })
    .not.toBe(notId)
  await screen.outcome.getByRole('button', { name: `#${id}` }).click()
  await expect(screen.inspector).toContainText(`echo#${id}`)
  return id
}

test('a JSON body: values lead to their bytes and back, digits stay, values become filters and columns', async ({
  app,
  shot,
}) => {
  const screen = new Screen(app)
  await app.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
  await screen.chooseTheme('dark')
  await sendAndSelect(screen, JSON_BODY, 'JSON')
  await screen.inspector.getByRole('option', { name: 'big' }).click()
  await expect(screen.inspector.getByRole('option', { name: 'big' })).toContainText('9223372036854775807')
  await expect(screen.inspector.getByRole('tabpanel')).toContainText('body.big, 0x0011, 25 B')
  await shot('summary')

  const panel = await screen.openTab('Tree')
  const tree = panel.getByRole('tree')
  const selected = tree.locator('[aria-selected=true]')
  await expect(selected).toHaveText('big: 9223372036854775807integer')
  expect(await litBytes(app)).toEqual(range(JSON_BODY.indexOf('"big"'), '"big":9223372036854775807'.length))

  await tree.focus()
  await app.keyboard.press('ArrowDown')
  await expect(selected).toContainText('list')
  await expect(selected).toHaveAttribute('aria-expanded', 'true')
  await app.keyboard.press('ArrowLeft')
  await expect(selected).toHaveAttribute('aria-expanded', 'false')
  await expect(selected).toContainText('[1, {"deep": true}, "ü"]')

  // from a byte to the deepest value, through what was closed
  const at = JSON_BODY.indexOf('true')
  await panel.locator(`.hexgrid .hb[data-at="${at}"]`).click()
  await expect(selected).toHaveText('deep: truebool')
  expect(await litBytes(app)).toEqual(range(JSON_BODY.indexOf('"deep"'), '"deep":true'.length))
  await expect(panel).toContainText('body.list[1].deep')
  await panel.getByRole('button', { name: 'Copy as filter' }).click()
  await expect
    .poll(() => app.evaluate(() => navigator.clipboard.readText()))
    .toBe('body.list[1].deep == true')
  await shot('tree')

  await tree.focus()
  await app.keyboard.press('Home')
  await app.keyboard.press('ArrowDown')
  await panel.getByRole('button', { name: 'Add as column' }).click()
  await expect(screen.list.getByRole('columnheader', { name: 'body.big' })).toBeVisible()

  const json = await screen.openTab('JSON')
  await expect(json).toContainText('"big": 9223372036854775807')
  await json.getByRole('button', { name: 'Fold all', exact: true }).click()
  await expect(json).toContainText('"list": [1, {"deep": true}, "ü"]')

  await screen.inspector.getByRole('button', { name: 'Copy as' }).click()
  await app.keyboard.press('ArrowDown')
  await app.keyboard.press('ArrowDown')
  await app.keyboard.press('Enter') // hex
  await expect
    .poll(async () => (await app.evaluate(() => navigator.clipboard.readText())).replaceAll(/\s/g, ''))
    .toContain('7b226b6579223a')
})

test('a MessagePack body: types, times and bytes as sent; numbers at the cursor; what changed since', async ({
  app,
  shot,
}) => {
  const screen = new Screen(app)
  await screen.expectRow({ route: 'telemetry.imu', status: 'ok' })
  await screen.chooseTheme('dark')
  const first = await sendAndSelect(screen, PACKED, 'Hex')
  const tree = (await screen.openTab('Tree')).getByRole('tree')
  await expect(tree.getByRole('treeitem')).toHaveText([
    'key: "net.mtu"string',
    'value: 512u16',
    'rev: 9223372036854775807u64',
    "sig: h'deadbeef'bytes 4",
    'at: 2023-11-14T22:13:20.000Ztime',
    '7: 2 itemsarray',
    '0: -1int',
    '1: 0.5f32',
  ])
  await tree.getByText('value').click()
  expect(await litBytes(app)).toEqual(range(13, 9))

  const hex = await screen.openTab('Hex')
  const values = hex.getByRole('region', { name: 'Values at the selected byte' })
  await values.getByRole('radio', { name: 'BE' }).click()
  await expect(values.locator('dl > div', { hasText: 'u16' })).toHaveText('u16512')
  await values.getByRole('radio', { name: 'LE' }).click()
  await expect(values.locator('dl > div', { hasText: 'u16' })).toHaveText('u162')
  await expect(hex.locator('.hexgrid .hb.tick').first()).toHaveAttribute('data-at', '0')
  await hex.getByRole('textbox', { name: 'Find bytes or text' }).fill('de ad')
  await app.keyboard.press('Enter')
  await expect(hex.getByRole('status').last()).toContainText('body.sig')
  expect(await litBytes(app)).toEqual([41, 42])
  await hex.getByRole('application').focus()
  await app.keyboard.press('Shift+ArrowRight')
  await app.keyboard.press('Shift+ArrowRight')
  await app.keyboard.press('Shift+ArrowRight')
  expect(await litBytes(app)).toEqual([41, 42, 43, 44])
  await shot('hex')
  await expect(await screen.openTab('JSON')).toContainText(`"sig": h'deadbeef'`)

  await sendAndSelect(
    screen,
    PACKED.replace('cd 02 00', 'cd 05 dc').replace('07 92 ff', '08 92 ff'),
    'Hex',
    first,
  )
  const diff = await screen.openTab('Diff')
  await expect(diff).toContainText(`#${first}`)
  await expect(diff).toContainText('1 changed, 1 added, 1 removed')
  await expect(diff.getByRole('button', { name: 'body.value' })).toContainText('5121500')
  await shot('diff')
  await screen.chooseTheme('light')
  await diff.getByRole('button', { name: 'body.value' }).click()
  await screen.openTab('Hex')
  expect(await litBytes(app)).toEqual(range(13, 9))
  await shot('hex-light')
  await screen.openTab('Tree')
  await shot('tree-light')
  await screen.openTab('Summary')
  await shot('summary-light')
  await app.setViewportSize({ width: 1000, height: 800 })
  await shot('drawer')
  await screen.inspector.getByRole('button', { name: 'Close the inspector' }).click()
  await expect(screen.inspector).toBeHidden()
})
