import { describe, expect, test } from 'vitest'
import { hasCode } from '../../../shared/errors'
import { settlePromises } from '../../../testing/virtual-clock'
import type { IncomingRequest } from '../stack-types'
import { EVENT_OF_PYTHON_NAME, Events, MAX_HANDLERS_PER_EVENT, type SystemEvents } from './index'

interface TestEvents {
  readonly data: number
  readonly stop: undefined
}

function setUp() {
  const errors: [event: string, text: string][] = []
  const told: string[] = []
  const events = new Events<TestEvents>({
    onError: (event, error) => errors.push([event, error instanceof Error ? error.message : String(error)]),
  })
  const tell = (name: string) => (value: number) => void told.push(`${name}${value}`)
  return { events, errors, told, tell }
}

describe('order', () => {
  test('handlers of on come in the order they were added, then those of once, and once means once', () => {
    const { events, told, tell } = setUp()
    events.once('data', tell('once-a'))
    events.on('data', tell('on-a'))
    events.once('data', tell('once-b'))
    events.on('data', tell('on-b'))
    void events.emit('data', 1)
    expect(told).toEqual(['on-a1', 'on-b1', 'once-a1', 'once-b1'])
    void events.emit('data', 2)
    expect(told.slice(4)).toEqual(['on-a2', 'on-b2'])
  })

  test('every handler was called when emit returns; the promise waits for the slow ones', async () => {
    const { events, told, tell } = setUp()
    const gates: (() => void)[] = []
    events.on('data', async () => {
      told.push('begins')
      await new Promise<void>((resolve) => gates.push(resolve))
      told.push('ends')
    })
    events.on('data', tell('second'))
    let isDone = false
    const done = events.emit('data', 1).then(() => {
      isDone = true
    })
    expect(told).toEqual(['begins', 'second1'])
    await settlePromises()
    expect(isDone).toBe(false)
    for (const open of gates) open()
    await done
    expect(told).toEqual(['begins', 'second1', 'ends'])
  })

  test('events do not see one another, and one without handlers resolves', async () => {
    const { events, told, tell } = setUp()
    events.on('data', tell('data'))
    await events.emit('stop')
    expect(told).toEqual([])
  })

  test('names such as __proto__ and constructor are ordinary events', async () => {
    const told: unknown[] = []
    const events = new Events<Record<string, number>>({ onError: (_, error) => told.push(error) })
    for (const name of ['__proto__', 'constructor', 'toString']) {
      await events.emit(name, 0)
      expect(events.handlerCount(name)).toBe(0)
      events.on(name, (value) => void told.push(`${name} ${value}`))
      await events.emit(name, 1)
    }
    expect(told).toEqual(['__proto__ 1', 'constructor 1', 'toString 1'])
  })
})

describe('changes while an event is emitted', () => {
  test('a handler added by a handler waits for the next emit', () => {
    const { events, told, tell } = setUp()
    events.once('data', () => {
      events.on('data', tell('late-on'))
      events.once('data', tell('late-once'))
    })
    void events.emit('data', 1)
    expect(told).toEqual([])
    void events.emit('data', 2)
    expect(told).toEqual(['late-on2', 'late-once2'])
  })

  test('a handler which adds itself again does not run for ever', () => {
    const { events } = setUp()
    let calls = 0
    const again = (): void => {
      calls += 1
      events.on('data', again)
    }
    events.on('data', again)
    void events.emit('data', 1)
    expect(calls).toBe(1)
    void events.emit('data', 2)
    expect(calls).toBe(3)
  })

  test('a handler removed by a handler before its turn is not called', () => {
    const { events, told, tell } = setUp()
    const victimOn = tell('victim-on')
    const victimOnce = tell('victim-once')
    events.on('data', () => {
      events.off('data', victimOn)
      events.off('data', victimOnce)
    })
    events.on('data', victimOn)
    events.once('data', victimOnce)
    events.on('data', tell('bystander'))
    void events.emit('data', 1)
    expect(told).toEqual(['bystander1'])
  })

  test('a handler may remove itself without disturbing the next one', () => {
    const { events, told, tell } = setUp()
    const remove = events.on('data', (value) => {
      told.push(`self${value}`)
      remove()
    })
    events.on('data', tell('next'))
    void events.emit('data', 1)
    void events.emit('data', 2)
    expect(told).toEqual(['self1', 'next1', 'next2'])
  })

  test('a once handler that emits its event again is called once, and so are the others', () => {
    const { events, told, tell } = setUp()
    events.once('data', (value) => {
      told.push(`first${value}`)
      void events.emit('data', value + 1)
    })
    events.once('data', tell('other'))
    void events.emit('data', 1)
    expect(told).toEqual(['first1', 'other2'])
    expect(events.handlerCount('data')).toBe(0)
  })
})

