import { existsSync, readFileSync } from 'node:fs'

const broken = (output) => ({ passed: 0, failed: 1, skips: [], output: `no report was written\n${output}` })

/** Counts from Vitest's JSON report. A file that could not even be loaded counts as a failure. */
export function readVitestReport(file, output) {
  if (!existsSync(file)) return broken(output)
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const skips = []
  let unloaded = 0
  for (const suite of report.testResults) {
    if (suite.status === 'failed' && suite.assertionResults.length === 0) unloaded += 1
    for (const test of suite.assertionResults) {
      if (test.status === 'pending' || test.status === 'skipped' || test.status === 'todo') {
        skips.push({ name: test.fullName, reason: test.meta?.skipReason ?? 'skipped in the test itself' })
      }
    }
  }
  const failed = report.numFailedTests + unloaded
  const isEmpty = report.numPassedTests + failed === 0
  const failures = report.success ? 0 : Math.max(failed, 1)
  return {
    passed: report.numPassedTests,
    failed: isEmpty ? 1 : failures,
    skips,
    output: failures || isEmpty ? output : '',
  }
}

/** A browser on a busy machine may need a second try now and then. More than this many tests that do are a defect. */
const MOST_FLAKY = 3

/** Counts from Playwright's JSON report; skips keep their project and their reason, second tries are named. */
export function readPlaywrightReport(file, output) {
  if (!existsSync(file)) return broken(output)
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const result = { passed: 0, failed: report.errors.length, skips: [], output: '' }
  const flaky = []
  const visit = (suite, path) => {
    for (const inner of suite.suites ?? []) visit(inner, [...path, inner.title])
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const name = `[${test.projectName}] ${[...path, spec.title].join(' > ')}`
        if (test.status === 'skipped') {
          const reason =
            test.annotations.find(({ type }) => type === 'skip')?.description ?? 'no reason given'
          result.skips.push({ name, reason })
        } else if (test.status === 'expected') result.passed += 1
        else if (test.status === 'flaky' && flaky.length < MOST_FLAKY) flaky.push(name)
        else result.failed += 1
      }
    }
  }
  for (const suite of report.suites) visit(suite, [suite.title])
  if (result.passed + result.failed === 0) result.failed = 1
  if (result.failed > 0) result.output = output
  result.passed += flaky.length
  for (const name of flaky) result.output += `\nneeded a second try: ${name}`
  return result
}
