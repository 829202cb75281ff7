import { expect, test } from 'vitest'
import { actionOfKey, type LanesKey, zoomOfWheel } from './lanes-keys'

const press = (key: string, isShift = false): LanesKey => ({ key, isShift })

test('W and S zoom in opposite directions around the pointer', () => {
  const near = actionOfKey(press('w'), 120)
  const far = actionOfKey(press('s'), 120)
  expect(near).toMatchObject({ kind: 'send', message: { type: 'zoom', x: 120 } })
  if (near?.kind !== 'send' || near.message.type !== 'zoom') throw new Error('not a zoom')
  if (far?.kind !== 'send' || far.message.type !== 'zoom') throw new Error('not a zoom')
  expect(near.message.factor * far.message.factor).toBeCloseTo(1)
  expect(near.message.factor).toBeLessThan(1)
})

test('letters act with and without Shift; unknown keys are left to others', () => {
  expect(actionOfKey(press('F'), null)).toEqual(actionOfKey(press('f'), null))
  expect(actionOfKey(press('x'), null)).toBeNull()
  expect(actionOfKey(press('Tab'), null)).toBeNull()
  expect(actionOfKey(press(' '), null)).toBeNull()
})

test('M marks and P pins; Shift makes a note of it and pins the lane; Alt goes from note to note', () => {
  expect(actionOfKey(press('m'), null)).toMatchObject({ message: { type: 'ask-place', kind: 'marker' } })
  expect(actionOfKey(press('M', true), null)).toMatchObject({ message: { kind: 'note' } })
  expect(actionOfKey(press('p'), null)).toMatchObject({ message: { type: 'ask-pin', what: 'message' } })
  expect(actionOfKey(press('P', true), null)).toMatchObject({ message: { what: 'lane' } })
  expect(actionOfKey({ ...press('.'), isAlt: true }, null)).toMatchObject({ message: { type: 'note-step' } })
  expect(actionOfKey({ ...press('l'), isAlt: true }, null)).toEqual({ kind: 'twin' })
  expect(actionOfKey({ ...press('w'), isAlt: true }, null)).toBeNull()
})

test('comma and dot step, Home and End go to the ends', () => {
  expect(actionOfKey(press(','), null)).toMatchObject({ message: { type: 'step', direction: -1 } })
  expect(actionOfKey(press('.'), null)).toMatchObject({ message: { type: 'step', direction: 1 } })
  expect(actionOfKey(press('Home'), null)).toMatchObject({ message: { type: 'oldest' } })
  expect(actionOfKey(press('End'), null)).toEqual({ kind: 'follow' })
})

test('the wheel there and back leaves the span as it was', () => {
  expect(zoomOfWheel(120, false) * zoomOfWheel(-120, false)).toBeCloseTo(1)
  expect(zoomOfWheel(3, true)).toBeCloseTo(zoomOfWheel(48, false))
  expect(zoomOfWheel(1e9, false)).toBeLessThan(3)
})

test('arrows move the picture, with Shift they move the edge of the area', () => {
  expect(actionOfKey(press('ArrowLeft'), null)).toMatchObject({ message: { type: 'pan-share' } })
  expect(actionOfKey(press('ArrowRight', true), null)).toMatchObject({
    message: { type: 'area-step', share: 0.02 },
  })
  expect(actionOfKey(press('Escape'), null)).toEqual({ kind: 'clear' })
})
