import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Locator } from '@playwright/test'
import { expect } from './fixtures'
import type { RunningHost } from './hosts/running-host'
import { test } from './python'
import { callFromPage } from './raw-call'
import { detailOf } from './record'
import type { Screen } from './screen'

test.afterEach(({ host }) => expect(host.pageErrors).toEqual([]))

const taskFile = (workspaceDir: string, name: string): string => join(workspaceDir, 'tasks', `${name}.yaml`)

/** As an editor outside would. */
function writeTask(workspaceDir: string, name: string, text: string): void {
  const path = taskFile(workspaceDir, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

const pane = ({ page }: Screen): Locator => page.getByRole('region', { name: 'Tasks', exact: true })
const row = (screen: Screen, name: string): Locator =>
  pane(screen)
    .getByRole('grid', { name: 'All tasks' })
    .getByRole('row', { name: new RegExp(`^${name},`) })
const runs = (screen: Screen): Locator => pane(screen).getByRole('grid', { name: 'Runs' }).getByRole('row')

async function statusOf(host: RunningHost, name: string) {
  const { tasks } = await callFromPage(host, 'tasks.list', {})
  return tasks.find((task) => task.name === name)
}

/** Messages that a task sent, as they stand in the record, oldest first. */
async function sentBy(host: RunningHost, name: string) {
  const view = { filter: `task.name == "${name}"`, marks: [], order: 'time' as const }
  const { rows } = await callFromPage(host, 'list.rows', { view, from: 0, count: 200, fields: [] })
  return rows.flatMap((each) => (each.row === 'message' ? [each] : []))
}

test.describe('on the simulated device', () => {
  test.use({ links: ['sim:demo'] })

  test('a task that is written on the screen fires on its schedule, runs by hand, and is switched off in its file', async ({
    view: screen,
    app,
    host,
    workspaceDir,
    shot,
  }) => {
    await screen.expectConnected()
    await app.keyboard.press('Control+5')
    await expect(pane(screen)).toContainText('Nothing is scheduled.')
    await expect(pane(screen).locator('.tasks-start').getByRole('button', { name: 'New task' })).toBeFocused()
    await app.keyboard.press('Enter')
    const form = pane(screen).getByRole('form', { name: 'New task' })
    await expect(form.getByRole('textbox', { name: 'Name' })).toBeFocused()
    await app.keyboard.type('soak/ping')
    await form.getByRole('radio', { name: 'File' }).click()
    const file = form.getByRole('textbox', { name: 'File of the task' })
    await file.fill('# keeps the line warm\nevery: 100ms\nsend:\n  route: echo\n  body: {json: {n: 1}}\n')
    await form.getByRole('radio', { name: 'Edit' }).click()
    await form.getByRole('textbox', { name: 'Interval' }).fill('soon')
    await expect(form).toContainText('Line 2: every: "soon" is no duration')
    await expect(form.getByRole('button', { name: 'Create' })).toBeDisabled()
    await form.getByRole('textbox', { name: 'Interval' }).fill('200ms')
    await app.keyboard.press('Enter')

    await expect(row(screen, 'soak/ping')).toContainText('every 200 ms')
    await expect(runs(screen).nth(3)).toContainText('ok')
    expect(readFileSync(taskFile(workspaceDir, 'soak/ping'), 'utf8')).toBe(
      '# keeps the line warm\nevery: 200ms\nsend:\n  route: echo\n  body: { json: { n: 1 } }\n',
    )
    const sent = await sentBy(host, 'soak/ping')
    expect(sent.length).toBeGreaterThanOrEqual(4)
    const gaps = sent.slice(1).map(({ openedMs }, at) => openedMs - sent[at]!.openedMs)
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeGreaterThan(150)
    expect((await detailOf(host, sent[0]!.id)).partner).toMatchObject({ dir: 'in', kind: 'response' })
    await shot('a-task-at-work')

    await pane(screen).getByRole('grid', { name: 'All tasks' }).focus()
    await app.keyboard.press('p')
    await expect(row(screen, 'soak/ping')).toContainText('off')
    expect(readFileSync(taskFile(workspaceDir, 'soak/ping'), 'utf8')).toContain('# keeps the line warm')
    expect(readFileSync(taskFile(workspaceDir, 'soak/ping'), 'utf8')).toContain('enabled: false')
    const before = (await statusOf(host, 'soak/ping'))!.ok
    await app.keyboard.press('r')
    await expect(runs(screen).first()).toContainText('ok, by hand')
    expect((await statusOf(host, 'soak/ping'))!.ok).toBe(before + 1)

    await runs(screen).first().getByRole('button').click()
    await screen.expectRow({ route: 'echo', kind: 'request', status: 'ok' })
    await expect(screen.inspector).toContainText('echo')
    await expect(screen.inspector).toContainText('soak/ping')
    await expect(screen.lanes.getByRole('button', { name: /^Tasks/ })).toBeVisible()
  })

  test('a file that changes outside is followed, a broken one says its line and what helps', async ({
    view: screen,
    app,
    host,
    workspaceDir,
    shot,
  }) => {
    await screen.expectConnected()
    writeTask(workspaceDir, 'poll', 'every: 100ms\nsend: {route: echo}\n')
    writeTask(workspaceDir, 'broken', 'every: 100ms\nsend: {route: echo}\nwhile down: wait\n')
    await app.keyboard.press('Control+5')
    await expect(row(screen, 'broken')).toContainText('Line 3: while down must be one of')
    await row(screen, 'broken').click()
    await expect(pane(screen).getByRole('alert')).toContainText('Write one of: hold, drop, fail.')
    await shot('a-broken-task')
    await expect.poll(async () => (await statusOf(host, 'poll'))?.ok).toBeGreaterThan(2)

    writeTask(workspaceDir, 'broken', 'after: 100ms\nsend: {route: echo}\n')
    await expect(row(screen, 'broken')).toContainText('done')
    writeTask(workspaceDir, 'poll', 'every: 1h\nsend: {route: echo}\n')
    await expect(row(screen, 'poll')).toContainText('every 1 h')
    await expect(row(screen, 'poll')).toContainText('59 min')
  })

  test('while its link is down a task holds, drops or fails, and says so', async ({
    view: screen,
    app,
    host,
    workspaceDir,
    shot,
  }) => {
    await screen.expectConnected()
    for (const policy of ['hold', 'drop', 'fail']) {
      writeTask(workspaceDir, policy, `every: 150ms\nsend: {route: echo}\nwhile down: ${policy}\n`)
    }
    await app.keyboard.press('Control+5')
    await expect.poll(async () => (await statusOf(host, 'hold'))?.ok).toBeGreaterThan(1)
    await callFromPage(host, 'link.close', { linkId: 1 })
    await expect(row(screen, 'hold')).toContainText('held')
    await expect.poll(async () => (await statusOf(host, 'drop'))?.dropped).toBeGreaterThan(2)
    await expect.poll(async () => (await statusOf(host, 'fail'))?.failed).toBeGreaterThan(2)
    const sentBefore = (await sentBy(host, 'hold')).length
    await row(screen, 'hold').click()
    await expect(runs(screen).first()).toContainText('held, no link is connected')
    await shot('link-down')
    await callFromPage(host, 'link.reopen', { linkId: 1 })
    await expect(row(screen, 'hold')).not.toContainText('held')
    await expect.poll(async () => (await sentBy(host, 'hold')).length).toBeGreaterThan(sentBefore)
    const { held, failed } = (await statusOf(host, 'hold'))!
    expect(held).toBeGreaterThan(0)
    expect(failed).toBeLessThanOrEqual(1) // the run that was under way when the link went
  })

  test('a task that is due while it still runs skips, queues or runs beside itself', async ({
    view: screen,
    app,
    host,
    workspaceDir,
  }) => {
    await screen.expectConnected()
    const slow = 'every: 100ms\nsend: {route: slow, body: {json: {ms: 450}}}\n'
    for (const policy of ['skip', 'queue', 'parallel']) {
      writeTask(workspaceDir, policy, `${slow}overrun: ${policy}\n`)
    }
    await app.keyboard.press('Control+5')
    await expect.poll(async () => (await statusOf(host, 'skip'))?.ok).toBeGreaterThan(1)
    const { skipped } = (await statusOf(host, 'skip'))!
    expect(skipped).toBeGreaterThanOrEqual(3)
    expect((await statusOf(host, 'queue'))!.skipped).toBeLessThan(skipped) // until its queue is full
    const beside = await sentBy(host, 'parallel')
    expect(beside[1]!.openedMs - beside[0]!.openedMs).toBeLessThan(400)
    const oneByOne = await sentBy(host, 'queue')
    expect(oneByOne[1]!.openedMs - oneByOne[0]!.openedMs).toBeGreaterThan(400)
    await row(screen, 'skip').click()
    await expect(runs(screen).filter({ hasText: 'skipped, still busy' }).first()).toBeVisible()
    const overrun = pane(screen).getByRole('radiogroup', { name: 'On overrun' })
    await overrun.getByRole('radio', { name: 'Queue' }).click()
    await expect.poll(() => readFileSync(taskFile(workspaceDir, 'skip'), 'utf8')).toContain('overrun: queue')
  })
})

test('a real Python peer is polled on schedule, and answered when it sends', async ({
  python,
  view: screen,
  app,
  host,
  workspaceDir,
}) => {
  const { peer, port } = await python.listening()
  await screen.connect('TCP client', { Port: String(port) })
  await screen.expectConnected()
  await peer.next('connected')
  writeTask(
    workspaceDir,
    'poll',
    'every: 100ms\nsend: {route: add, body: {json: {a: 20, b: 22}}}\nstop when: body.sum != 42\n',
  )
  writeTask(
    workspaceDir,
    'react',
    'on: msg.route == "alarm" and msg.dir == "in"\nsend: {route: echo, body: {text: heard}}\n',
  )
  await app.keyboard.press('Control+5')
  await expect(row(screen, 'react')).toContainText('on event')
  await expect.poll(async () => (await statusOf(host, 'poll'))?.ok).toBeGreaterThan(3)
  const [first] = await sentBy(host, 'poll')
  const { partner } = await detailOf(host, first!.id)
  expect(partner?.preview).toBe('{"sum": 42}')

  expect(await sentBy(host, 'react')).toEqual([])
  peer.command({ cmd: 'send', tag: 'alarm', route: 'alarm', size: 10, seed: 1 })
  await expect(row(screen, 'react')).toContainText('1 / 0')
  const [answer] = await sentBy(host, 'react')
  expect((await detailOf(host, answer!.id)).partner?.preview).toBe('heard')
  await row(screen, 'poll').click()
  await expect(pane(screen)).toContainText('body.sum != 42')
  expect((await statusOf(host, 'poll'))?.state).not.toBe('stopped')
})
