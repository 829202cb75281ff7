import { describe, expect, test } from 'vitest'
import { settlePromises, VirtualClock } from '../../../testing/virtual-clock'
import { Cache, type CacheOptions } from './index'

/** A cache with a computation whose end the test decides. */
function setUp(options: Partial<CacheOptions<string>> = {}) {
  const clock = new VirtualClock()
  const cache = new Cache<string>({ clock, ...options })
  const runs: { signal: AbortSignal; resolve: (value: string) => void; reject: (error: Error) => void }[] = []
  const compute = (signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => runs.push({ signal, resolve, reject }))
  return { clock, cache, runs, compute }
}

/** Outcomes of promises in words, as far as they have one. */
function watch(promises: readonly Promise<string>[]): string[] {
  const outcomes = promises.map(() => 'waiting')
  for (const [at, promise] of promises.entries()) {
    promise.then(
      (value) => (outcomes[at] = value),
      (error: unknown) =>
        (outcomes[at] = error instanceof Error ? `failed: ${error.message}` : String(error)),
    )
  }
  return outcomes
}

describe('one computation for equal keys', () => {
  test('1000 equal requests at once compute once and all get the value, which is then kept', async () => {
    const { cache, runs, compute } = setUp()
    const outcomes = watch(Array.from({ length: 1000 }, () => cache.getOrCompute('k', compute)))
    expect(runs).toHaveLength(1)
    expect(cache.stats).toMatchObject({ computed: 1, joined: 999, misses: 1000, computing: 1, waiting: 1000 })
    runs[0]!.resolve('value')
    await settlePromises()
    expect(outcomes.filter((outcome) => outcome === 'value')).toHaveLength(1000)
    expect(cache.stats).toMatchObject({ computing: 0, waiting: 0, entries: 1 })
    expect(await cache.getOrCompute('k', compute)).toBe('value')
    expect([runs.length, cache.stats.hits]).toEqual([1, 1])
  })

  test('different keys are computed apart', async () => {
    const { cache, runs, compute } = setUp()
    const keys = ['__proto__', '\u00e9', 'e\u0301']
    const outcomes = watch(keys.map((key) => cache.getOrCompute(key, compute)))
    expect(runs).toHaveLength(3)
    for (const [at, run] of runs.entries()) run.resolve(`value ${at}`)
    await settlePromises()
    expect(outcomes).toEqual(['value 0', 'value 1', 'value 2'])
  })

  test('the time to live counts from the end of the computation', async () => {
    const { clock, cache, runs, compute } = setUp()
    const outcomes = watch([cache.getOrCompute('k', compute, { ttlMs: 100 })])
    clock.advanceTo(5000)
    runs[0]!.resolve('value')
    await settlePromises()
    expect(outcomes).toEqual(['value'])
    clock.advanceTo(5099)
    expect(cache.get('k')).toBe('value')
    clock.advanceTo(5100)
    expect(cache.get('k')).toBeUndefined()
  })

  test('a computation that answers at once, and an undefined value, are kept too', async () => {
    const cache = new Cache<string | undefined>({ clock: new VirtualClock() })
    let computed = 0
    const compute = (): undefined => void (computed += 1)
    await cache.getOrCompute('k', compute)
    await cache.getOrCompute('k', compute)
    expect(computed).toBe(1)
  })

  test('with a time to live of 0 callers share the running computation and nothing is kept', async () => {
    const { cache, runs, compute } = setUp()
    const outcomes = watch([1, 2].map(() => cache.getOrCompute('k', compute, { ttlMs: 0 })))
    runs[0]!.resolve('value')
    await settlePromises()
    expect([outcomes, cache.has('k'), runs.length]).toEqual([['value', 'value'], false, 1])
  })
})

describe('failures', () => {
  test.each(['throws', 'rejects'])(
    'a computation that %s fails for all its callers and is not kept',
    async (how) => {
      const { cache } = setUp()
      let runs = 0
      const compute = (): Promise<string> => {
        runs += 1
        const error = new Error(`run ${runs}`)
        if (how === 'throws') throw error
        return Promise.reject(error)
      }
      const outcomes = watch(Array.from({ length: 1000 }, () => cache.getOrCompute('k', compute)))
      await settlePromises()
      expect(outcomes.filter((outcome) => outcome === 'failed: run 1')).toHaveLength(1000)
      expect([runs, cache.has('k'), cache.stats.computing]).toEqual([1, false, 0])
      await expect(cache.getOrCompute('k', compute)).rejects.toThrow('run 2')
      expect(await cache.getOrCompute('k', () => 'recovered')).toBe('recovered')
    },
  )

  test('a value too large to keep is given to the callers and counted', async () => {
    const { cache } = setUp({ maxBytes: 5 })
    expect(await cache.getOrCompute('k', () => 'much too large')).toBe('much too large')
    expect(cache.stats).toMatchObject({ unkept: 1, entries: 0, observerErrors: 0 })
  })

  test('a size function that throws does not keep the value from its callers, and is reported', async () => {
    const errors: unknown[] = []
    const { cache } = setUp({
      sizeOf: () => {
        throw new Error('no idea')
      },
      onObserverError: (error) => errors.push(error),
    })
    expect(await cache.getOrCompute('k', () => 'value')).toBe('value')
    expect(errors).toHaveLength(1)
    expect(cache.stats).toMatchObject({ unkept: 1, entries: 0 })
  })
})

