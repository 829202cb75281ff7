import { soakBodies } from './bodies'
import { soakCache } from './cache'
import { soakDamagedRecordings } from './damaged-recordings'
import { soakManyRequests } from './endpoint'
import { soakHostileRecordings } from './hostile-recordings'
import type { SoakCounts, SoakJob } from './job'
import { soakNativeCuts, soakNativeDamage } from './native-decoder'
import { soakNativeCutSessions, soakNativeLine, soakNativeStorms } from './native-line'
import { soakNativeSessions } from './native-session'
import { soakPythonRequests } from './python'
import { soakRecorderKills } from './recorder'
import { soakRecorderFlood } from './recorder-flood'
import { soakRecordingOpen } from './recording-open'
import { soakReplayLateness } from './replay'
import { soakReplayMillion } from './replay-million'
import { soakLsoDecoder, soakTwoUsers } from './stack'
import { soakTasks } from './tasks'

export const jobs: readonly SoakJob[] = [
  {
    name: 'lso-decoder',
    promise: 'D1: damaged captures of the real peer throw nothing, take no time, leave nothing open',
    run: (options) => figures(soakLsoDecoder(options)),
  },
  {
    name: 'two-users',
    promise: 'M3: any script of operations leaves model and stacks in agreement',
    run: soakTwoUsers,
  },
  {
    name: 'python-requests',
    promise:
      '10,000 requests with 64 in flight to and from Python, in both roles: none lost, each with its own answer',
    run: soakPythonRequests,
  },
  {
    name: 'many-requests',
    promise:
      'M6: 200,000 requests, answers in random order, 1 % never answered: each settles once, time-outs on time',
    run: soakManyRequests,
  },
  {
    name: 'native-cuts',
    promise: 'D2: frames and faults of the native dialect do not depend on how the bytes are cut',
    run: soakNativeCuts,
  },
  {
    name: 'native-damage',
    promise:
      'D6: of a million frames with damaged bytes none comes out wrong, and none is missing that was whole',
    run: soakNativeDamage,
  },
  {
    name: 'native-sessions',
    promise: 'cuts, reboots and damage at any byte: both sides find each other, and nobody goes on alone',
    run: soakNativeSessions,
  },
  {
    name: 'bodies',
    promise:
      'large bodies in any order on a disk that fails now and then: none comes out wrong, no file is left',
    run: soakBodies,
  },
  {
    name: 'native-line',
    promise:
      'ten minutes at 115,200 baud with 1e-4 and 1e-3 flips and losses: 0 wrong, 0 lost, 0 doubled, at 1e-4 85 percent goodput',
    run: soakNativeLine,
  },
  {
    name: 'native-storms',
    promise:
      'M3, M6: whatever happens to line and application, each message arrives once or is known to have failed',
    run: soakNativeStorms,
  },
  {
    name: 'native-cut-sessions',
    promise: 'L1: cut at every one of the first 2,200 bytes, a session goes on and loses and doubles nothing',
    run: soakNativeCutSessions,
  },
  {
    name: 'tasks',
    promise:
      'half an hour at load class B with 21 tasks: no missed run, drift under a tenth of an interval, memory flat',
    run: soakTasks,
  },
  {
    name: 'cache-model',
    promise: 'C1: a million random operations against a model, no difference',
    run: (options) => figures(soakCache(options)),
  },
  {
    name: 'recorder-kills',
    promise:
      'R1: 200 recorders killed at random moments, also while they begin the next file: every acknowledged entry is readable, in order, once',
    run: soakRecorderKills,
  },
  {
    name: 'damaged-recordings',
    promise:
      'R3: cut at every byte of the last 64 KiB, and 10,000 changed bytes: exactly what stands in whole blocks comes back, CPU below 5 s per 100 MiB',
    run: soakDamagedRecordings,
  },
  {
    name: 'hostile-recordings',
    promise:
      'R7: 500 recordings with hostile names, links and sizes that lie: nothing is written or read outside the workspace, memory is bounded',
    run: soakHostileRecordings,
  },
  {
    name: 'recorder-flood',
    promise:
      'R5: 50 MB/s for a minute: every byte is recorded or in a gap of known size; the recorder grows by less than 128 MiB, the whole program behind a link by less than 192',
    run: soakRecorderFlood,
  },
  {
    name: 'recording-open',
    promise:
      'a recording of 1 GiB: the first screen within 1.5 s, any moment of it exactly within 50 ms (p99) when it is read',
    run: soakRecordingOpen,
  },
  {
    name: 'replay-lateness',
    promise:
      'R6: a minute is replayed to the simulator by time: late at most 1 ms (p99), and no drift to the end',
    run: soakReplayLateness,
  },
  {
    name: 'replay-million',
    promise:
      'R6: a million messages are played as fast as possible: same bodies in the same order, one hash, seek to any place below 200 ms',
    run: soakReplayMillion,
  },
]

/** The plain figures of a report. */
const figures = (report: object): SoakCounts =>
  Object.fromEntries(
    Object.entries(report).filter(
      (entry): entry is [string, number | string] =>
        typeof entry[1] === 'number' || typeof entry[1] === 'string',
    ),
  )
