import { beforeEach, describe, expect, test } from 'vitest'
import { ConsoleError } from '../../../shared/errors'
import type { PortInfo, PortProblem } from '../../../shared/model/views'
import { PROBLEM_CHECKS, type ProblemCheck } from '../../../shared/model/problems'
import { shownLink } from '../../../testing/shown-link'
import { TraceScript } from '../../../testing/trace-script'
import { CHECKS } from './checks'
import type { ProblemFacts } from './problem-facts'
import { SKIPS_COUNT_MS } from './session-checks'
import { SILENT_AFTER_MS } from './silence-checks'
import { LinkTally, RECENT_MS } from './link-tally'
import { GONE_AFTER_MS, StandingProblems } from './standing'

let tally: LinkTally
let script: TraceScript
let standing: StandingProblems
let nowMs: number

beforeEach(() => {
  tally = new LinkTally()
  script = new TraceScript(tally.observe)
  standing = new StandingProblems(CHECKS)
  nowMs = 100_000
})

const link = (given: Parameters<typeof shownLink>[0] = {}) =>
  shownLink({ linkId: 1, phase: 'connected', phaseSinceMs: nowMs, ...given })

const WELL: Omit<ProblemFacts, 'nowMs' | 'tally'> = {
  links: [],
  ports: [],
  clockJumpMs: 0,
  files: [],
  responders: [],
  cache: { bytes: 0, maxBytes: 1000, entries: 0, maxEntries: 100 },
  evictedMessages: 0,
  messages: 0,
  droppedBodies: 0,
  mergedBatches: 0,
  recorder: { problem: null, gaps: 0, lostBytes: 0, freeBytes: null },
}

function look(given: Partial<ProblemFacts> = {}) {
  standing.look({ ...WELL, nowMs, tally, ...given })
  return standing.list().problems
}

/** What stands once the cause is gone, and the time passed that keeps it from flickering. */
function lookLater(afterMs = GONE_AFTER_MS) {
  nowMs += afterMs
  return look()
}

const portProblem = (given: Partial<PortProblem>): PortProblem => ({
  code: 'PORT_DENIED',
  message: '/dev/ttyUSB0 belongs to the group dialout',
  remedy: 'Join the group, then log in again.',
  holder: null,
  group: 'dialout',
  command: 'sudo usermod -aG dialout ann',
  ...given,
})
const port = (problem: PortProblem | null): PortInfo => ({
  path: '/dev/ttyUSB0',
  title: 'USB0',
  vendorId: '',
  productId: '',
  serialNumber: '',
  manufacturer: '',
  driver: '',
  interfaceName: '',
  identity: '',
  appearedMs: null,
  lastUsedIso: null,
  problem,
})
const onPort = (
  code: 'PORT_DENIED' | 'PORT_BUSY' | 'PORT_MISSING',
  phase: 'waiting' | 'closed' = 'waiting',
) =>
  link({
    url: 'serial:/dev/ttyUSB0?baud=115200',
    scheme: 'serial',
    phase,
    problem: { code, message: `${code} here`, remedy: 'do something' },
  })

