import { expect, test } from 'vitest'
import { FrameScheduler } from './frame-scheduler'

/** Display frames that come when told to. */
class Frames {
  #waiting: ((timeMs: number) => void)[] = []
  readonly request = (draw: (timeMs: number) => void): (() => void) => {
    this.#waiting.push(draw)
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== draw)
    }
  }
  get waiting(): number {
    return this.#waiting.length
  }
  show(timeMs: number): void {
    for (const draw of this.#waiting.splice(0)) draw(timeMs)
  }
}

test('a thousand notifications give one draw', () => {
  const frames = new Frames()
  let draws = 0
  const scheduler = new FrameScheduler(frames.request, () => {
    draws++
    return false
  })
  for (let i = 0; i < 1000; i++) scheduler.invalidate()
  expect(draws).toBe(0)
  frames.show(16)
  expect(draws).toBe(1)
  frames.show(32)
  expect(draws).toBe(1)
})

test('goes on by itself while the drawing says so', () => {
  const frames = new Frames()
  let left = 3
  const scheduler = new FrameScheduler(frames.request, () => --left > 0)
  scheduler.invalidate()
  for (let frame = 0; frame < 10; frame++) frames.show(frame * 16)
  expect(left).toBe(0)
  expect(frames.waiting).toBe(0)
})

test('draws no more once stopped', () => {
  const frames = new Frames()
  let draws = 0
  const scheduler = new FrameScheduler(frames.request, () => {
    draws++
    return true
  })
  scheduler.invalidate()
  scheduler.stop()
  frames.show(16)
  expect(draws).toBe(0)
})
