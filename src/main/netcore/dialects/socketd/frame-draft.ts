import { sliceBody, type MessageBody } from '../../pipe/message-body'
import { PIECE_META } from './content/headers'
import type { FrameKind } from './wire/flags'
import { frameHead, frameHeadBytes } from './wire/frame'
import { checkMetaBytes } from './wire/meta'

/** A message as the frames it will be. */
export interface FrameDraft {
  kind: FrameKind
  readonly sid: string
  readonly names: Uint8Array
  /** Of the first frame. */
  readonly firstMeta: string
  readonly body: MessageBody
  /** Data of each frame but the last. */
  readonly pieceBytes: number
  readonly pieces: number
  /** Of the largest frame, about. */
  readonly frameBytes: number
}

/** A frame without what stands around it on some lines. */
export interface PlainFrame {
  readonly frameKind: FrameKind
  readonly parts: readonly Uint8Array[]
  readonly dataBytes: number
}

/** Metas of a piece but its number: `Data-Fragment-Idx=` and `&Data-Fragment-Total=` with the digits of the total twice. */
const pieceMeta = (index: number, total: number): string =>
  `${PIECE_META.index}=${index}&${PIECE_META.total}=${total}`

/**
 * How a message is cut: as one frame where it fits, else in pieces that each fit a packet.
 *
 * @param packetBytes - Most bytes of a frame.
 * @throws ConsoleError `HEAD_TOO_LARGE`: the metas leave no room.
 */
export function draftFrames(
  message: Pick<FrameDraft, 'kind' | 'sid' | 'names' | 'body'> & { readonly meta: string },
  chunkBytes: number,
  packetBytes: number,
): FrameDraft | undefined {
  const { kind, sid, names, body, meta } = message
  const { byteLength } = body
  const headBytes = frameHeadBytes(names, checkMetaBytes(meta))
  if (byteLength <= chunkBytes && headBytes + byteLength <= packetBytes) {
    const frameBytes = headBytes + byteLength
    return {
      kind,
      sid,
      names,
      firstMeta: meta,
      body,
      pieceBytes: Math.max(1, byteLength),
      pieces: 1,
      frameBytes,
    }
  }
  // With more pieces their numbers have more digits, which may leave less room: the most that they can have are counted.
  const before = `${meta}${meta === '' ? '' : '&'}${PIECE_META.length}=${byteLength}&`
  const widest = checkMetaBytes(before) + pieceMeta(byteLength, byteLength).length
  const room = packetBytes - frameHeadBytes(names, widest)
  const pieceBytes = Math.min(chunkBytes, room)
  if (pieceBytes < 1) return undefined
  const pieces = Math.ceil(byteLength / pieceBytes)
  const firstMeta = `${before}${pieceMeta(1, pieces)}`
  checkMetaBytes(firstMeta)
  const frameBytes = frameHeadBytes(names, widest) + pieceBytes
  return { kind, sid, names, firstMeta, body, pieceBytes, pieces, frameBytes }
}

/** Bytes of piece `index` (from 0) on the wire, about: the numbers of later pieces have more digits. */
export function pieceDataBytes({ body, pieceBytes }: FrameDraft, index: number): number {
  return Math.max(0, Math.min(pieceBytes, body.byteLength - index * pieceBytes))
}

/** @param index - From 0. @throws ConsoleError `BODY_UNREADABLE`. */
export function frameOfPiece(draft: FrameDraft, index: number): PlainFrame {
  const { kind, names, body, pieceBytes, pieces, firstMeta } = draft
  const dataBytes = pieceDataBytes(draft, index)
  const meta = index === 0 ? firstMeta : pieceMeta(index + 1, pieces)
  const head = frameHead(kind, names, meta, dataBytes)
  if (dataBytes === 0) return { frameKind: kind, parts: [head], dataBytes }
  const from = index * pieceBytes
  return { frameKind: kind, parts: [head, sliceBody(body, from, from + dataBytes)], dataBytes }
}
