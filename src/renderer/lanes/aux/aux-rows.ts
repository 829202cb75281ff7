import type { AuxLog } from './aux-log'
import { AUX_KINDS, type AuxHead, type AuxKind, type AuxRow, MODEM_LINES, type ModemLine } from './aux-types'

const AUX_ROW_HEIGHT = 22
const LINE_ROW_HEIGHT = 18

interface AuxNeeds {
  readonly kinds: ReadonlySet<AuxKind>
  readonly log: AuxLog
  readonly notes: number
  /** CSS pixels that they may take together. */
  readonly roomPx: number
}

/**
 * The lanes below those of the messages: the kinds that were chosen, as far as there is something to show and room for
 * it. That of the links and the queue stand always, so that the picture does not jump with the first event.
 */
export class AuxRows {
  #rows: readonly AuxRow[] = []
  #leftOut = 0
  #height = 0
  #made = ''
  #version = 0

  get rows(): readonly AuxRow[] {
    return this.#rows
  }

  /** Rows for which there was no room. */
  get leftOut(): number {
    return this.#leftOut
  }

  get height(): number {
    return this.#height
  }

  /** Changes with the rows. */
  get version(): number {
    return this.#version
  }

  /** Makes the rows anew when they have to be others. */
  update({ kinds, log, notes, roomPx }: AuxNeeds): void {
    const hasFaults = log.faults.items.length > 0
    const hasRuns = log.taskRuns.items.length > 0
    const hasEnds = log.cacheEnds.items.length > 0
    const made = `${[...kinds].join()} ${hasFaults} ${hasRuns} ${hasEnds} ${notes > 0} ${log.shape} ${roomPx}`
    if (made === this.#made) return
    this.#made = made
    this.#version++
    const rows: AuxRow[] = []
    let top = 0
    let leftOut = 0
    const add = (kind: AuxKind, linkId: number, line: ModemLine | null, height: number): void => {
      if (leftOut > 0 || top + height > roomPx) {
        leftOut++
        return
      }
      rows.push({ key: `${kind}-${linkId}-${line ?? ''}`, kind, linkId, line, top, height })
      top += height
    }
    for (const kind of AUX_KINDS) {
      if (!kinds.has(kind)) continue
      if (kind === 'lines') {
        for (const linkId of log.linkIdsWithLines) {
          for (const line of MODEM_LINES) {
            if (log.isKnown(linkId, line)) add(kind, linkId, line, LINE_ROW_HEIGHT)
          }
        }
      } else if (kind === 'queue') {
        if (log.queues.size === 0) add(kind, 0, null, AUX_ROW_HEIGHT)
        for (const linkId of log.queues.keys()) add(kind, linkId, null, AUX_ROW_HEIGHT)
      } else if (
        kind === 'links' ||
        { faults: hasFaults, notes: notes > 0, tasks: hasRuns, cache: hasEnds }[kind]
      ) {
        add(kind, 0, null, AUX_ROW_HEIGHT)
      }
    }
    this.#rows = rows
    this.#leftOut = leftOut
    this.#height = top
  }

  /** @param y - CSS pixels from the top of the first row. */
  at(y: number): AuxRow | null {
    return this.#rows.find((row) => y >= row.top && y < row.top + row.height) ?? null
  }

  byKey(key: string): AuxRow | null {
    return this.#rows.find((row) => row.key === key) ?? null
  }

  heads(log: AuxLog, notes: number): AuxHead[] {
    return this.#rows.map((row) => ({
      ...row,
      isOneOfSeveral: this.#rows.some(
        (other) => other.kind === row.kind && other.line === row.line && other.linkId !== row.linkId,
      ),
      value: valueOf(row, log, notes),
    }))
  }
}

function valueOf({ kind, linkId, line }: AuxRow, log: AuxLog, notes: number): number {
  if (kind === 'faults') return log.faults.items.length
  if (kind === 'notes') return notes
  if (kind === 'tasks') return log.taskRuns.items.length
  if (kind === 'cache') return log.cacheEnds.items.length
  if (kind === 'queue') return log.queues.get(linkId)?.last?.queuedBytes ?? 0
  return line !== null && log.linesOf(linkId)?.last?.[line] === true ? 1 : 0
}