describe('callers that give up', () => {
  test('leave the others alone', async () => {
    const { cache, runs, compute } = setUp()
    const controllers = Array.from({ length: 1000 }, () => new AbortController())
    const outcomes = watch(controllers.map(({ signal }) => cache.getOrCompute('k', compute, { signal })))
    for (const [at, controller] of controllers.entries())
      if (at !== 500) controller.abort(new Error('no time'))
    await settlePromises()
    expect(outcomes.filter((outcome) => outcome === 'failed: no time')).toHaveLength(999)
    expect([outcomes[500], runs[0]!.signal.aborted, cache.stats.waiting]).toEqual(['waiting', false, 1])
    runs[0]!.resolve('value')
    await settlePromises()
    expect([outcomes[500], cache.get('k')]).toEqual(['value', 'value'])
  })

  test('when the last one has gone the computation is told, its value is not kept, and who comes later begins anew', async () => {
    const { cache, runs, compute } = setUp()
    const controllers = [new AbortController(), new AbortController()]
    const outcomes = watch(controllers.map(({ signal }) => cache.getOrCompute('k', compute, { signal })))
    controllers[0]!.abort()
    expect(runs[0]!.signal.aborted).toBe(false)
    controllers[1]!.abort(new Error('all gone'))
    expect(runs[0]!.signal.aborted).toBe(true)
    expect(runs[0]!.signal.reason).toEqual(new Error('all gone'))
    const late = watch([cache.getOrCompute('k', compute)])
    expect(runs).toHaveLength(2)
    runs[0]!.resolve('too late')
    await settlePromises()
    expect([cache.has('k'), late]).toEqual([false, ['waiting']])
    runs[1]!.resolve('fresh')
    await settlePromises()
    expect([cache.get('k'), late]).toEqual(['fresh', ['fresh']])
    expect(outcomes).toEqual(['failed: This operation was aborted', 'failed: all gone'])
  })

  test('a signal that aborted before is refused without computing, with a code when its reason is no error', async () => {
    const { cache, runs, compute } = setUp()
    const signal = AbortSignal.abort('just so')
    await expect(cache.getOrCompute('k', compute, { signal })).rejects.toMatchObject({
      code: 'REQUEST_CANCELLED',
    })
    expect([runs.length, cache.stats.misses]).toEqual([0, 0])
  })

  test('an abort after the answer does nothing, and no listener stays behind', async () => {
    const { cache, runs, compute } = setUp()
    const controller = new AbortController()
    let listeners = 0
    const { signal } = controller
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1
      remove(...args)
    }
    const outcomes = watch([cache.getOrCompute('k', compute, { signal })])
    expect(listeners).toBe(1)
    runs[0]!.resolve('value')
    await settlePromises()
    controller.abort()
    expect([outcomes, runs[0]!.signal.aborted, listeners]).toEqual([['value'], false, 0])
  })

  test('as many callers wait as the limit says; the next is refused, another fits when one has gone', async () => {
    const { cache, runs, compute } = setUp({ maxWaiting: 3 })
    const controller = new AbortController()
    const outcomes = watch([
      cache.getOrCompute('a', compute),
      cache.getOrCompute('b', compute, { signal: controller.signal }),
      cache.getOrCompute('b', compute),
    ])
    await expect(cache.getOrCompute('a', compute)).rejects.toMatchObject({ code: 'CACHE_BUSY' })
    controller.abort(new Error('gone'))
    const last = watch([cache.getOrCompute('a', compute)])
    for (const run of runs) run.resolve('value')
    await settlePromises()
    expect([...outcomes, ...last]).toEqual(['value', 'failed: gone', 'value', 'value'])
  })

  test('computations that nobody waits for and that do not listen count against the limit', async () => {
    const { cache, runs, compute } = setUp({ maxWaiting: 2 })
    for (const key of ['a', 'b']) {
      const controller = new AbortController()
      watch([cache.getOrCompute(key, compute, { signal: controller.signal })])
      controller.abort()
    }
    expect(cache.stats).toMatchObject({ computing: 2, waiting: 0 })
    await expect(cache.getOrCompute('c', compute)).rejects.toMatchObject({ code: 'CACHE_BUSY' })
    runs[0]!.resolve('nobody cares')
    await settlePromises()
    const outcomes = watch([cache.getOrCompute('c', () => 'value')])
    await settlePromises()
    expect(outcomes).toEqual(['value'])
  })
})

describe('changes during the computation win', () => {
  test('a value set meanwhile stays, and the callers get what was computed', async () => {
    const { cache, runs, compute } = setUp()
    const outcomes = watch([cache.getOrCompute('k', compute)])
    cache.set('k', 'set meanwhile')
    expect(await cache.getOrCompute('k', compute)).toBe('set meanwhile')
    runs[0]!.resolve('computed')
    await settlePromises()
    expect([outcomes, cache.get('k'), runs.length]).toEqual([['computed'], 'set meanwhile', 1])
  })

  test.each(['delete', 'clear'] as const)(
    'after a %s the next caller begins anew, and only its value is kept',
    async (how) => {
      const { cache, runs, compute } = setUp()
      const first = watch([cache.getOrCompute('k', compute)])
      if (how === 'delete') cache.delete('k')
      else cache.clear()
      const second = watch([cache.getOrCompute('k', compute), cache.getOrCompute('k', compute)])
      expect(runs).toHaveLength(2)
      runs[1]!.resolve('fresh')
      await settlePromises()
      runs[0]!.resolve('stale')
      await settlePromises()
      expect([first, second, cache.get('k')]).toEqual([['stale'], ['fresh', 'fresh'], 'fresh'])
    },
  )
})
