import { expect, test } from 'vitest'
import { HUES, RouteHues } from './route-hues'

test('the first eight routes get eight hues, in order of appearance, and keep them', () => {
  const hues = new RouteHues()
  const routes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  expect(routes.map((route) => hues.hueOf(route))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(hues.hueOf('i')).toBe(1)
  expect(routes.map((route) => hues.hueOf(route))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('a peer that invents routes without end gets steady hues all the same', () => {
  const hues = new RouteHues()
  for (let route = 0; route < 10_000; route++) hues.hueOf(`made-up-${route}`)
  const late = ['late-1', 'late-2', 'late-3'].map((route) => hues.hueOf(route))
  expect(['late-1', 'late-2', 'late-3'].map((route) => hues.hueOf(route))).toEqual(late)
  for (const hue of late) {
    expect(hue).toBeGreaterThanOrEqual(1)
    expect(hue).toBeLessThanOrEqual(HUES)
  }
  expect(hues.hueOf('made-up-0')).toBe(1)
})
