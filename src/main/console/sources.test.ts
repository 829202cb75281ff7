import { expect, test } from 'vitest'
import { ConsoleError } from '../../shared/errors'
import type { SourcePort } from './console-types'
import { MAX_SOURCES, type OpenSource, Sources } from './sources'

const nothing = (): never => {
  throw new ConsoleError('INTERNAL', 'not asked in this test')
}
const port = (): SourcePort => ({ call: nothing, subscribe: nothing })

function openSource(): OpenSource & { closes: number } {
  return {
    ...port(),
    closes: 0,
    close() {
      this.closes += 1
      return Promise.resolve()
    },
  }
}

test('0 is the live session, each recording has a number that is never given twice', async () => {
  const live = port()
  const sources = new Sources(live)
  const [a, b] = [openSource(), openSource()]
  const first = sources.add(a)
  expect(sources.get(0)).toBe(live)
  expect(sources.get(first)).toBe(a)
  await sources.close(first)
  expect(a.closes).toBe(1)
  expect(() => sources.get(first)).toThrow(expect.objectContaining({ code: 'SOURCE_UNKNOWN' }))
  expect(sources.add(b)).not.toBe(first)
  await sources.closeAll()
  expect(b.closes).toBe(1)
})

test('one recording more than may be open is refused, and takes no room', async () => {
  const sources = new Sources(port())
  const numbers = Array.from({ length: MAX_SOURCES }, () => sources.add(openSource()))
  expect(() => sources.add(openSource())).toThrow(expect.objectContaining({ code: 'SOURCES_TOO_MANY' }))
  await sources.close(numbers[3]!)
  expect(sources.get(sources.add(openSource()))).toBeDefined()
})
