import type { SnippetStepView } from '../../shared/model/snippets'

export interface JunitRun {
  /** Of the suite: the snippet. */
  readonly name: string
  readonly steps: readonly SnippetStepView[]
  /** Why it did not pass; null when it did. */
  readonly problem: { readonly code: string; readonly message: string; readonly remedy: string } | null
  /** The snippet is not to blame: the link, the input, or somebody who stopped it. */
  readonly isError: boolean
  readonly tookMs: number
  readonly startedAtIso: string
  readonly hostName: string
}

/** What XML 1.0 may not hold, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
}
const escaped = (text: string): string =>
  text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"\n\t\r]/g, (char) => ESCAPES[char] ?? char)
const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')
const seconds = (ms: number): string => (ms / 1000).toFixed(6)

/**
 * A run as a JUnit report, in the form that CI servers share: one suite, one case for each step of the file in its order.
 * Steps that were not reached are skipped. A problem of no step in particular is the error of a case of its own.
 */
export function junitReport(run: JunitRun): string {
  const { name, steps, problem, isError, tookMs, startedAtIso, hostName } = run
  const blamed = steps.findLast(({ state }) => state === 'failed' || state === 'stopped')
  const cases = steps.map((step) => testCase(step, name, step === blamed ? problem : null, isError))
  if (problem !== null && blamed === undefined) cases.push(lonelyCase(name, problem))
  const bad = problem === null ? 0 : 1
  const suite = attributes({
    id: 0,
    name,
    package: 'netcore.snippets',
    timestamp: startedAtIso.slice(0, 19),
    hostname: hostName,
    tests: cases.length,
    failures: isError ? 0 : bad,
    errors: isError ? bad : 0,
    skipped: steps.filter(({ state }) => state === 'waiting').length,
    time: seconds(tookMs),
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite${suite}>`,
    '    <properties/>',
    ...cases,
    '    <system-out/>',
    '    <system-err/>',
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(
  step: SnippetStepView,
  suite: string,
  problem: JunitRun['problem'],
  isError: boolean,
): string {
  const { index, line, title, state, totalMs } = step
  const head = attributes({
    name: `${index + 1} (line ${line}) ${title}`,
    classname: suite,
    time: seconds(totalMs),
  })
  if (problem !== null) return `    <testcase${head}>\n      ${complaint(problem, isError)}\n    </testcase>`
  if (state === 'waiting') return `    <testcase${head}>\n      <skipped/>\n    </testcase>`
  return `    <testcase${head}/>`
}

const lonelyCase = (suite: string, problem: NonNullable<JunitRun['problem']>): string =>
  `    <testcase${attributes({ name: 'run', classname: suite, time: seconds(0) })}>\n      ${complaint(problem, true)}\n    </testcase>`

const complaint = ({ code, message, remedy }: NonNullable<JunitRun['problem']>, isError: boolean): string => {
  const tag = isError ? 'error' : 'failure'
  return `<${tag}${attributes({ message, type: code })}>${escaped(`${message}\n${remedy}`)}</${tag}>`
}
