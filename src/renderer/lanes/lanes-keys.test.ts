import { expect, test } from 'vitest'
import { actionOfKey, zoomOfWheel } from './lanes-keys'

test('W and S zoom in opposite directions around the pointer', () => {
  const near = actionOfKey('w', 120)
  const far = actionOfKey('s', 120)
  expect(near).toMatchObject({ kind: 'send', message: { type: 'zoom', x: 120 } })
  if (near?.kind !== 'send' || near.message.type !== 'zoom') throw new Error('not a zoom')
  if (far?.kind !== 'send' || far.message.type !== 'zoom') throw new Error('not a zoom')
  expect(near.message.factor * far.message.factor).toBeCloseTo(1)
  expect(near.message.factor).toBeLessThan(1)
})

test('letters act with and without Shift; unknown keys are left to others', () => {
  expect(actionOfKey('F', null)).toEqual(actionOfKey('f', null))
  expect(actionOfKey('x', null)).toBeNull()
  expect(actionOfKey('Tab', null)).toBeNull()
  expect(actionOfKey(' ', null)).toBeNull()
})

test('comma and dot step, Home and End go to the ends', () => {
  expect(actionOfKey(',', null)).toMatchObject({ message: { type: 'step', direction: -1 } })
  expect(actionOfKey('.', null)).toMatchObject({ message: { type: 'step', direction: 1 } })
  expect(actionOfKey('Home', null)).toMatchObject({ message: { type: 'oldest' } })
  expect(actionOfKey('End', null)).toEqual({ kind: 'follow' })
})

test('the wheel there and back leaves the span as it was', () => {
  expect(zoomOfWheel(120, false) * zoomOfWheel(-120, false)).toBeCloseTo(1)
  expect(zoomOfWheel(3, true)).toBeCloseTo(zoomOfWheel(48, false))
  expect(zoomOfWheel(1e9, false)).toBeLessThan(3)
})
