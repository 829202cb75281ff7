import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CliRun } from '../../testing/cli-run'

let folder = ''
const path = (name: string): string => join(folder, `${name}.mcap`)

async function run(...argv: string[]): Promise<{ code: number; text: string; error: string }> {
  const cli = new CliRun(argv)
  const code = await cli.exit
  return { code, text: cli.stdout.toString(), error: cli.stderr }
}

async function record(name: string, seed: number): Promise<void> {
  const cli = new CliRun(['record', `sim:demo?baud=921600&seed=${seed}`, '-o', path(name), '--ack'])
  await vi.waitFor(() => {
    expect(cli.stdout.toString().split('\n').length).toBeGreaterThan(80)
  }, 15_000)
  expect(await cli.interrupt()).toBe(0)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-compare-'))
  await Promise.all([record('a', 1), record('b', 2)])
}, 20_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('netcore compare', () => {
  test('ends with 0 for a recording and itself, and says so', async () => {
    const { code, text } = await run('compare', path('a'), path('a'))
    expect(code).toBe(0)
    expect(text).toContain('# a.mcap compared with a.mcap')
    expect(text).toContain('0 changed, 0 missing, 0 added, 0 at another place')
    expect(text).toMatch(/\n\nNothing differs\.\n$/)
    expect(text).not.toContain('| –') // no table without a figure
  })

  test('ends with 6 when they differ, with a line per difference that adds up to the sums', async () => {
    const { code, text, error } = await run('compare', path('a'), path('b'), '--jsonl')
    expect(code).toBe(6)
    expect(error).toContain('COMPARE_DIFFERENT')
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const sums = lines.find(({ event }) => event === 'compared')!
    for (const kind of ['changed', 'missing', 'added', 'reordered'])
      expect(lines.filter((line) => line['event'] === 'difference' && line['kind'] === kind).length).toBe(
        sums[kind],
      )
    expect(Number(sums['changed']) + Number(sums['missing']) + Number(sums['added'])).toBeGreaterThan(0)
  })

  test('tells only the rows that a filter lets pass, with words of its own', async () => {
    const { text } = await run('compare', path('a'), path('b'), '--jsonl', '--filter', 'diff.kind == missing')
    const kinds = [...text.matchAll(/"event":"difference".*?"kind":"(\w+)"/g)].map(([, kind]) => kind)
    expect(new Set(kinds).size).toBeLessThanOrEqual(1)
    expect(kinds.every((kind) => kind === 'missing')).toBe(true)
  })

  test('refuses what is no field, no filter, and no recording', async () => {
    const [a, b] = [path('a'), path('b')]
    expect(await run('compare', a, b, '--ignore', 'timestamp')).toMatchObject({ code: 2 })
    expect(await run('compare', a, b, '--filter', 'diff.kind == odd')).toMatchObject({ code: 2 })
    expect(await run('compare', a, path('none'))).toMatchObject({ code: 2 })
    expect((await run('monitor', 'sim:demo', '--filter', 'diff.kind == changed')).error).toContain(
      'two recordings',
    )
  })
})
