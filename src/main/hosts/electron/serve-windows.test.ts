import { expect, test } from 'vitest'
import { PAGE_URL } from './app-scheme'
import { MAX_WINDOWS, serveWindows } from './serve-windows'

function serve() {
  let asked: ((event: never) => unknown) | undefined
  let count = 1
  serveWindows({
    ipcMain: { handle: (_: string, listener: (event: never) => unknown) => (asked = listener) },
    countWindows: () => count,
    openWindow: () => (count += 1),
  })
  return { ask: (senderFrame: object | null) => asked?.({ senderFrame } as never), count: () => count }
}
const ours = { parent: null, url: PAGE_URL }

test('our page gets further windows, up to the most there may be', () => {
  const { ask, count } = serve()
  ask(ours)
  expect(count()).toBe(2)
  for (let more = 0; more < 20; more++) ask(ours)
  expect(count()).toBe(MAX_WINDOWS)
})

test.each([
  ['a frame that is gone', null],
  ['a sub-frame', { parent: ours, url: PAGE_URL }],
  ['a foreign page', { parent: null, url: 'https://evil.example/' }],
])('%s gets none', (_, frame) => {
  const { ask, count } = serve()
  ask(frame)
  expect(count()).toBe(1)
})
