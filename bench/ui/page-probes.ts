import type { Page } from '@playwright/test'

/** Measuring inside the page. Each function is sent to the page as text: it may use nothing from outside itself. */

export interface FrameTimes {
  /** Times between animation frames, in ms. */
  readonly frameMs: readonly number[]
  /** Tasks of more than 50 ms. */
  readonly longTaskMs: readonly number[]
}

/** Watches animation frames and long tasks for so long. */
export const watchFrames = (page: Page, durationMs: number): Promise<FrameTimes> =>
  page.evaluate(
    (forMs) =>
      new Promise<FrameTimes>((resolve) => {
        const frameMs: number[] = []
        const longTaskMs: number[] = []
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) longTaskMs.push(entry.duration)
        })
        observer.observe({ entryTypes: ['longtask'] })
        const startMs = performance.now()
        let lastMs = startMs
        const frame = (nowMs: number): void => {
          if (nowMs > lastMs) frameMs.push(nowMs - lastMs)
          lastMs = nowMs
          if (nowMs - startMs < forMs) requestAnimationFrame(frame)
          else {
            observer.disconnect()
            resolve({ frameMs: frameMs.slice(1), longTaskMs })
          }
        }
        requestAnimationFrame(frame)
      }),
    durationMs,
  )

/** Notes when each marked text first stands in the list, by the wall clock. Read with `seenTexts`. */
export const watchTexts = (page: Page, prefix: string): Promise<void> =>
  page.evaluate((mark) => {
    const seen: Record<string, number> = {}
    Object.assign(window, { benchSeen: seen })
    const pattern = new RegExp(`${mark}\\d+`, 'g')
    const look = (): void => {
      const text = document.querySelector('.list-grid')?.textContent ?? ''
      for (const [found] of text.matchAll(pattern)) seen[found] ??= performance.timeOrigin + performance.now()
    }
    new MutationObserver(look).observe(document.querySelector('.list-grid') ?? document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    })
  }, prefix)

export const seenTexts = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(() => (window as unknown as { benchSeen: Record<string, number> }).benchSeen)

/** From each key press to the frame after the list's active row changed. */
export async function keyTimes(page: Page, presses: number): Promise<readonly number[]> {
  await page.evaluate(() => {
    const times: number[] = []
    Object.assign(window, { benchKeys: times })
    const grid = document.querySelector('.list-grid')!
    let pressedMs: number | null = null
    grid.addEventListener('keydown', (event) => (pressedMs = event.timeStamp), true)
    new MutationObserver(() => {
      if (pressedMs === null) return
      const sinceMs = pressedMs
      pressedMs = null
      requestAnimationFrame(() => times.push(performance.now() - sinceMs))
    }).observe(grid, { attributes: true, attributeFilter: ['aria-activedescendant'] })
  })
  await page.locator('.list-grid').focus()
  for (let at = 0; at < presses; at++) {
    await page.keyboard.press('ArrowUp')
    await page.waitForFunction(
      (count) => (window as unknown as { benchKeys: number[] }).benchKeys.length > count,
      at,
    )
  }
  return page.evaluate(() => (window as unknown as { benchKeys: number[] }).benchKeys)
}

/** Drags the scrollbar of the list from its beginning to its end, a step per frame. */
export const dragThrough = (page: Page, steps: number): Promise<readonly number[]> =>
  page.evaluate(
    (count) =>
      new Promise<number[]>((resolve) => {
        const scroller = document.querySelector<HTMLElement>('.list-grid .vp')!
        const frameMs: number[] = []
        let lastMs = performance.now()
        let at = 0
        const frame = (nowMs: number): void => {
          if (at > 1) frameMs.push(nowMs - lastMs)
          lastMs = nowMs
          if (at > count) {
            resolve(frameMs)
            return
          }
          scroller.scrollTop = ((scroller.scrollHeight - scroller.clientHeight) * at) / count
          at += 1
          requestAnimationFrame(frame)
        }
        requestAnimationFrame(frame)
      }),
    steps,
  )

/** Jumps to shares of the list and gives the times until a row stands there with its content. */
export const jumpTimes = (page: Page, shares: readonly number[]): Promise<readonly number[]> =>
  page.evaluate(async (places) => {
    const scroller = document.querySelector<HTMLElement>('.list-grid .vp')!
    const times: number[] = []
    const isDrawn = (): boolean => {
      const rows = [...document.querySelectorAll('.list-grid [data-message]')]
      return (
        rows.length > 0 && rows.every((row) => /telemetry|log|cfg|sensor|fw|status/.test(row.textContent))
      )
    }
    const rowsText = (): string => document.querySelector('.list-grid .vp')!.textContent
    for (const place of places) {
      const before = rowsText()
      const startMs = performance.now()
      scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) * place
      while (performance.now() - startMs < 5000) {
        await new Promise((resolve) => requestAnimationFrame(resolve))
        if (rowsText() !== before && isDrawn()) break
      }
      times.push(performance.now() - startMs)
    }
    return times
  }, shares)

/** Bytes of the page's heap after a collection. */
export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}

/** From choosing a message until its first lines stand in the Text tab, and the rows that the page holds for them. */
export async function openTime(
  page: Page,
  messageId: number,
): Promise<{ firstMs: number; elements: number }> {
  await page.locator(`#message-${messageId}`).waitFor()
  const startMs = performance.now()
  await page.locator(`#message-${messageId}`).click()
  await page.locator('aside.insp').getByText(`#${messageId}`).first().waitFor()
  await page.locator('aside.insp').getByRole('tab', { name: 'Text' }).click()
  await page.locator('aside.insp').getByRole('tabpanel').getByText('xxxx').first().waitFor()
  const firstMs = performance.now() - startMs
  const elements = await page.evaluate(() => document.querySelectorAll('aside.insp *').length)
  return { firstMs, elements }
}

export const drawnRows = (page: Page): Promise<number> =>
  page.evaluate(() => document.querySelectorAll('.list-grid [role=row]').length)
