import { expect, test } from 'vitest'
import { concatBytes } from '../../../shared/bytes'
import type { MessageStatus } from '../../../shared/model/views'
import { FILE_PIECE_BYTES, type FileRoute, sendFile } from './send-file'

function line(status: (messageId: number) => MessageStatus = () => 'sent') {
  const taken: Uint8Array[] = []
  const cancelled: number[] = []
  let underWay = 0
  const route: FileRoute = {
    send: (bytes) => {
      expect(++underWay).toBe(1) // never a second piece before the first has left
      taken.push(bytes)
      return Promise.resolve(taken.length)
    },
    settled: (messageId) => {
      underWay -= 1
      return Promise.resolve(status(messageId))
    },
    cancel: (messageId) => cancelled.push(messageId),
  }
  return { route, taken, cancelled }
}
const bytes = Uint8Array.from({ length: FILE_PIECE_BYTES * 2 + 5 }, (_, at) => (at * 31) & 0xff)
const never = new AbortController().signal

test('a file leaves piece by piece, whole and in order, and its progress is told', async () => {
  const { route, taken } = line()
  const progress: number[] = []
  expect(await sendFile(new Blob([bytes]), route, never, (sent) => progress.push(sent))).toBe(bytes.length)
  expect(concatBytes(taken)).toEqual(bytes)
  expect(progress).toEqual([FILE_PIECE_BYTES, FILE_PIECE_BYTES * 2, bytes.length])
})

test('a file that is stopped takes back the piece under way and sends no further one', async () => {
  const stop = new AbortController()
  const { route, taken, cancelled } = line((messageId) => {
    if (messageId === 1) return 'sent'
    stop.abort()
    return 'cancelled'
  })
  expect(await sendFile(new Blob([bytes]), route, stop.signal, () => undefined)).toBe(FILE_PIECE_BYTES)
  expect(taken).toHaveLength(2)
  expect(cancelled).toEqual([2])
})

test('a piece that the line did not take ends the file with the reason', async () => {
  const { route } = line(() => 'interrupted')
  await expect(sendFile(new Blob([bytes]), route, never, () => undefined)).rejects.toMatchObject({
    code: 'LINK_LOST',
    details: { sent: 0 },
  })
})
