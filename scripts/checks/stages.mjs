import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { ensureBuild } from '../setup/build.mjs'
import { ensureChromium } from '../setup/chromium.mjs'
import { ensurePythonPeer } from '../setup/python-peer.mjs'
import { run, tool } from '../setup/run.mjs'
import { socketdPeers } from '../setup/socketd-peer.mjs'
import { ensureTshark } from '../setup/tshark.mjs'
import { typedStage } from './typed-stages.mjs'
import { readPlaywrightReport, readVitestReport } from './reports.mjs'

/**
 * The stages of `npm test`, in order. `run(names)` is told which stages run and gives
 * `{passed, failed, skips: [{name, reason}], output}`; what a stage needs from the machine it fetches itself.
 *
 * A stage with `beside` runs at the same time as the stages of those names, if they run too: it begins with the first of them.
 *
 * @typedef {{passed: number, failed: number, skips: {name: string, reason: string}[], output?: string}} StageResult
 */
export const stages = {
  types: {
    title: 'types (tsc strict)',
    run: typedStage('types'),
  },
  lint: {
    title: 'lint (eslint)',
    // goes on for two minutes after the types, on the core that these leave idle; a Python peer keeps the other one busy
    beside: ['types', 'format', 'boundaries', 'build', 'interop', 'transport'],
    run: typedStage('lint'),
  },
  format: {
    title: 'format (biome)',
    run: async () => {
      const result = await tool('@biomejs/biome/bin/biome', ['format', '.'], { quiet: true })
      return oneCheck(result, Number(/(?:Checked|Formatted) (\d+) files?/.exec(result.output)?.[1] ?? 0))
    },
  },
  boundaries: {
    title: 'import boundaries',
    run: async () => {
      const result = await run(process.execPath, ['scripts/checks/boundaries.mjs'], { quiet: true })
      const modules = Number(/boundaries: (\d+) modules/.exec(result.output)?.[1] ?? 0)
      return oneCheck(result, modules > 0 ? 1 : 0)
    },
  },
  build: {
    title: 'build',
    run: async () =>
      (await ensureBuild()) ? { passed: 1, failed: 0, skips: [] } : { passed: 0, failed: 1, skips: [] },
  },
  interop: {
    title: 'interop with the real libraries',
    run: async () => {
      if (!(await ensureBuild())) return { passed: 0, failed: 1, skips: [] }
      const python = await ensurePythonPeer()
      if (!python.path) return skipped('interop', python.reason)
      const tshark = await ensureTshark()
      return vitest('interop', ['--config', 'vitest.interop.config.ts'], {
        PYTHON_PEER: python.path,
        ...(await socketdPeers(python.path)),
        ...(tshark && { TSHARK: tshark }),
      })
    },
  },
  transport: {
    title: 'transports (compliance)',
    run: () => vitest('transport', ['src/main/transport', '--maxWorkers=1']),
  },
  unit: {
    title: 'unit and property tests',
    run: () => vitest('unit', ['--exclude', 'src/main/transport/**']),
  },
  e2e: {
    title: 'browser end to end (Playwright)',
    run: async () => {
      if (!(await ensureBuild())) return { passed: 0, failed: 1, skips: [] }
      const chromium = await ensureChromium()
      if (!chromium.path) return skipped('e2e', chromium.reason)
      const python = await ensurePythonPeer()
      const report = reportFile('e2e')
      const { output } = await tool(
        '@playwright/test/cli.js',
        ['test', '--config', 'e2e/playwright.config.ts', '--reporter', 'list,json'],
        {
          quiet: true,
          env: {
            CHROMIUM_PATH: chromium.path,
            PLAYWRIGHT_JSON_OUTPUT_NAME: report,
            PLAYWRIGHT_JSON_OUTPUT_FILE: report,
            ...(python.path && { PYTHON_PEER: python.path }),
          },
        },
      )
      return readPlaywrightReport(report, output)
    },
  },
}

const skipped = (name, reason) => ({ passed: 0, failed: 0, skips: [{ name, reason }] })

/** A tool that only says yes or no. A yes about nothing is a no. */
const oneCheck = ({ code, output }, seen) =>
  code === 0 && seen > 0
    ? { passed: 1, failed: 0, skips: [] }
    : { passed: 0, failed: 1, skips: [], output: seen > 0 ? output : `nothing was checked\n${output}` }

async function vitest(name, args, env = {}) {
  const report = reportFile(name)
  const { output } = await tool(
    'vitest/vitest.mjs',
    ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { quiet: true, env },
  )
  return readVitestReport(report, output)
}

function reportFile(name) {
  mkdirSync('.cache/reports', { recursive: true })
  const file = `.cache/reports/${name}.json`
  rmSync(file, { force: true })
  return file
}

export const readAllowedSkips = () => JSON.parse(readFileSync('scripts/allowed-skips.json', 'utf8'))
