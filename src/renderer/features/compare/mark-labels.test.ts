import { expect, test } from 'vitest'
import { markLabels } from './mark-labels'

const WIDTH = 336
const LABEL = 84

test('two labels never cover each other and never leave the picture, wherever their marks are', () => {
  for (let left = 0; left <= WIDTH; left += 3) {
    for (let right = left; right <= WIDTH; right += 3) {
      const { leftEnd, rightStart } = markLabels(left, right, WIDTH)
      expect(rightStart - leftEnd, `${left} ${right}`).toBeGreaterThanOrEqual(8)
      expect(leftEnd).toBeGreaterThanOrEqual(LABEL)
      expect(rightStart + LABEL).toBeLessThanOrEqual(WIDTH)
    }
  }
})

test('where there is room each stands at its mark', () => {
  expect(markLabels(120, 200, WIDTH)).toEqual({ leftEnd: 120, rightStart: 200 })
})
