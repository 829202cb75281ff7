import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parsePythonJson } from '../src/main/netcore/dialects/lso/python-json-parse'
import { seededRandom } from '../src/main/transport/seeded-random'
import { concatBytes } from '../src/shared/bytes'
import type { Headers, LosslessJson } from '../src/shared/model/trace'
import { observedStack, pullAll } from '../src/testing/stack-wire'
import { pattern, sha256 } from './pattern'

/** D9 of the reliability catalogue: what one side encodes, the other decodes, 10,000 messages each way. */
const COUNT = 10_000
const SEED = randomInt(2 ** 31)
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-differential-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Seen {
  readonly info: Headers
  readonly bytes: number
  readonly sha256: string
}

async function python(...args: readonly string[]): Promise<Seen[]> {
  const { stdout } = await promisify(execFile)(
    process.env['PYTHON_PEER']!,
    ['interop/python/differential.py', ...args],
    { maxBuffer: 256 * 1024 * 1024 },
  )
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => parsePythonJson(line) as unknown as Seen)
}

test(`Python decodes what we encode, and sees the same (seed ${SEED})`, async () => {
  const values = fc.sample(headerValue, { numRuns: COUNT, seed: SEED })
  const { stack } = observedStack({ random: seededRandom(SEED), limits: { queuedBytes: 2 ** 30 } })
  stack.connected(0)
  const sent = new Map<string, { value: LosslessJson; digest: string }>()
  const pieces: Uint8Array[] = []
  values.forEach((value, index) => {
    const body = pattern(1 + ((index * 7919) % 9000), index)
    const message = { route: `r${index}`, kind: 'event', body, headers: { h: value } } as const
    const { ref } = stack.send(message, index)
    sent.set(ref, { value, digest: sha256(body) })
    // Some leave alone, some interleave with their neighbours.
    if (index % 5 === 4) pieces.push(...pullAll(stack, index).flatMap((frame) => [...frame.parts]))
  })
  pieces.push(...pullAll(stack, COUNT).flatMap((frame) => [...frame.parts]))
  const file = join(folder, 'ours.bin')
  await writeFile(file, concatBytes(pieces))

  const seen = await python('decode', file, String(COUNT))
  expect(seen).toHaveLength(COUNT)
  let equal = 0
  for (const { info, sha256: digest } of seen) {
    const ours = sent.get(info['extension'] as string)
    expect(ours).toBeDefined()
    expect(info['h']).toEqual(ours!.value)
    if (digest === ours!.digest) equal += 1
  }
  expect(equal).toBe(COUNT)
})

test(`we decode what Python encodes, and see the same (seed ${SEED})`, async () => {
  const file = join(folder, 'python.bin')
  const sent = await python('encode', file, String(COUNT), String(SEED))
  // Python sends all heads first.
  const { stack } = observedStack({ limits: { reassemblyMessages: COUNT } })
  const seen = new Map<string, Seen>()
  stack.onUnrouted(({ route, headers, body }) => {
    expect(seen.has(route)).toBe(false)
    seen.set(route, { info: headers, bytes: body.length, sha256: sha256(body) })
    return undefined
  })
  stack.connected(0)
  stack.receive(await readFile(file), 0)
  expect(seen.size).toBe(COUNT)
  let equal = 0
  for (const { info, bytes, sha256: digest } of sent) {
    const ours = seen.get(info['route'] as string)!
    expect(ours.info['h']).toEqual(info['h'])
    if (ours.sha256 === digest && ours.bytes === bytes) equal += 1
  }
  expect(equal).toBe(COUNT)
  expect(Object.prototype).toEqual({})
})

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '"\\\n\u0000\u007f', 'größe 😀'),
)
const headerValue: fc.Arbitrary<LosslessJson> = fc.letrec<{ value: LosslessJson }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(
      text,
      fc.integer(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: false }),
  ),
})).value
