import type { ContractClient } from '../../shared/contract/contract-client'
import type { ConsoleError } from '../../shared/errors'
import type { LaneBatch } from '../../shared/model/views'
import { readPalette } from './colours'
import { BACKLOG_MS, type FromWorker, type LinkGap, type PackedBatch, type ToWorker } from './worker-protocol'
import { pixelRatio, watchPageSize } from '../ui/page-zoom'

export interface LanesEvents {
  readonly onMessage: (message: FromWorker) => void
  /** Something new was captured; gaps are those that came or changed. */
  readonly onNews: (gaps: readonly LinkGap[], isReset: boolean) => void
  readonly onEnded: (error: ConsoleError) => void
}

/**
 * One pane's worker, canvas and subscription. Made when the pane appears, disposed when it goes: a canvas can be handed
 * to a worker once only, therefore the canvas is made here too.
 */
export class LanesSession {
  readonly canvas: HTMLCanvasElement
  readonly #worker: Worker
  readonly #stage: HTMLElement
  readonly #client: ContractClient
  readonly #events: LanesEvents
  #stopFeed: (() => void) | null = null
  readonly #stops: (() => void)[] = []
  #isDisposed = false

  /** @param stage - The element the canvas fills. Its style decides the colours. */
  constructor(stage: HTMLElement, client: ContractClient, events: LanesEvents) {
    this.#stage = stage
    this.#client = client
    this.#events = events
    this.canvas = document.createElement('canvas')
    this.canvas.tabIndex = 0
    this.canvas.setAttribute('role', 'img')
    this.canvas.dataset['paneFocus'] = ''
    stage.prepend(this.canvas)
    this.#worker = new Worker(new URL('./lanes.worker.ts', import.meta.url), { type: 'module' })
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => events.onMessage(data)
    const canvas = this.canvas.transferControlToOffscreen()
    this.send({ type: 'start', canvas }, [canvas])
    this.#watchSize()
    this.#watchColours()
    this.#watchMotion()
    client.call('app.info', {}).then(
      ({ startedAtIso }) => {
        const originEpochMs = Date.parse(startedAtIso)
        if (Number.isFinite(originEpochMs)) this.send({ type: 'origin', originEpochMs })
      },
      // without the time of day the axis shows the time since the start; the lost channel is told by the subscription
      () => undefined,
    )
  }

  /**
   * Begins with what was captured lately, each message held against these filters; ends what was watched before.
   *
   * @param marks - Texts of the filter language, without errors.
   */
  watch(marks: readonly string[]): void {
    this.#stopFeed?.()
    this.#stopFeed = this.#client.subscribe(
      'lanes',
      marks.length === 0 ? { backlogMs: BACKLOG_MS } : { backlogMs: BACKLOG_MS, marks: [...marks] },
      (batch) => {
        this.#forward(batch)
        if (batch.isReset || batch.startMs.length > 0 || batch.gaps.length > 0) {
          this.#events.onNews(batch.gaps, batch.isReset)
        }
      },
      (error) => this.#events.onEnded(error),
    )
  }

  send(message: ToWorker, transfer: Transferable[] = []): void {
    if (!this.#isDisposed) this.#worker.postMessage(message, transfer)
  }

  /** What a screen reader says of the canvas. */
  describe(label: string): void {
    this.canvas.setAttribute('aria-label', label)
  }

  /** Reads the colours again, after a change of theme. */
  recolour(): void {
    const rowHeight = Number.parseFloat(getComputedStyle(this.#stage).getPropertyValue('--lanes-row')) || 22
    this.send({ type: 'palette', palette: readPalette(this.#stage), rowHeight })
  }

  #watchMotion(): void {
    const query = matchMedia('(prefers-reduced-motion: reduce)')
    const root = document.documentElement
    const tell = (): void =>
      this.send({ type: 'motion', isReduced: query.matches || root.dataset['motion'] === 'reduced' })
    query.addEventListener('change', tell)
    // the setting of the person, which goes before that of the system
    const setting = new MutationObserver(tell)
    setting.observe(root, { attributeFilter: ['data-motion'] })
    tell()
    this.#stops.push(() => {
      query.removeEventListener('change', tell)
      setting.disconnect()
    })
  }

  dispose(): void {
    this.#isDisposed = true
    this.#stopFeed?.()
    for (const stop of this.#stops.splice(0)) stop()
    this.#worker.terminate()
    this.canvas.remove()
  }

  #forward(batch: LaneBatch): void {
    const packed = packBatch(batch)
    const columns = [
      packed.messageIds,
      packed.startMs,
      packed.endMs,
      packed.bodyOffsets,
      packed.payloadBytes,
      packed.wireBytes,
      packed.counts,
      packed.linkIds,
      packed.flags,
    ]
    this.send(
      { type: 'batch', batch: packed },
      columns.map((column) => column.buffer),
    )
  }

  #watchSize(): void {
    let ratioQuery: MediaQueryList | null = null
    const tell = (): void => {
      const { clientWidth, clientHeight } = this.#stage
      this.send({ type: 'size', width: clientWidth, height: clientHeight, pixelRatio: pixelRatio() })
    }
    const ratioChanged = (): void => {
      ratioQuery?.removeEventListener('change', ratioChanged)
      ratioQuery = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
      ratioQuery.addEventListener('change', ratioChanged)
      tell()
    }
    const sizes = new ResizeObserver(tell)
    sizes.observe(this.#stage)
    ratioChanged()
    this.#stops.push(watchPageSize(tell))
    this.#stops.push(() => {
      sizes.disconnect()
      ratioQuery?.removeEventListener('change', ratioChanged)
    })
  }

  /** The theme is an attribute of the document; the worker sees no styles, so every change is told to it. */
  #watchColours(): void {
    const recolour = (): void => this.recolour()
    const attributes = new MutationObserver(recolour)
    const attributeFilter = ['data-theme', 'data-density', 'class', 'style']
    attributes.observe(document.documentElement, { attributes: true, attributeFilter })
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', recolour)
    this.recolour()
    this.#stops.push(() => {
      attributes.disconnect()
      scheme.removeEventListener('change', recolour)
    })
  }
}

/**
 * A batch whose columns own their buffers, so that these can be transferred: a decoder may hand out several views of
 * one buffer, and moving that would empty them all.
 */
function packBatch(batch: LaneBatch): PackedBatch {
  return {
    nowMs: batch.nowMs,
    messageIds: batch.messageIds.slice(),
    startMs: batch.startMs.slice(),
    endMs: batch.endMs.slice(),
    bodyOffsets: batch.bodyOffsets.slice(),
    payloadBytes: batch.payloadBytes.slice(),
    wireBytes: batch.wireBytes.slice(),
    counts: batch.counts.slice(),
    linkIds: batch.linkIds.slice(),
    flags: batch.flags.slice(),
    messages: batch.messages,
    faults: batch.faults,
    gaps: batch.gaps,
    lines: batch.lines,
    taskRuns: batch.taskRuns,
    cacheEnds: batch.cacheEnds,
    queuedBytes: batch.queuedBytes,
    queues: batch.queues,
    isReset: batch.isReset,
  }
}
