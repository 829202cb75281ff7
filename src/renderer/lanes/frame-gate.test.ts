import { expect, test } from 'vitest'
import { FrameGate } from './frame-gate'

test('a frame asked for while nothing is shown comes when the picture is shown again, unless it was taken back', () => {
  const asked: ((timeMs: number) => void)[] = []
  const gate = new FrameGate((draw) => {
    asked.push(draw)
    return () => asked.splice(asked.indexOf(draw), 1)
  })
  const frames: string[] = []
  gate.show(false)
  gate.request(() => frames.push('first'))
  gate.request(() => frames.push('second'))()
  const cancelLater = gate.request(() => frames.push('third'))
  expect(asked).toHaveLength(0)
  gate.show(true)
  expect(asked).toHaveLength(2)
  cancelLater()
  gate.request(() => frames.push('fourth'))
  for (const draw of asked) draw(0)
  expect(frames).toEqual(['first', 'fourth'])
})
