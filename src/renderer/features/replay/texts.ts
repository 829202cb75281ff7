import type { ReplayDifferenceKind, ReplayPhase, ReplayState } from '../../../shared/model/replay'
import { formatMsNumber, groupDigits, plural } from '../../ui/format'

export const replayTexts = {
  group: 'Replay',
  words: 'replay send run recording peer device simulator',
  send: 'Send',
  to: 'to',
  policy: 'When each message goes',
  policies: { time: 'By time', reply: 'By reply', step: 'Step' },
  goal: 'Where the recording is sent to',
  goals: { view: 'View only', simulator: 'Simulator', device: 'Device' },
  start: 'Start run',
  startHint: 'Send one side of this recording to the other end',
  beginning: 'Reading…',
  next: 'Next',
  nextHint: (next: ReplayState['next']) =>
    next === null
      ? 'Nothing is left to send'
      : `Send ${nameOf(next.route)}${next.isHeld ? ', as soon as its request comes' : ''}`,
  stop: 'Stop run',
  options: 'Choices for runs',
  stopAtDifference: 'Stop at the first difference',
  record: 'Record the run, to compare it',
  devices: 'Send to',
  beDevice: 'Be the device for a host',
  noLink: 'No device is connected',
  listen: 'Listen on this computer…',
  port: 'At another address…',
  address: 'Address where the host is',
  addressPlaceholder: 'tcp-listen://127.0.0.1:4242, serial:/dev/pts/4',
  begin: 'Begin',
  confirm: (count: number, target: string) => `Send ${plural(count, 'message', 'messages')} to ${target}?`,
  why: (recording: string) =>
    `They were recorded in ${recording}. The device at the other end does what they say.`,
  act: (count: number) => `Send ${plural(count, 'message', 'messages')}`,
  cancel: 'Send nothing',
  run: 'Run',
  runOf: (recording: string) => `Run with ${recording}`,
  panel: 'The run and what it found',
  progress: (sent: number, total: number) => `${groupDigits(sent)} of ${groupDigits(total)}`,
  sent: 'Sent',
  matched: 'Came as recorded',
  late: 'Late',
  lateFacts: (p50: number, p99: number, max: number) =>
    `${formatMsNumber(p50)} ms half, ${formatMsNumber(p99)} ms 99 %, ${formatMsNumber(max)} ms most`,
  skipped: 'Left out',
  skippedHint: 'Not whole in the recording, so they cannot be sent',
  interruptions: 'Interrupted',
  times: (count: number) => plural(count, 'time', 'times'),
  differences: 'Differences',
  noDifference: 'None so far',
  none: 'None',
  more: (count: number) => `and ${groupDigits(count)} more`,
  hash: 'What was sent',
  orderHash: 'Order of everything',
  copyHash: { none: 'Copy the SHA-256', copied: 'Copied', failed: 'The browser refused to copy' },
  watch: 'Watch it live',
  openRun: 'Show its recording',
  close: 'Close',
  phases: {
    confirm: 'Waits for your yes',
    waiting: 'Waits for the other end',
    running: 'Running',
    done: 'Done',
    stopped: 'Stopped',
    failed: 'Failed',
  } satisfies Record<ReplayPhase, string>,
  kinds: {
    changed: 'Changed',
    missing: 'Missing',
    added: 'Added',
    order: 'Order',
    unsent: 'Not sent',
  } satisfies Record<ReplayDifferenceKind, string>,
  statusHint: (run: string) =>
    `Run ${run}: what was sent · the order of everything. Click for what it found.`,
  counted: (count: number) => plural(count, 'difference', 'differences'),
  commands: {
    simulator: 'Replay to the simulator',
    device: 'Replay to a device…',
    stop: 'Stop the run',
    next: 'Send the next message of the run',
  },
} as const

/** Streams without frames have no routes. */
export const nameOf = (route: string): string => (route === '' ? 'bytes' : route)
