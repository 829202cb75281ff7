import type { Locator } from '@playwright/test'
import { explanationMarkdown } from '../src/shared/model/explanation-markdown'
import { expect, test } from './fixtures'
import { callFromPage } from './raw-call'
import { Screen } from './screen'

test.use({ links: ['sim:demo?baud=115200'] })
test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

const LINK = { linkId: 1, headers: {}, timeoutMs: 30_000, kind: 'request' } as const

test('E says why a message was slow: who was in the way, for how long, and what would have helped', async ({
  app,
  host,
  shot,
}) => {
  const screen = new Screen(app)
  await screen.expectConnected()
  const send = async (route: string, bytes: number, priority: number): Promise<number> =>
    (
      await callFromPage(host, 'message.send', {
        ...LINK,
        route,
        priority,
        body: new Uint8Array(bytes).fill(46),
      })
    ).messageId
  const firmware = await send('/device/firmware', 80_000, 7)
  // one that met a chunk on the line: most do, but a line may just be free between two
  const meetingTheTransfer = async (): Promise<number> => {
    for (;;) {
      const id = await send('echo', 20, 0)
      const detail = (): Promise<string> =>
        callFromPage(host, 'message.detail', { messageId: id }).then(({ detail }) => detail.status)
      await expect.poll(detail).toBe('answered')
      const { explanation } = await callFromPage(host, 'message.explain', { messageId: id })
      if (explanation.main === 'blocked') return id
    }
  }
  const urgent = await meetingTheTransfer()
  const plain = await send('echo', 900, 3)
  await expect
    .poll(async () => (await callFromPage(host, 'message.detail', { messageId: plain })).detail.status)
    .toBe('answered')

  // live, while it is under way
  await screen.pause()
  await screen.select(firmware)
  await app.keyboard.press('e')
  const panel = screen.inspector.getByRole('tabpanel', { name: 'Time' })
  await expect(panel.getByRole('heading').first()).toContainText(/^It has taken .* so far/)

  await screen.select(urgent)
  await app.keyboard.press('e')
  await expect(panel.locator('[data-pane-focus]')).toBeFocused()
  await expect(panel.getByRole('heading').first()).toContainText(/^Why it took [\d.]+\sms/)
  const parts = panel.getByRole('table', { name: 'Where its time went' })
  const blocker = parts.getByRole('button', { name: `#${firmware} /device/firmware` })
  await expect(blocker).toBeVisible()
  expect(await shownSum(parts)).toBeCloseTo(
    numberIn((await panel.getByRole('heading').first().textContent())!),
    5,
  )

  // workflow 6: one chunk, its bytes, its time, the speed of the line
  const { explanation } = await callFromPage(host, 'message.explain', { messageId: urgent })
  expect(explanation).toMatchObject({ isOver: true, baud: 115_200, main: 'blocked' })
  const words = (await panel.locator('.ex-words').textContent())!
  expect(words).toMatch(/Waited for (the rest of )?(one \d+-byte chunk|\d+ chunks) of \/device\/firmware/)
  expect(words).toMatch(/= [\d.]+\sms at 115\s200 baud\./)
  expect(words).toContain(explanation.sentence)
  expect(explanation.suggestion).not.toBe('')
  expect(words).toContain(explanation.suggestion)
  await screen.chooseTheme('dark')
  await app.mouse.move(2, 2)
  await shot('explain-dark')
  await screen.chooseTheme('light')
  await app.mouse.move(2, 2)
  await shot('explain-light')

  if (host.web !== undefined) {
    await app.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await panel.getByRole('button', { name: 'Copy as Markdown' }).click()
    await expect(panel.getByRole('button', { name: 'Copied' })).toBeVisible()
    expect(await app.evaluate(() => navigator.clipboard.readText())).toBe(explanationMarkdown(explanation))
  }

  // the blocker is one key press away, here and in the list
  await blocker.focus()
  await app.keyboard.press('Enter')
  await expect(screen.row(firmware)).toHaveAttribute('aria-selected', 'true')
  await expect(screen.inspector).toContainText(`/device/firmware#${firmware}`)

  await screen.select(plain)
  await app.keyboard.press('e')
  await expect(panel).toContainText('Answer on the wire')
  await shot('explain-answer')
})

const numberIn = (text: string): number =>
  Number(/[\d\u00a0]+(\.\d+)?/.exec(text)![0].replaceAll('\u00a0', ''))

/** Times of the parts as they stand in the table, without the blockers they are made of. */
async function shownSum(parts: Locator): Promise<number> {
  const times = await parts.locator('tr[data-part] td:nth-child(2)').allTextContents()
  expect(times.length).toBeGreaterThan(2)
  return times.reduce((sum, text) => sum + numberIn(text), 0)
}
