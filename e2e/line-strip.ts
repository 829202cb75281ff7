import type { Page } from '@playwright/test'
import { BAR_HEIGHT, STRIP_IN_TOP, STRIP_OUT_TOP } from '../src/renderer/lanes/pane-geometry'
import type { Screen } from './screen'

/** A stretch of the line strip in one stream colour. */
export interface StripRun {
  /** 1 to 8, the number of the stream colour. */
  readonly hue: number
  /** CSS pixels from the left edge of the lanes' picture: first and past the last. */
  readonly fromX: number
  readonly toX: number
}

/**
 * Reads the line strip off the picture on screen: what occupied the line, from left to right, by the colours a person
 * sees. Neighbouring stretches of one colour count as one.
 */
export async function readLineStrip(screen: Screen, dir: 'in' | 'out'): Promise<StripRun[]> {
  const box = await screen.lanesCanvas.boundingBox()
  if (box === null) throw new Error('the lanes are not on screen')
  const png = await screen.page.screenshot({
    clip: {
      x: box.x,
      y: box.y + (dir === 'in' ? STRIP_IN_TOP : STRIP_OUT_TOP) + BAR_HEIGHT / 2,
      width: Math.floor(box.width),
      height: 1,
    },
  })
  const hues = await screen.page.evaluate(huesOfPicture, png.toString('base64'))
  const runs: StripRun[] = []
  hues.forEach((hue, x) => {
    const last = runs.at(-1)
    if (hue === 0) return
    if (last?.hue === hue) runs[runs.length - 1] = { ...last, toX: x + 1 }
    else runs.push({ hue, fromX: x, toX: x + 1 })
  })
  return runs
}

/** The card beside the pointer while it is over the strip at `x`: `#12 log.dump`, and which chunk of how many. */
export async function hoverStrip(screen: Screen, dir: 'in' | 'out', x: number): Promise<string> {
  const box = await screen.lanesCanvas.boundingBox()
  if (box === null) throw new Error('the lanes are not on screen')
  const y = (dir === 'in' ? STRIP_IN_TOP : STRIP_OUT_TOP) + BAR_HEIGHT / 2
  await screen.page.mouse.move(box.x + x, box.y + y)
  const title = screen.lanes.locator('.lanes-card .lanes-name')
  await title.waitFor()
  return (await title.textContent()) ?? ''
}

/** Runs in the page: the nearest stream colour of each pixel, 0 where none is near. */
async function huesOfPicture(base64: string): Promise<number[]> {
  const pixelsOf = (width: number, paint: (context: OffscreenCanvasRenderingContext2D) => void) => {
    const context = new OffscreenCanvas(width, 1).getContext('2d')
    if (context === null) throw new Error('no canvas')
    paint(context)
    return context.getImageData(0, 0, width, 1).data
  }
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const seen = pixelsOf(picture.width, (context) => {
    context.drawImage(picture, 0, 0)
  })
  const style = getComputedStyle(document.documentElement)
  const streams = pixelsOf(8, (context) => {
    for (let hue = 1; hue <= 8; hue++) {
      context.fillStyle = style.getPropertyValue(`--stream-${hue}`).trim()
      context.fillRect(hue - 1, 0, 1, 1)
    }
  })
  const distance = (x: number, hue: number): number =>
    [0, 1, 2].reduce((sum, part) => sum + Math.abs(seen[x * 4 + part]! - streams[(hue - 1) * 4 + part]!), 0)
  return Array.from({ length: picture.width }, (_, x) => {
    const nearest = [1, 2, 3, 4, 5, 6, 7, 8].reduce((best, hue) =>
      distance(x, hue) < distance(x, best) ? hue : best,
    )
    return distance(x, nearest) < 48 ? nearest : 0
  })
}

/** Changes the theme to the one asked for, by the button a person would use. */
export async function chooseTheme(page: Page, theme: 'dark' | 'light'): Promise<void> {
  const button = page.getByRole('button', { name: `Switch to the ${theme} theme` })
  if (await button.isVisible()) await button.click()
}