/** Each condition with its cause and how it appears; all of them go when the cause does. */
const CASES: readonly (readonly [ProblemCheck, () => Partial<ProblemFacts>, RegExp])[] = [
  [
    'port-denied',
    () => ({ links: [onPort('PORT_DENIED')], ports: [port(portProblem({}))] }),
    /group dialout/,
  ],
  [
    'port-busy',
    () => ({
      links: [onPort('PORT_BUSY')],
      ports: [
        port(portProblem({ code: 'PORT_BUSY', message: 'screen (process 812) has it open', command: '' })),
      ],
    }),
    /screen \(process 812\)/,
  ],
  ['port-missing', () => ({ links: [onPort('PORT_MISSING')] }), /PORT_MISSING here/],
  [
    'link-refused',
    () => ({
      links: [
        link({ phase: 'waiting', problem: { code: 'LINK_REFUSED', message: 'nobody at :7', remedy: 'x' } }),
      ],
    }),
    /nobody at :7/,
  ],
  [
    'peer-version',
    () => ({ links: [link({ problem: { code: 'VERSION_MISMATCH', message: '3 and 2', remedy: 'x' } })] }),
    /VERSION_MISMATCH: 3 and 2/,
  ],
  [
    'peer-refused',
    () => ({ links: [link({ problem: { code: 'AUTH_FAILED', message: 'wrong', remedy: 'x' } })] }),
    /AUTH_FAILED: wrong/,
  ],
  [
    'no-data',
    () => ({ links: [link({ scheme: 'serial', baud: 9600, phaseSinceMs: nowMs - 7000 })] }),
    /Open for 7 s, 0 B received/,
  ],
  [
    'no-frames',
    () => {
      received(3400)
      return { links: [link({ phaseSinceMs: nowMs - 7000 })] }
    },
    /3\.40 kB received in 7 s, 0 frames of the dialect lso/,
  ],
  [
    'damaged-frames',
    () => {
      frames(96)
      faults(4, 'NATIVE_BAD_CRC')
      return { links: [link()] }
    },
    /4 of 100 frames in 10 s \(4\.0 %\), last NATIVE_BAD_CRC/,
  ],
  [
    'lost-bytes',
    () => {
      faults(2, 'EARLY_DATA_DROPPED', 600)
      return { links: [link()] }
    },
    /1\.20 kB in 2 gaps/,
  ],
  [
    'receive-overrun',
    () => {
      faults(5, 'REASSEMBLY_FULL')
      return { links: [link()] }
    },
    /5 messages refused/,
  ],
  [
    'bodies-full',
    () => {
      faults(1, 'BODY_NOT_STORED')
      return { links: [link()] }
    },
    /1 body of /,
  ],
  ['slow-consumer', () => ({ mergedBatches: 7 }), /7 pictures/],
  ['clock-jump', () => ({ clockJumpMs: -3_600_000 }), /−60 min/],
  [
    'task-overrun',
    () => {
      skips(3)
      return {}
    },
    /3 runs in the last 60 s/,
  ],
  [
    'cache-full',
    () => ({ cache: { bytes: 960, maxBytes: 1000, entries: 1, maxEntries: 9 } }),
    /960 B of 1\.00 kB/,
  ],
  ['capture-full', () => ({ evictedMessages: 12, messages: 500 }), /12 older messages went; 500 are kept/],
  [
    'workspace-file',
    () => ({
      files: [
        {
          kind: 'tasks',
          name: 'poll',
          problem: {
            file: 'tasks/poll.yaml',
            line: 3,
            column: 5,
            message: 'every is missing',
            remedy: 'Add every.',
          },
        },
      ],
    }),
    /Line 3, column 5: every is missing/,
  ],
  [
    'responder-failing',
    () => ({ responders: [{ name: 'mtu', failed: 2, last: 'no such file', remedy: 'Check it.' }] }),
    /2 answers failed, last: no such file/,
  ],
  [
    'recording-ended',
    () => ({
      recorder: { ...WELL.recorder, problem: new ConsoleError('RECORDING_DISK_FULL', 'the disk is full') },
    }),
    /RECORDING_DISK_FULL: the disk is full\. Memory goes on/,
  ],
  [
    'recording-gaps',
    () => ({ recorder: { ...WELL.recorder, gaps: 2, lostBytes: 5000 } }),
    /2 gaps with 5\.00 kB/,
  ],
  ['recording-space', () => ({ recorder: { ...WELL.recorder, freeBytes: 300e6 } }), /300 MB are free/],
]

function received(byteCount: number): void {
  tally.observe({
    type: 'bytes',
    linkId: 1,
    atMs: nowMs,
    dir: 'in',
    streamOffset: 0,
    byteCount,
    bytes: new Uint8Array(0),
  })
}
function frames(count: number): void {
  script.nowMs = nowMs
  for (let frame = 0; frame < count; frame++) script.frame({ dir: 'in' })
}
function faults(
  count: number,
  code: 'NATIVE_BAD_CRC' | 'EARLY_DATA_DROPPED' | 'REASSEMBLY_FULL' | 'BODY_NOT_STORED',
  lostBytes = 0,
): void {
  for (let fault = 0; fault < count; fault++) {
    tally.observe({
      type: 'fault',
      linkId: 1,
      atMs: nowMs,
      dir: 'in',
      code,
      streamOffset: 0,
      lostBytes,
      ref: '',
      detail: '',
    })
  }
}
function skips(count: number): void {
  for (let run = 1; run <= count; run++) {
    tally.observe({
      type: 'task-run',
      linkId: 0,
      atMs: nowMs,
      runId: run,
      task: 'poll',
      outcome: 'skipped',
      detail: '',
      dueMs: nowMs,
      startedMs: null,
      lateMs: null,
    })
  }
}

test('every check has a case', () => {
  expect(new Set(CASES.map(([check]) => check))).toEqual(new Set(PROBLEM_CHECKS))
})

