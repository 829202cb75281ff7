import { describe, expect, test } from 'vitest'
import {
  backOffMs,
  DEFAULT_RECONNECT,
  type LinkInput,
  type LinkState,
  NO_RECONNECT,
  stepLink,
} from './link-machine'

const states: Record<LinkState['kind'], LinkState> = {
  idle: { kind: 'idle' },
  opening: { kind: 'opening' },
  connected: { kind: 'connected', sinceMs: 100, attempts: 2 },
  interrupted: { kind: 'interrupted', attempts: 2, code: 'LINK_LOST', detail: 'reset' },
  waiting: {
    kind: 'waiting',
    attempts: 2,
    delayMs: 1000,
    retryAtMs: 1200,
    code: 'LINK_LOST',
    detail: 'reset',
  },
  reconnecting: { kind: 'reconnecting', attempts: 3 },
  closed: { kind: 'closed', code: 'LINK_REFUSED', detail: 'nobody listens' },
}

const inputs: Record<LinkInput['type'], LinkInput> = {
  'open-asked': { type: 'open-asked' },
  'close-asked': { type: 'close-asked' },
  accepted: { type: 'accepted', nowMs: 200 },
  opened: { type: 'opened', nowMs: 200 },
  'open-failed': { type: 'open-failed', nowMs: 200, code: 'PORT_MISSING', detail: 'no such port' },
  ended: { type: 'ended', nowMs: 200, code: 'PORT_LOST', detail: 'unplugged' },
  'given-up': { type: 'given-up', nowMs: 200, code: 'LSO_LENGTH_RANGE', detail: 'garbage' },
  refused: { type: 'refused', code: 'AUTH_FAILED', detail: 'wrong password' },
  released: { type: 'released', nowMs: 200 },
  'retry-due': { type: 'retry-due' },
}

/** For each state and input: where it leads, and what the link has to do. `-` = nothing happens. */
const table: Record<LinkState['kind'], Record<LinkInput['type'], string>> = {
  idle: {
    'open-asked': 'opening open-transport',
    'close-asked': 'closed stop-stack',
    accepted: 'connected attach-stack',
    opened: '-',
    'open-failed': '-',
    ended: '-',
    'given-up': '-',
    refused: '-',
    released: '-',
    'retry-due': '-',
  },
  opening: {
    'open-asked': '-',
    'close-asked': 'closed abort-opening stop-stack',
    accepted: '-',
    opened: 'connected attach-stack',
    'open-failed': 'closed stop-stack',
    ended: '-',
    'given-up': '-',
    refused: '-',
    released: '-',
    'retry-due': '-',
  },
  connected: {
    'open-asked': '-',
    'close-asked': 'closed detach-stack close-connection stop-stack',
    accepted: '-',
    opened: '-',
    'open-failed': '-',
    ended: 'interrupted detach-stack',
    'given-up': 'interrupted detach-stack close-connection',
    refused: 'closed detach-stack close-connection stop-stack',
    released: '-',
    'retry-due': '-',
  },
  interrupted: {
    'open-asked': '-',
    'close-asked': 'closed stop-stack',
    accepted: '-',
    opened: '-',
    'open-failed': '-',
    ended: '-',
    'given-up': '-',
    refused: '-',
    released: 'waiting schedule-retry',
    'retry-due': '-',
  },
  waiting: {
    'open-asked': 'reconnecting cancel-retry open-transport',
    'close-asked': 'closed cancel-retry stop-stack',
    accepted: '-',
    opened: '-',
    'open-failed': '-',
    ended: '-',
    'given-up': '-',
    refused: '-',
    released: '-',
    'retry-due': 'reconnecting open-transport',
  },
  reconnecting: {
    'open-asked': '-',
    'close-asked': 'closed abort-opening stop-stack',
    accepted: '-',
    opened: 'connected attach-stack',
    'open-failed': 'waiting schedule-retry',
    ended: '-',
    'given-up': '-',
    refused: '-',
    released: '-',
    'retry-due': '-',
  },
  closed: {
    'open-asked': 'opening open-transport',
    'close-asked': '-',
    accepted: '-',
    opened: '-',
    'open-failed': '-',
    ended: '-',
    'given-up': '-',
    refused: '-',
    released: '-',
    'retry-due': '-',
  },
}

