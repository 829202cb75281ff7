import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { FrameEvent, TraceEvent } from '../../shared/model/trace'
import { TraceScript } from '../../testing/trace-script'
import { Capture } from './capture'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes of objects in use; the memory of typed arrays is not in it. */
function objectBytes(): number {
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

test('no object is kept per chunk: 400,000 chunks add less than a byte each to the heap', () => {
  const capture = new Capture()
  const lanes = capture.readLanes(0)
  let frame: FrameEvent | undefined
  const script = new TraceScript((event: TraceEvent) => {
    if (event.type === 'frame') frame = event
    capture.observe(event)
  })
  for (let key = 1; key <= 8; key++) script.opened({ messageKey: key })
  const feed = (count: number): void => {
    for (let chunk = 0; chunk < count; chunk++) {
      const atMs = chunk / 50
      capture.observe({ ...frame!, messageKey: (chunk % 8) + 1, atMs, startMs: atMs, endMs: atMs + 0.01 })
    }
  }
  script.frame({ messageKey: 1 })
  feed(10_000) // code is compiled, first segments exist
  const before = objectBytes()
  feed(400_000)
  const grownBytes = objectBytes() - before
  expect(capture.totals().chunks).toBe(410_001)
  expect(grownBytes).toBeLessThan(400_000)
  expect(lanes.hasNews).toBe(true)
})
