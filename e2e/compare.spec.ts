import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { recordWithSimulator, writeRecording } from '../src/testing/replay-bench'
import { expect, test } from './fixtures'
import { OUT_DIR } from './paths'

const run = promisify(execFile)
const CLI = `${OUT_DIR}/cli/netcore.js`

test.use({ links: ['sim:demo'] })

interface Ended {
  readonly code: number
  readonly stdout: string
}

async function netcore(...args: string[]): Promise<Ended> {
  try {
    const { stdout } = await run(process.execPath, [CLI, ...args], { maxBuffer: 64 * 1024 * 1024 })
    return { code: 0, stdout }
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string }
    return { code, stdout }
  }
}

/** Two recordings of the simulated device; what it sends follows from its seed. */
async function recordTwo(workspaceDir: string): Promise<readonly [string, string]> {
  const folder = join(workspaceDir, 'recordings')
  mkdirSync(folder, { recursive: true })
  const [a, b] = [join(folder, 'boot-a.mcap'), join(folder, 'boot-b.mcap')]
  const record = (path: string, seed: number, baud: number): Promise<Ended> =>
    netcore('record', `sim:demo?seed=${seed}&baud=${baud}`, '-o', path, '--duration', '2500')
  const ended = await Promise.all([record(a, 3, 115_200), record(b, 4, 57_600)])
  expect(ended.map(({ code }) => code)).toEqual([0, 0])
  return [a, b]
}

interface Compared {
  readonly rows: number
  readonly changed: number
  readonly missing: number
  readonly added: number
  readonly slower: number
}

test('two recordings are compared on screen as on the command line, and the report is the same', async ({
  app,
  workspaceDir,
  shot,
}) => {
  const [a, b] = await recordTwo(workspaceDir)
  await app.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const told = await netcore('compare', a, b, '--jsonl')
  expect(told.code, told.stdout.slice(-400)).toBe(6)
  const lines = told.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string } & Compared)
  const summary = lines.find(({ event }) => event === 'compared')!
  expect(summary.rows).toBeGreaterThan(2)
  expect((await netcore('compare', a, a)).code).toBe(0)

  await app.setViewportSize({ width: 1440, height: 900 })
  await app.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Recordings' }).click()
  await app.getByRole('tab', { name: 'Compare' }).click()
  const pane = app.getByRole('region', { name: 'Compare' })
  // the two newest are chosen already; which of both ended first does not matter here
  await pane.getByRole('combobox', { name: 'Recording A' }).selectOption('boot-a.mcap')
  await pane.getByRole('combobox', { name: 'Recording B' }).selectOption('boot-b.mcap')
  await pane.getByRole('button', { name: 'Compare' }).click()

  const shown = pane.getByRole('radiogroup', { name: 'Rows shown' })
  const count = async (name: string): Promise<number> => {
    const text = await shown.getByRole('radio', { name: new RegExp(`^${name}`) }).innerText()
    return Number(text.replaceAll(/\D/g, ''))
  }
  await expect(shown).toBeVisible()
  expect(await count('All')).toBe(summary.rows)
  expect(await count('Changed')).toBe(summary.changed)
  expect(await count('Missing')).toBe(summary.missing)
  expect(await count('Added')).toBe(summary.added)
  expect(await count('Slower')).toBe(summary.slower)

  const grid = pane.getByRole('grid', { name: 'Aligned exchanges' })
  await expect(grid).toHaveAttribute('aria-rowcount', String(summary.rows + 1))
  await grid.focus()
  await app.keyboard.press('Home')
  await expect(grid.getByRole('row', { selected: true })).toHaveAttribute('aria-rowindex', '2')
  await app.keyboard.press('End')
  await expect(grid.getByRole('row', { selected: true })).toHaveAttribute(
    'aria-rowindex',
    String(summary.rows + 1),
  )
  await app.keyboard.press('Home')
  const inspector = pane.getByRole('complementary', { name: 'Difference' })
  await expect(inspector).toContainText('Where the time went')
  await shot('compare')

  await shown.getByRole('radio', { name: /^Changed/ }).click()
  await expect(grid).toHaveAttribute('aria-rowcount', String(summary.changed + 1))
  await grid.focus()
  await app.keyboard.press('Home')
  await app.keyboard.press('ArrowDown')
  await expect(inspector).toContainText(/\d+ of \d+ differ/)
  await shot('compare-changed')

  const filter = pane.getByRole('textbox', { name: 'Filter rows' })
  await shown.getByRole('radio', { name: /^All/ }).click()
  await filter.fill('diff.kind == nothing')
  await filter.press('Enter')
  await expect(pane.getByRole('alert')).toContainText('diff.kind is never')
  await pane.getByRole('button', { name: 'Show all' }).click()
  await expect(grid).toHaveAttribute('aria-rowcount', String(summary.rows + 1))

  await pane.getByRole('button', { name: 'Copy report as Markdown' }).click()
  await expect(pane.getByRole('button', { name: 'Report copied' })).toBeVisible()
  const copied = await app.evaluate(() => navigator.clipboard.readText())
  expect(copied).toBe((await netcore('compare', a, b)).stdout)
  expect(copied).toContain('# boot-a.mcap compared with boot-b.mcap')

  await pane.getByRole('button', { name: 'Swap A and B' }).click()
  await expect.poll(() => count('Missing')).toBe(summary.added)
  expect(await count('Added')).toBe(summary.missing)
})

test('round trips of both lie over each other, with where 95 % of each are through', async ({
  app,
  workspaceDir,
  shot,
}) => {
  mkdirSync(join(workspaceDir, 'recordings'), { recursive: true })
  for (const [name, baud] of [
    ['fast.mcap', 460_800],
    ['slow.mcap', 115_200],
  ] as const) {
    const kept = await recordWithSimulator(`baud=${baud}&seed=5`, async (link) => {
      for (let round = 0; round < 40; round++) {
        const body = new Uint8Array(round === 20 ? 3000 : 40 + round * 8)
        await link.request({ route: 'echo', body }).answer
      }
    })
    await writeRecording(join(workspaceDir, 'recordings', name), kept, `sim:demo?baud=${baud}`)
  }
  await app.setViewportSize({ width: 1440, height: 900 })
  await app.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Recordings' }).click()
  await app.getByRole('tab', { name: 'Compare' }).click()
  const pane = app.getByRole('region', { name: 'Compare' })
  await pane.getByRole('combobox', { name: 'Recording A' }).selectOption('fast.mcap')
  await pane.getByRole('combobox', { name: 'Recording B' }).selectOption('slow.mcap')
  await pane.getByRole('button', { name: 'Compare' }).click()
  const picture = pane.getByRole('img', { name: /[Rr]ound trip/ })
  await expect(picture).toBeVisible()
  const labels = await picture.locator('text', { hasText: 'p95' }).evaluateAll((texts) =>
    texts.map((text) => {
      const { left, right } = text.getBoundingClientRect()
      return [left, right] as const
    }),
  )
  const [first, second] = [...labels].sort((left, right) => left[0] - right[0])
  expect(second![0]).toBeGreaterThan(first![1])
  await shot('round-trips-light')
  await app.getByRole('button', { name: 'Switch to the dark theme' }).click()
  await shot('round-trips-dark')
})

test('nothing to compare says what to do, and what cannot be compared says why', async ({ app }) => {
  await app.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Recordings' }).click()
  await app.getByRole('tab', { name: 'Compare' }).click()
  await expect(app.getByRole('region', { name: 'Compare' })).toContainText(
    'There are fewer than two recordings.',
  )
})
