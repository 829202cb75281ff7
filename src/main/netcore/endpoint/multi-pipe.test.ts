import { describe, expect, test } from 'vitest'
import {
  addStack,
  type EndpointSide,
  endpointSide,
  jsonOf,
  settleStacks,
} from '../../../testing/joined-endpoints'
import { type ObservedStack, observedStack, seededRandom } from '../../../testing/stack-wire'
import { VirtualClock } from '../../../testing/virtual-clock'

interface Line {
  readonly name: string
  readonly near: ObservedStack & { connected: boolean }
  readonly far: EndpointSide
}

/** One endpoint with a line to each of several peers. Each peer answers `who` with its name. */
function star(names: readonly string[]) {
  const clock = new VirtualClock()
  const center = endpointSide(clock, 100)
  center.endpoint.request('echo', (request, { pipe }) => ({ got: request.json(), pipe }))
  const makeLine = (name: string, seed: number): Line => {
    const near = { ...observedStack({ random: seededRandom(seed) }), connected: true }
    const far = endpointSide(clock, seed + 50)
    far.endpoint.request('who', () => name).request('silent', () => undefined)
    addStack(far.endpoint, far, clock)
    for (const { stack } of [near, far]) stack.connected(clock.nowMs())
    return { name, near, far }
  }
  const lines = names.map((name, index) => makeLine(name, index + 1))
  for (const { near, name } of lines) addStack(center.endpoint, near, clock, name)
  const settle = (): Promise<void> =>
    settleStacks(clock, ...lines.map(({ near, far }) => [near, far] as const))
  const add = (name: string): Line => {
    const line = makeLine(name, lines.length + 1)
    lines.push(line)
    addStack(center.endpoint, line.near, clock, name)
    return line
  }
  return { clock, endpoint: center.endpoint, lines, settle, add }
}

describe('one endpoint on many pipes', () => {
  test('answers where a request came from, and says which pipe that is', async () => {
    const { lines, settle } = star(['a', 'b', 'c'])
    const answers = lines.map(({ far, name }) => far.endpoint.send('echo', `from ${name}`))
    await settle()
    expect((await Promise.all(answers)).map(jsonOf)).toEqual(
      ['a', 'b', 'c'].map((name) => ({ got: `from ${name}`, pipe: name })),
    )
  })

  test('sends on the pipe named, else on the first one added that is connected', async () => {
    const { endpoint, lines, settle } = star(['a', 'b', 'c'])
    const who = async (pipe?: string): Promise<unknown> => {
      const answer = endpoint.send('who', undefined, pipe === undefined ? {} : { pipe })
      await settle()
      return jsonOf(await answer)
    }
    expect(await who('c')).toBe('c')
    expect(await who()).toBe('a')
    lines[0]!.near.connected = false
    expect(await who()).toBe('b')
    await expect(endpoint.send('who', undefined, { pipe: 'a' })).rejects.toMatchObject({
      code: 'LINK_NOT_CONNECTED',
    })
    for (const { near } of lines) near.connected = false
    await expect(endpoint.send('who')).rejects.toMatchObject({ code: 'LINK_NOT_CONNECTED' })
  })

  test('an unknown pipe is an error that says so', async () => {
    const { endpoint } = star(['a'])
    await expect(endpoint.send('who', undefined, { pipe: 'x' })).rejects.toMatchObject({
      code: 'PIPE_UNKNOWN',
      details: { known: ['a'] },
    })
    expect(() => endpoint.post('who', 1, { pipe: 'x' })).toThrow(
      expect.objectContaining({ code: 'PIPE_UNKNOWN' }),
    )
    await expect(star([]).endpoint.send('who')).rejects.toMatchObject({ code: 'PIPE_UNKNOWN' })
  })

  test('a pipe added while it runs serves and sends at once; names are unique', async () => {
    const { endpoint, settle, add, clock } = star(['a'])
    await settle()
    const { far, near } = add('late')
    const answers = [endpoint.send('who', undefined, { pipe: 'late' }), far.endpoint.send('echo', 1)]
    await settle()
    expect((await Promise.all(answers)).map(jsonOf)).toEqual(['late', { got: 1, pipe: 'late' }])
    expect(() => addStack(endpoint, near, clock, 'late')).toThrow(
      expect.objectContaining({ code: 'PIPE_NAME_TAKEN' }),
    )
    expect(addStack(endpoint, near, clock)).toBe('pipe-1')
    expect(endpoint.pipes).toEqual(['a', 'late', 'pipe-1'])
  })

  test('removing one ends what waits on it, and nothing else', async () => {
    const { endpoint, lines, settle } = star(['a', 'b'])
    const asked = ['a', 'b'].map((pipe) => endpoint.send('silent', undefined, { pipe, timeoutMs: 1e6 }))
    const streams = ['a', 'b'].map((pipe) =>
      endpoint.subscribe('silent', undefined, { pipe, timeoutMs: 1e6 }),
    )
    const outcomes: unknown[] = []
    for (const wait of [...asked, ...streams.map((stream) => stream.next())]) {
      wait.then(
        () => outcomes.push('answer'),
        (error: unknown) => outcomes.push(error),
      )
    }
    await settle()
    expect(endpoint.removePipe('a')).toBe(true)
    expect(endpoint.removePipe('a')).toBe(false)
    await settle()
    expect(outcomes).toEqual([
      expect.objectContaining({ code: 'PIPE_REMOVED' }),
      expect.objectContaining({ code: 'PIPE_REMOVED' }),
    ])
    const refused = lines[0]!.far.endpoint.send('echo', 1)
    const answered = lines[1]!.far.endpoint.send('echo', 1)
    await settle()
    await expect(refused).rejects.toMatchObject({ details: { peerCode: 'ROUTE_UNKNOWN' } })
    expect(jsonOf(await answered)).toEqual({ got: 1, pipe: 'b' })
    expect(endpoint.pipes).toEqual(['b'])
  })

  test('a handler whose pipe was removed meanwhile can still answer', async () => {
    const { endpoint, lines, settle } = star(['a'])
    let finish: () => void = () => undefined
    endpoint.request('slow', () => new Promise((resolve) => (finish = () => resolve('done'))))
    const answer = lines[0]!.far.endpoint.send('slow')
    await settle()
    endpoint.removePipe('a')
    finish()
    await settle()
    expect(jsonOf(await answer)).toBe('done')
  })

  test('one that fails leaves the others alone', async () => {
    const { endpoint, lines, settle } = star(['a', 'b'])
    const lost = endpoint.send('silent', undefined, { pipe: 'a' })
    const kept = endpoint.send('who', undefined, { pipe: 'b' })
    await settle()
    lines[0]!.near.stack.disconnected(0, 'LINK_LOST')
    lines[0]!.near.connected = false
    await settle()
    await expect(lost).rejects.toMatchObject({ code: 'LINK_LOST' })
    expect(jsonOf(await kept)).toBe('b')
    const again = lines[1]!.far.endpoint.send('echo', 2)
    await settle()
    expect(jsonOf(await again)).toEqual({ got: 2, pipe: 'b' })
  })
})