describe('failures', () => {
  test('what handlers throw or reject with is told once each, and the others run', async () => {
    const { events, errors, told, tell } = setUp()
    events.on('data', () => {
      throw new Error('sync')
    })
    events.on('data', () => Promise.reject(new Error('async')))
    events.once('data', () => {
      throw new Error('once')
    })
    events.on('data', tell('healthy'))
    await events.emit('data', 1)
    expect(told).toEqual(['healthy1'])
    expect(errors).toEqual([
      ['data', 'sync'],
      ['data', 'once'],
      ['data', 'async'],
    ])
    await events.emit('data', 2)
    expect(errors).toHaveLength(5)
  })

  test('the promise of emit resolves although a handler failed and another is slow', async () => {
    const { events, errors } = setUp()
    let open = (): void => {}
    events.on('data', () => Promise.reject(new Error('early')))
    events.on('data', () => new Promise<void>((resolve) => (open = resolve)))
    const done = events.emit('data', 1)
    await settlePromises()
    expect(errors).toEqual([['data', 'early']])
    open()
    await expect(done).resolves.toBeUndefined()
  })

  test('an error handler that throws harms nobody', async () => {
    const events = new Events<TestEvents>({
      onError: () => {
        throw new Error('broken listener')
      },
    })
    let calls = 0
    events.on('data', () => {
      throw new Error('first')
    })
    events.on('data', () => Promise.reject(new Error('second')))
    events.on('data', () => void (calls += 1))
    await expect(events.emit('data', 1)).resolves.toBeUndefined()
    expect(calls).toBe(1)
  })
})

describe('removal and limits', () => {
  test('off with a function removes all its registrations, off without one removes every handler', () => {
    const { events, told, tell } = setUp()
    const twice = tell('twice')
    events.on('data', twice)
    events.once('data', twice)
    events.on('data', tell('stays'))
    expect(events.handlerCount('data')).toBe(3)
    events.off('data', twice)
    void events.emit('data', 1)
    expect(told).toEqual(['stays1'])
    events.off('data')
    events.off('stop')
    void events.emit('data', 2)
    expect(told).toEqual(['stays1'])
    expect(events.handlerCount('data')).toBe(0)
  })

  test('the function that on returns takes back its own registration only, however often it is called', () => {
    const { events, told, tell } = setUp()
    const same = tell('same')
    const remove = events.on('data', same)
    events.on('data', same)
    remove()
    remove()
    void events.emit('data', 1)
    expect(told).toEqual(['same1'])
  })

  test('takes as many handlers as the limit says and refuses the next', () => {
    const { events } = setUp()
    const removers = Array.from({ length: MAX_HANDLERS_PER_EVENT }, (_, at) =>
      at % 2 === 0 ? events.on('data', () => undefined) : events.once('data', () => undefined),
    )
    const refused = (): unknown => {
      try {
        return events.once('data', () => undefined)
      } catch (error) {
        return error
      }
    }
    expect(hasCode(refused(), 'HANDLERS_TOO_MANY')).toBe(true)
    expect(() => events.on('stop', () => undefined)).not.toThrow()
    removers[0]!()
    expect(refused()).toBeTypeOf('function')
    expect(hasCode(refused(), 'HANDLERS_TOO_MANY')).toBe(true)
  })
})

test('every system event of Python has one of ours, with its payload typed', async () => {
  const events = new Events<SystemEvents>({
    onError: (_, error) => {
      throw error
    },
  })
  const routes: string[] = []
  events.on('request', ({ request, atMs }) => void routes.push(`${request.route} ${atMs}`))
  const request = { route: '/info' } as unknown as IncomingRequest
  await events.emit('request', { request, atMs: 3, isHandled: true })
  expect(routes).toEqual(['/info 3'])
  expect(Object.keys(EVENT_OF_PYTHON_NAME).sort()).toEqual(
    ['mission_canceled', 'recv_exception', 'request', 'response', 'start', 'stop'].sort(),
  )
})
