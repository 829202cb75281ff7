import { concatBytes, utf8 } from '../../../../../shared/bytes'
import { ContentWriter } from '../wire/content-writer'
import { type AuthFrame, DEFAULT_SETTINGS, HELLO_FLAG, type HelloFrame } from '../wire/frames'

/**
 * The bytes of a frame that both sides sign: its content as it travelled, or as it would. In a HELLO the flag `heard` is
 * taken as 0: it is the only thing that differs between the HELLOs of one epoch, and which of them came is chance.
 */
export function signedContent(frame: HelloFrame | AuthFrame): Uint8Array {
  const content = frame.content?.slice() ?? encoded(frame)
  if (frame.kind === 'hello') content[0]! &= ~HELLO_FLAG.heard
  return content
}

function encoded(frame: HelloFrame | AuthFrame): Uint8Array {
  const writer = new ContentWriter()
  writer.begin(0)
  // These frames are the same in both framings.
  writer.write(frame, 'len')
  return concatBytes([writer.scratch.slice(0, writer.end), writer.tail])
}

/** Before its HELLO came, nobody knows what a peer can take: HELLO, AUTH and BYE have to be within what everybody can. */
export const HANDSHAKE_BYTES = DEFAULT_SETTINGS.largestFrameBytes

/** The frame with as much of its identity as every peer can receive. */
export function withinHandshake(frame: HelloFrame): HelloFrame {
  const { settings } = frame
  if (settings === null) return frame
  const excess = encoded(frame).length - HANDSHAKE_BYTES
  if (excess <= 0) return frame
  const identity = clippedUtf8(settings.identity, utf8(settings.identity).length - excess)
  return { ...frame, settings: { ...settings, identity } }
}

/** The longest beginning of a text that takes at most so many bytes as UTF-8. */
export function clippedUtf8(text: string, maxBytes: number): string {
  let bytes = 0
  let clipped = ''
  for (const character of text) {
    bytes += utf8(character).length
    if (bytes > maxBytes) break
    clipped += character
  }
  return clipped
}
