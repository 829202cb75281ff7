import { expect, test } from 'vitest'
import type { MessageClosed, MessageOpened } from '../../shared/model/trace'
import { utf8 } from '../../shared/bytes'
import { Output } from './output'
import { TraceLines } from './trace-lines'

test('shows a message of a hostile device on one line, without what a terminal would obey', () => {
  let text = ''
  const io = { stdout: (chunk: string | Uint8Array) => (text += String(chunk)) } as never
  const lines = new TraceLines(new Output(io, false), { hasFrames: false, isHeld: false })
  const about = { linkId: 1, atMs: 1, dir: 'in', messageKey: 1 } as const
  lines.onTrace({
    ...about,
    type: 'message-opened',
    ref: 'id\u001b[31m',
    route: 'a\r\nfault \u001b]0;x\u0007',
    kind: 'event',
    headers: {},
  } as unknown as MessageOpened)
  const body = utf8('"\u009b2J"')
  lines.onTrace({
    ...about,
    type: 'message-closed',
    outcome: 'complete',
    body,
    bodyBytes: body.length,
  } as unknown as MessageClosed)
  expect(text).toMatch(/^[^\p{C}]+\n$/u)
  expect(text).toContain('a··fault ·]0;x·')
})
