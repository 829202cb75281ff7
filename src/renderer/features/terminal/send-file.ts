import { ConsoleError } from '../../../shared/errors'
import type { MessageStatus } from '../../../shared/model/views'

export const FILE_PIECE_BYTES = 64 * 1024

/** What sending a file needs of the world. */
export interface FileRoute {
  /** Resolves to the number of the message. */
  send(bytes: Uint8Array): Promise<number>
  /** Resolves when the message has left or will not. */
  settled(messageId: number): Promise<MessageStatus>
  cancel(messageId: number): void
}

/**
 * Sends a file in pieces, each when the one before has left: the queue holds one piece at most, whatever the length of the
 * file and the speed of the line.
 *
 * @param onProgress - Bytes that have left so far.
 * @returns how many bytes left; fewer than the file has when it was stopped.
 * @throws ConsoleError of the sending, or `FILE_UNREADABLE`.
 */
export async function sendFile(
  file: Blob,
  route: FileRoute,
  signal: AbortSignal,
  onProgress: (sentBytes: number) => void,
): Promise<number> {
  const isStopped = (): boolean => signal.aborted
  let sent = 0
  while (sent < file.size && !isStopped()) {
    const bytes = await readPiece(file, sent)
    if (isStopped()) break
    const messageId = await route.send(bytes)
    const stop = (): void => route.cancel(messageId)
    signal.addEventListener('abort', stop)
    if (isStopped()) stop()
    const status = await route.settled(messageId)
    signal.removeEventListener('abort', stop)
    if (status !== 'sent') {
      if (isStopped()) break
      throw new ConsoleError('LINK_LOST', `the line took ${sent} bytes, then the piece was ${status}`, {
        sent,
      })
    }
    sent += bytes.length
    onProgress(sent)
  }
  return sent
}

async function readPiece(file: Blob, at: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(at, at + FILE_PIECE_BYTES).arrayBuffer())
  } catch (cause) {
    throw new ConsoleError('FILE_UNREADABLE', 'the file cannot be read any more', { at }, { cause })
  }
}
