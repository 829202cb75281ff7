import { concatBytes } from '../../../../../shared/bytes'
import { ContentWriter } from '../wire/content-writer'
import { type AuthFrame, HELLO_FLAG, type HelloFrame } from '../wire/frames'

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
