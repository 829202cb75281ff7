import type { Locator, Page } from '@playwright/test'
import { expect } from './fixtures'

/** One row of the message list, as its cells read. */
export interface ShownRow {
  readonly id: number
  readonly dir: 'received' | 'sent'
  readonly route: string
  readonly kind: string
  readonly sizeBytes: number
  /** Milliseconds; null where the cell shows a dash. */
  readonly roundTripMs: number | null
  readonly status: string
  readonly body: string
}

export interface Draft {
  readonly route: string
  readonly body?: string
  readonly format?: 'JSON' | 'Text' | 'Hex'
  readonly kind?: 'Request' | 'Subscribe' | 'Event'
  readonly timeoutS?: number
}

/** The screen in the words of the person in front of it: panes, fields and rows, found by role and name. */
export class Screen {
  readonly page: Page
  readonly card: Locator
  readonly lanes: Locator
  readonly lanesCanvas: Locator
  readonly list: Locator
  readonly composer: Locator
  readonly route: Locator
  readonly body: Locator
  /** The one line below the composer: what became of the message sent last. */
  readonly outcome: Locator
  readonly inspector: Locator
  readonly status: Locator
  readonly linkButton: Locator

  constructor(page: Page) {
    this.page = page
    this.card = page.getByRole('dialog', { name: 'Connect to a device' })
    this.lanes = page.getByRole('region', { name: 'Lanes' })
    this.lanesCanvas = this.lanes.getByRole('img', { name: /^Lanes: / })
    this.list = page.getByRole('grid', { name: 'Messages' })
    this.composer = page.getByRole('region', { name: 'Composer' })
    this.route = this.composer.getByRole('combobox', { name: 'Route' })
    this.body = this.composer.getByRole('textbox', { name: 'Body' })
    this.outcome = this.composer.locator('.outcome')
    this.inspector = page.getByRole('complementary', { name: 'Inspector' })
    this.status = page.getByRole('contentinfo', { name: 'Status' })
    this.linkButton = page.getByRole('banner').getByRole('button').first()
  }

  /** Fills the connection card and presses Enter in its last field. */
  async connect(
    tab:
      | 'Serial'
      | 'TCP client'
      | 'TCP server'
      | 'WebSocket'
      | 'WebSocket server'
      | 'UDP client'
      | 'UDP server',
    fields: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.openCard()
    await this.card.getByRole('tab', { name: tab, exact: true }).click()
    for (const [name, value] of Object.entries(fields)) {
      // a field with suggestions gives their list the same name
      await this.card.getByLabel(name, { exact: true }).and(this.card.locator('input')).fill(value)
    }
    await this.page.keyboard.press('Enter')
  }

  async openCard(): Promise<void> {
    await this.linkButton.waitFor()
    if (await this.card.isVisible()) return
    await this.page.keyboard.press('Control+o')
    await this.card.waitFor()
  }

  /** The card has gone and the status bar says that the link works. */
  async expectConnected(): Promise<void> {
    await expect(this.status).toContainText('Connected')
    await expect(this.card).toBeHidden()
  }

  async compose({ route, body, format, kind, timeoutS }: Draft): Promise<void> {
    await this.route.fill(route)
    await this.route.press('Tab') // closes its suggestions
    if (kind !== undefined) await this.composer.getByRole('radio', { name: kind }).click()
    if (timeoutS !== undefined) {
      await this.composer.getByRole('textbox', { name: /Timeout/ }).fill(String(timeoutS))
    }
    if (format !== undefined) {
      await this.body.fill('') // what stands there might not fit the format
      await this.composer.getByRole('radio', { name: format }).click()
    }
    if (body !== undefined) await this.body.fill(body)
  }

  /** How many characters of the body stand before the cursor. */
  async bodyCursor(): Promise<number> {
    return this.body.evaluate((text) => {
      const selection = getSelection()
      const before = document.createRange()
      before.setStart(text, 0)
      before.setEnd(selection?.focusNode ?? text, selection?.focusOffset ?? 0)
      return before.toString().length
    })
  }

  /** Writes a message and sends it by key, as from the keyboard of its author. */
  async send(draft: Draft): Promise<void> {
    await this.compose(draft)
    await this.body.press('Control+Enter')
  }

  /** Rows on screen, oldest first; rows still to be filled are left out. */
  async rows(): Promise<ShownRow[]> {
    const cells = await this.list.locator('[data-message]').evaluateAll((rows) =>
      rows.map((row) => {
        const cell = (column: string): { text: string; title: string } | undefined => {
          const element = row.querySelector(`[data-column="${column}"]`)
          return element === null
            ? undefined
            : { text: element.textContent, title: element.getAttribute('title') ?? '' }
        }
        const names = ['dir', 'route', 'kind', 'size', 'rtt', 'status', 'body']
        return { id: row.getAttribute('data-message'), cells: names.map(cell) }
      }),
    )
    return cells.flatMap(({ id, cells }) => {
      const [dir, route, kind, size, rtt, status, body] = cells
      if (dir === undefined || route === undefined || kind === undefined) return []
      if (size === undefined || rtt === undefined || status === undefined || body === undefined) return []
      return [
        {
          id: Number(id),
          dir: dir.title as ShownRow['dir'],
          route: route.text,
          kind: kind.text,
          sizeBytes: digits(size.text),
          roundTripMs: rtt.text === '–' ? null : digits(rtt.text),
          status: status.text,
          body: body.text,
        },
      ]
    })
  }

