import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { SessionTime } from '../src/main/recording/format/session-time'
import { Recorder } from '../src/main/recording/write/recorder'
import { systemDisk } from '../src/main/recording/write/recording-disk'
import { type BusyLine, busyLine } from '../src/testing/busy-line'
import { VirtualClock } from '../src/testing/virtual-clock'

/** A recording of a busy simulated line (`busyLine`), the same every time. */
export async function writeBusyRecording(path: string, line: BusyLine = {}): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const trace = await busyLine(line)
  const clock = new VirtualClock()
  const recorder = new Recorder({
    disk: systemDisk,
    clock,
    time: new SessionTime(Date.UTC(2026, 10, 22)),
    path,
    library: 'e2e',
    sessionId: 'busy',
    facts: { url: 'serial:/dev/near?baud=115200' },
  })
  for (const event of trace) {
    clock.advanceTo(event.atMs)
    recorder.observe(event)
  }
  await recorder.end()
}
