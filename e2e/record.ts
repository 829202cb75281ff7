import { concatBytes } from '../src/shared/bytes'
import type { MessageDetail } from '../src/shared/model/views'
import type { RunningHost } from './hosts/running-host'
import { callFromPage } from './raw-call'

/** What the core itself kept about a message, past the screen: to hold what the screen says against it. */
export async function detailOf(host: RunningHost, messageId: number): Promise<MessageDetail> {
  return (await callFromPage(host, 'message.detail', { messageId })).detail
}

/** One after the other: the desktop program hands out one new channel at a time. */
export async function detailsOf(host: RunningHost, messageIds: readonly number[]): Promise<MessageDetail[]> {
  const details: MessageDetail[] = []
  for (const id of messageIds) details.push(await detailOf(host, id))
  return details
}

/** The whole body of a message as the core kept it. */
export async function bodyOf(host: RunningHost, messageId: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for (let offset = 0, totalBytes = 1; offset < totalBytes; offset += pieces.at(-1)!.length) {
    const piece = await callFromPage(host, 'message.body', { messageId, offset, count: PIECE_BYTES })
    totalBytes = piece.totalBytes
    pieces.push(piece.bytes)
  }
  return concatBytes(pieces)
}

const PIECE_BYTES = 512 * 1024