  async rowsOf(route: string): Promise<ShownRow[]> {
    return (await this.rows()).filter((row) => row.route === route)
  }

  /** Waits until the list has shown that many messages; on a busy machine the first ones may have moved out of sight. */
  async expectMessages(count: number): Promise<void> {
    await expect.poll(async () => (await this.rows()).at(-1)?.id ?? 0).toBeGreaterThanOrEqual(count)
  }

  /** Waits until the newest row of this route and direction reads as wanted, and gives it. */
  async expectRow(wanted: Partial<ShownRow>): Promise<ShownRow> {
    let found: ShownRow | undefined
    await expect
      .poll(async () => {
        const rows = await this.rows()
        found = rows.findLast((row) => matches(row, wanted))
        return found ?? rows.slice(-8)
      })
      .toMatchObject(wanted)
    return found!
  }

  /** Selects a message in the list as a person does; the view should stand still meanwhile. */
  async select(id: number): Promise<void> {
    if ((await this.row(id).count()) === 0) return this.walkTo(id)
    await this.row(id).click()
    await expect(this.row(id)).toHaveAttribute('aria-selected', 'true')
  }

  /** Goes to a row from the beginning of the list, step by step: whatever floats over the rows is in nobody's way. */
  async walkTo(id: number): Promise<void> {
    await this.list.focus()
    await this.page.keyboard.press('Home')
    await expect(this.row(1)).toHaveAttribute('aria-selected', 'true')
    const active = (): Promise<string | null> => this.list.getAttribute('aria-activedescendant')
    for (let before = await active(); before !== `message-${id}`; before = await active()) {
      await this.page.keyboard.press('ArrowDown') // notes are rows as well
      // a row that is still on its way has no name yet
      await expect.poll(async () => ![before, null].includes(await active())).toBe(true)
    }
    await expect(this.row(id)).toHaveAttribute('aria-selected', 'true')
  }

  /** Freezes the view, with the focus where Space means that. */
  async pause(): Promise<void> {
    await this.lanesCanvas.focus()
    await this.page.keyboard.press('Space')
    await expect(this.status.getByRole('button', { name: /^Paused/ })).toBeVisible()
    // rows whose content was on its way still come in below, and move the others up
    await expect(this.page.locator('.list-grid:not([data-pending])')).toBeVisible()
  }

  row(id: number): Locator {
    return this.list.locator(`#message-${id}`)
  }

  /** What the inspector says about one fact of the message, e.g. `Size`. */
  fact(name: string): Locator {
    return this.inspector.locator(`dt:text-is("${name}") + dd`)
  }

  async openTab(name: 'Summary' | 'Tree' | 'Hex' | 'JSON' | 'Text' | 'Time' | 'Diff'): Promise<Locator> {
    await this.inspector.getByRole('tab', { name }).click()
    return this.inspector.getByRole('tabpanel', { name })
  }

  /** The selected body as the JSON tab lays it out; small bodies only, the tab draws what is in sight. */
  async shownJson(): Promise<unknown> {
    const panel = await this.openTab('JSON')
    let value: unknown
    await expect(async () => {
      value = JSON.parse(await panel.locator('.code-lines').innerText())
    }).toPass()
    return value
  }

  /** Presses Tab until the control whose text begins so has the focus. */
  async tabTo(text: string): Promise<void> {
    const seen: string[] = []
    while (seen.length < 60) {
      await this.page.keyboard.press('Tab')
      const focused = await this.page.evaluate(() => document.activeElement?.textContent ?? '')
      if (focused.startsWith(text)) return
      seen.push(focused.slice(0, 20))
    }
    throw new Error(`Tab does not lead to "${text}", only to ${JSON.stringify(seen)}`)
  }

  async chooseTheme(theme: 'dark' | 'light' | 'contrast'): Promise<void> {
    if (theme === 'contrast') {
      await this.page.keyboard.press('Control+k')
      const palette = this.page.getByRole('dialog', { name: 'Commands' })
      await palette.getByRole('combobox').fill('theme contrast')
      await expect(palette.getByRole('option').first()).toContainText(/contrast/i)
      await this.page.keyboard.press('Enter')
      await expect(this.page.locator('html')).toHaveAttribute('data-theme', theme)
      return
    }
    const button = this.page.getByRole('button', { name: `Switch to the ${theme} theme` })
    if (await button.isVisible()) await button.click()
  }
}

/** A number as the screen groups its digits. */
const digits = (text: string): number => Number(text.replace(/[^\d.]/g, ''))

const matches = (row: ShownRow, wanted: Partial<ShownRow>): boolean =>
  (Object.keys(wanted) as (keyof ShownRow)[]).every((key) => row[key] === wanted[key])
