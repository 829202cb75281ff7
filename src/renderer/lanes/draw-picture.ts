import { drawAux } from './aux/draw-aux'
import { drawArea } from './draw-area'
import { drawBackdrop } from './draw-backdrop'
import type { ChunkPainter } from './draw-chunks'
import { drawGapPlates } from './draw-gaps'
import { drawEnds, drawFaults, drawWaits } from './draw-messages'
import { drawPlayhead } from './draw-playhead'
import { drawSelection } from './draw-selection'
import { drawNotes } from './notes/draw-notes'
import type { Picture } from './picture'

/** Draws everything there is, from the back to the front. */
export function drawPicture(picture: Picture, chunks: ChunkPainter, hasPlayhead: boolean): void {
  drawBackdrop(picture)
  drawWaits(picture)
  chunks.draw(picture)
  drawEnds(picture)
  drawFaults(picture)
  drawSelection(picture)
  drawArea(picture)
  drawAux(picture)
  drawGapPlates(picture)
  drawNotes(picture)
  if (hasPlayhead) drawPlayhead(picture, picture.nowMs)
}