describe.each(CASES)('%s', (check, cause, words) => {
  test('is not there while all is well', () => {
    expect(look({ links: [link()] })).toEqual([])
  })

  test('stands with its values and a remedy for as long as its cause does, and goes with it', () => {
    const facts = cause()
    const [problem, ...others] = look(facts)
    expect(others).toEqual([])
    expect(problem).toMatchObject({ check, sinceMs: nowMs })
    expect(problem?.cause).toMatch(words)
    expect(problem?.remedy).not.toBe('')
    const sinceMs = nowMs
    nowMs += 1000
    expect(look(facts)[0]).toMatchObject({ check, sinceMs })
    expect(lookLater(Math.max(RECENT_MS, SKIPS_COUNT_MS) + GONE_AFTER_MS)).toEqual([])
  })

  test('does not flicker: a moment without its cause changes nothing', () => {
    const facts = cause()
    look(facts)
    const sinceMs = nowMs
    nowMs += GONE_AFTER_MS - 1
    expect(look().map((problem) => problem.check)).toEqual([check])
    nowMs += 1
    expect(look(facts)[0]?.sinceMs).toBe(sinceMs)
  })
})

describe('a port', () => {
  test('without access names the command to type', () => {
    const facts = { links: [onPort('PORT_DENIED')], ports: [port(portProblem({}))] }
    expect(look(facts)[0]?.command).toBe('sudo usermod -aG dialout ann')
  })

  test('of a closed link is well again when the system says so', () => {
    const links = [onPort('PORT_BUSY', 'closed')]
    expect(look({ links })).toHaveLength(1)
    nowMs += GONE_AFTER_MS
    expect(look({ links, ports: [port(null)] })).toEqual([])
  })
})

describe('at the edge', () => {
  test('calls a stream strange that is given up at its first bytes again and again, and not one that had frames', () => {
    received(80)
    const problem = {
      code: 'LSO_LENGTH_RANGE',
      message: 'an extension of 959918427 bytes',
      remedy: 'x',
    } as const
    const given = { links: [link({ phase: 'waiting', problem })] }
    expect(look(given)).toMatchObject([
      {
        check: 'no-frames',
        cause: expect.stringMatching(/^80 B received, 0 frames .* \(LSO_LENGTH_RANGE\)/),
      },
    ])
    frames(1)
    nowMs += GONE_AFTER_MS
    expect(look(given)).toEqual([])
  })

  test('silence counts from a time on, and on a socket only for who asked', () => {
    const since = (ms: number) => [link({ scheme: 'serial', phaseSinceMs: nowMs - ms })]
    expect(look({ links: since(SILENT_AFTER_MS - 1) })).toEqual([])
    expect(look({ links: since(SILENT_AFTER_MS) })).toHaveLength(1)
    const socket = (bytesOut: number) => [
      link({ linkId: 2, scheme: 'tcp', bytesOut, phaseSinceMs: nowMs - 9000 }),
    ]
    expect(look({ links: socket(0) }).filter(({ id }) => id.endsWith(':2'))).toEqual([])
    expect(look({ links: socket(10) }).filter(({ id }) => id.endsWith(':2'))).toHaveLength(1)
  })

  test('a full cache stands until it is well below its limit', () => {
    const at = (bytes: number) => look({ cache: { bytes, maxBytes: 1000, entries: 0, maxEntries: 100 } })
    expect(at(940)).toEqual([])
    expect(at(950)).toHaveLength(1)
    nowMs += GONE_AFTER_MS
    expect(at(900)).toHaveLength(1)
    nowMs += GONE_AFTER_MS
    expect(at(849)).toEqual([])
  })

  test('two damaged frames are no rate, and a share that stands ends lower than it began', () => {
    frames(50)
    faults(2, 'NATIVE_BAD_CRC')
    expect(look({ links: [link()] })).toEqual([])
    faults(1, 'NATIVE_BAD_CRC')
    expect(look({ links: [link()] })).toHaveLength(1)
    frames(700) // 3 of 753: below what begins it, above what ends it
    nowMs += GONE_AFTER_MS
    expect(look({ links: [link()] })).toHaveLength(1)
    frames(1500)
    nowMs += GONE_AFTER_MS
    expect(look({ links: [link()] })).toEqual([])
  })
})

test('the gravest stand first, of those the oldest', () => {
  look({ mergedBatches: 1 })
  nowMs += 10
  const all = look({ mergedBatches: 1, evictedMessages: 1, links: [onPort('PORT_BUSY')], clockJumpMs: 5000 })
  expect(all.map(({ check }) => check)).toEqual(['port-busy', 'slow-consumer', 'clock-jump', 'capture-full'])
})