describe('the whole table', () => {
  const rows = Object.entries(table).flatMap(([kind, row]) =>
    Object.entries(row).map(([type, expected]) => ({ kind, type, expected })),
  )

  test.each(rows)('$kind, $type: $expected', ({ kind, type, expected }) => {
    const before = states[kind as LinkState['kind']]
    const [after, ...effects] = stepLink(before, inputs[type as LinkInput['type']], DEFAULT_RECONNECT)
    if (expected === '-') {
      expect(after).toBe(before)
      expect(effects).toEqual([])
    } else {
      expect([after.kind, ...effects].join(' ')).toBe(expected)
    }
  })

  test('has a row for every state and every input', () => {
    expect(rows).toHaveLength(Object.keys(states).length * Object.keys(inputs).length)
  })
})

describe('reconnecting', () => {
  test('waits 250 ms, then twice as long each time, and never longer than 5 s', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 1000].map((attempts) => backOffMs(attempts, DEFAULT_RECONNECT))
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000])
  })

  test('counts on while every attempt fails', () => {
    let [state] = stepLink(states.interrupted, inputs.released, DEFAULT_RECONNECT)
    const delays: number[] = []
    for (let turn = 0; turn < 4; turn++) {
      if (state.kind !== 'waiting') throw new Error(`unexpected ${state.kind}`)
      delays.push(state.delayMs)
      ;[state] = stepLink(state, inputs['retry-due'], DEFAULT_RECONNECT)
      ;[state] = stepLink(state, inputs['open-failed'], DEFAULT_RECONNECT)
    }
    expect(delays).toEqual([1000, 2000, 4000, 5000])
  })

  test('ends after as many attempts as were allowed, whether they failed or did not last', () => {
    const policy = { ...DEFAULT_RECONNECT, attempts: 3 }
    for (const [state, input] of [
      [{ kind: 'reconnecting', attempts: 3 }, inputs['open-failed']],
      [{ kind: 'interrupted', attempts: 3, code: 'LINK_LOST', detail: '' }, inputs.released],
    ] as const) {
      expect(stepLink(state, input, policy)[0].kind).toBe('closed')
      expect(stepLink({ ...state, attempts: 2 }, input, policy)[0].kind).toBe('waiting')
      expect(stepLink(state, input, DEFAULT_RECONNECT)[0].kind).toBe('waiting')
    }
  })

  test('grows by the factor that is asked for, with chance on top where that is wanted', () => {
    const policy = { ...DEFAULT_RECONNECT, firstDelayMs: 200, maxDelayMs: 1000, factor: 1.5 }
    expect([0, 1, 2, 3, 4, 1000].map((attempts) => backOffMs(attempts, policy, 0.9))).toEqual([
      200, 300, 450, 675, 1000, 1000,
    ])
    expect(backOffMs(0, { ...policy, jitter: 0.5 }, 0.9)).toBe(290)
    expect(backOffMs(9, { ...policy, jitter: 0.5 }, 0)).toBe(1000)
  })

  test('shows when it tries again and why it has to', () => {
    const [state] = stepLink(states.reconnecting, inputs['open-failed'], DEFAULT_RECONNECT)
    expect(state).toEqual({
      kind: 'waiting',
      attempts: 3,
      delayMs: 2000,
      retryAtMs: 2200,
      code: 'PORT_MISSING',
      detail: 'no such port',
    })
  })

  test('begins with the first delay again after a connection that lasted', () => {
    const lost: LinkInput = { type: 'ended', nowMs: 5100, code: 'PORT_LOST', detail: 'unplugged' }
    const [state] = stepLink(states.connected, lost, DEFAULT_RECONNECT)
    expect(state).toMatchObject({ kind: 'interrupted', attempts: 0 })
  })

  test('keeps counting when the connection broke at once', () => {
    const [state] = stepLink(states.connected, inputs.ended, DEFAULT_RECONNECT)
    expect(state).toMatchObject({ kind: 'interrupted', attempts: 2 })
  })

  test('is over at once where it is switched off: the link closes with the cause', () => {
    const [state, ...effects] = stepLink(states.interrupted, inputs.released, NO_RECONNECT)
    expect(state).toEqual({ kind: 'closed', code: 'LINK_LOST', detail: 'reset' })
    expect(effects).toEqual(['stop-stack'])
  })
})
