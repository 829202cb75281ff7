import { BAR_HEIGHT, STRIP_IN_TOP, STRIP_OUT_TOP } from '../src/renderer/lanes/pane-geometry'
import type { Screen } from './screen'

/** A stretch of the line strip in one stream colour. */
export interface StripRun {
  /** 1 to 8, the number of the stream colour. */
  readonly hue: number
  /** CSS pixels from the left edge of the lanes' picture: first and past the last. */
  readonly fromX: number
  readonly toX: number
  /** Inside the widest piece without a gap: where to point at. */
  readonly middleX: number
}

/**
 * Reads the line strip off the picture on screen: what occupied the line, from left to right, by the colours a person
 * sees. Neighbouring stretches of one colour count as one.
 */
export async function readLineStrip(screen: Screen, dir: 'in' | 'out'): Promise<StripRun[]> {
  const hues = (await stripColours(screen, dir))[BAR_HEIGHT / 2] ?? []
  const runs: (StripRun & { widest: number })[] = []
  for (let x = 0, end = 0; x < hues.length; x = end) {
    const hue = hues[x]!
    for (end = x + 1; hues[end] === hue; ) end++
    if (hue === 0) continue
    const piece = { hue, fromX: x, toX: end, middleX: Math.floor((x + end) / 2), widest: end - x }
    const last = runs.at(-1)
    if (last?.hue !== hue) runs.push(piece)
    else
      runs[runs.length - 1] = { ...(last.widest < piece.widest ? piece : last), fromX: last.fromX, toX: end }
  }
  return runs
}

/**
 * How often the line passed from one stream to another, as far as a person can see it: changes of colour, and columns
 * which hold several colours because the turns were shorter than a pixel. Messages one after the other make one turn
 * fewer than there are messages.
 */
export async function countTurns(screen: Screen, dir: 'in' | 'out'): Promise<number> {
  const rows = await stripColours(screen, dir)
  const columns = (rows[0] ?? [])
    .map((_, x) => new Set(rows.map((row) => row[x]!).filter((hue) => hue !== 0)))
    .filter((hues) => hues.size > 0)
  return columns.filter(
    (hues, x) => hues.size > 1 || (x > 0 && [...hues].some((hue) => !columns[x - 1]!.has(hue))),
  ).length
}

/** The stream colour of each pixel of the strip, row by row; 0 where none is near. */
async function stripColours(screen: Screen, dir: 'in' | 'out'): Promise<number[][]> {
  const box = await screen.lanesCanvas.boundingBox()
  if (box === null) throw new Error('the lanes are not on screen')
  const y = box.y + (dir === 'in' ? STRIP_IN_TOP : STRIP_OUT_TOP)
  const png = await screen.page.screenshot({
    clip: { x: box.x, y, width: Math.floor(box.width), height: BAR_HEIGHT },
  })
  return screen.page.evaluate(huesOfPicture, png.toString('base64'))
}

/** The card beside the pointer while it is over the strip at `x`: `#12 log.dump`, and which chunk of how many. */
export async function hoverStrip(screen: Screen, dir: 'in' | 'out', x: number): Promise<string> {
  const box = await screen.lanesCanvas.boundingBox()
  if (box === null) throw new Error('the lanes are not on screen')
  const y = (dir === 'in' ? STRIP_IN_TOP : STRIP_OUT_TOP) + BAR_HEIGHT / 2
  const title = screen.lanes.locator('.lanes-card .lanes-name')
  await screen.page.mouse.move(box.x - 20, box.y + y) // away first: a card of another place may be there
  await title.waitFor({ state: 'hidden' })
  await screen.page.mouse.move(box.x + x, box.y + y)
  await title.waitFor()
  return (await title.textContent()) ?? ''
}

/** Runs in the page. */
async function huesOfPicture(base64: string): Promise<number[][]> {
  const pixelsOf = (width: number, height: number, paint: (c: OffscreenCanvasRenderingContext2D) => void) => {
    const context = new OffscreenCanvas(width, height).getContext('2d')
    if (context === null) throw new Error('no canvas')
    paint(context)
    return context.getImageData(0, 0, width, height).data
  }
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const { width, height } = picture
  const seen = pixelsOf(width, height, (context) => {
    context.drawImage(picture, 0, 0)
  })
  const hues = [1, 2, 3, 4, 5, 6, 7, 8]
  const style = getComputedStyle(document.documentElement)
  const streams = pixelsOf(hues.length, 1, (context) => {
    for (const hue of hues) {
      context.fillStyle = style.getPropertyValue(`--stream-${hue}`).trim()
      context.fillRect(hue - 1, 0, 1, 1)
    }
  })
  const distance = (pixel: number, hue: number): number =>
    [0, 1, 2].reduce(
      (sum, part) => sum + Math.abs(seen[pixel * 4 + part]! - streams[(hue - 1) * 4 + part]!),
      0,
    )
  const hueOf = (pixel: number): number => {
    const nearest = hues.reduce((best, hue) => (distance(pixel, hue) < distance(pixel, best) ? hue : best))
    return distance(pixel, nearest) < 48 ? nearest : 0
  }
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => hueOf(y * width + x)),
  )
}
