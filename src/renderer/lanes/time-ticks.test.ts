import { describe, expect, test } from 'vitest'
import { pixelScale } from './time-scale'
import { timeTicks } from './time-ticks'

const OF_DAY = ((10 * 60 + 42) * 60 + 7) * 1000

const labels = (from: number, span: number, widthPx = 900): string[] =>
  timeTicks(pixelScale({ from, span }, widthPx), OF_DAY, 84)
    .map((tick) => tick.label)
    .filter((label) => label !== '')

describe('timeTicks', () => {
  test('names every tenth of a second, the half seconds in full', () => {
    expect(labels(101, 850)).toEqual([
      '.100',
      '.200',
      '.300',
      '.400',
      '10:42:07.500',
      '.600',
      '.700',
      '.800',
      '.900',
    ])
  })

  test('never cuts a whole second short', () => {
    expect(labels(101, 2000, 400)).toEqual(['.500', '10:42:08.000', '.500', '10:42:09.000'])
    expect(labels(101, 3000, 500).filter((label) => label === '.000')).toEqual([])
  })

  test('counts microseconds from a full millisecond', () => {
    const list = labels(100, 1)
    expect(list[0]).toBe('10:42:07.100')
    expect(list).toContain('+500 µs')
    expect(list.at(-1)).toBe('10:42:07.101')
  })

  test('names the millisecond once even when no full one is visible', () => {
    expect(labels(100.31, 0.1)[0]).toMatch(/^10:42:07\.100 \+3\d\d µs$|^\+3\d\d µs$/)
    expect(labels(100.31, 0.1).some((label) => label.startsWith('10:42:07.100'))).toBe(true)
  })

  test('uses minutes for hours and hours for days', () => {
    expect(labels(0, 3_600_000).every((label) => /^\d\d:\d\d$/.test(label))).toBe(true)
    expect(labels(0, 86_400_000)).toContain('12:00')
  })

  test('labels never come closer than asked, at any zoom', () => {
    for (let span = 0.1; span < 86_400_000; span *= 1.7) {
      const scale = pixelScale({ from: 5000, span }, 900)
      const named = timeTicks(scale, OF_DAY, 84).filter((tick) => tick.label !== '')
      for (let at = 1; at < named.length; at++) {
        expect((named[at]!.at - named[at - 1]!.at) * scale.pxPerUnit).toBeGreaterThan(83)
      }
      expect(named.length).toBeGreaterThan(0)
    }
  })

  test('goes on over midnight', () => {
    expect(labels(86_400_000 - OF_DAY - 1000, 2000)).toContain('00:00:00.000')
  })
})
