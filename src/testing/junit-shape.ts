/** Attributes that the schema in common use (that of the Jenkins xUnit plugin) demands, by element. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  testsuite: ['name', 'timestamp', 'hostname', 'tests', 'failures', 'errors', 'time'],
  testcase: ['name', 'classname', 'time'],
  failure: ['type'],
  error: ['type'],
}
/** What may stand in what, in this order. */
const WITHIN: Readonly<Record<string, readonly string[]>> = {
  testsuites: ['testsuite'],
  testsuite: ['properties', 'testcase', 'system-out', 'system-err'],
  testcase: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
}

/**
 * What is wrong with a JUnit report by the shape that CI servers read: elements in their places and order, the attributes
 * that must be there, counts that agree with the cases. Empty when nothing is.
 */
export function junitProblems(xml: string): string[] {
  const problems: string[] = []
  const open: { name: string; place: number }[] = []
  const counts = { testcase: 0, failure: 0, error: 0, skipped: 0 }
  let suite: ReadonlyMap<string, string> = new Map()
  for (const [, isEnd, name = '', rest = '', isEmpty] of xml.matchAll(
    /<(\/?)([a-z-]+)((?:\s[\w:]+="[^"<]*")*)\s*(\/?)>/g,
  )) {
    if (isEnd === '/') {
      const last = open.pop()
      if (last?.name !== name) problems.push(`</${name}> ends <${last?.name ?? 'nothing'}>`)
      continue
    }
    const parent = open.at(-1)
    const allowed = parent === undefined ? ['testsuites'] : (WITHIN[parent.name] ?? [])
    const place = allowed.indexOf(name)
    if (place < 0) problems.push(`<${name}> in <${parent?.name ?? 'the file'}>`)
    else if (parent !== undefined && place < parent.place)
      problems.push(`<${name}> too late in <${parent.name}>`)
    else if (parent !== undefined) parent.place = place
    const attributes = new Map(
      Array.from(rest.matchAll(/([\w:]+)="([^"]*)"/g), ([, key, value]) => [key!, value!]),
    )
    for (const needed of NEEDED[name] ?? [])
      if (!attributes.has(needed)) problems.push(`<${name}> without ${needed}`)
    if (name === 'testsuite') suite = attributes
    if (name in counts) counts[name as keyof typeof counts] += 1
    if (isEmpty !== '/') open.push({ name, place: -1 })
  }
  if (open.length > 0) problems.push(`<${open.at(-1)!.name}> has no end`)
  const told = {
    testcase: suite.get('tests'),
    failure: suite.get('failures'),
    error: suite.get('errors'),
    skipped: suite.get('skipped'),
  }
  for (const [name, count] of Object.entries(counts)) {
    const said = told[name as keyof typeof told]
    if (said !== String(count)) problems.push(`${said} told, ${count} ${name}`)
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(suite.get('timestamp') ?? ''))
    problems.push('timestamp is no time')
  for (const [, time] of xml.matchAll(/ time="([^"]*)"/g))
    if (!/^\d+(\.\d+)?$/.test(time!)) problems.push(`time ${time}`)
  return problems
}
