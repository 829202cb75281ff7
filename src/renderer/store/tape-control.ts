import type { StoreApi } from 'zustand'
import type { ContractClient } from '../../shared/contract/contract-client'
import { asConsoleError, hasCode, toWireError } from '../../shared/errors'
import type { TapeSpan, TapeStep } from '../../shared/model/tape'
import type { AppState } from './app-store'
import { timeOf } from './list-row'
import type { RowSource } from './row-source'

/** Follows the tape of the recording that is looked at, and moves it. Made for one recording, ended when the screen looks elsewhere. */
export class TapeControl {
  readonly #client: ContractClient
  readonly #store: StoreApi<AppState>
  readonly #rows: () => RowSource
  readonly #stops: (() => void)[] = []
  #isAsking = false
  #isAskedAgain = false
  #isEnded = false

  /**
   * @param onPage - Rows and lanes are others now.
   * @param onLost - The recording is open no more.
   */
  constructor(
    client: ContractClient,
    store: StoreApi<AppState>,
    rows: () => RowSource,
    onPage: () => void,
    onLost: (error: unknown) => void,
  ) {
    this.#client = client
    this.#store = store
    this.#rows = rows
    let pageVersion: number | null = null
    this.#stops.push(
      client.subscribe(
        'tape',
        {},
        (tape) => {
          store.getState().tapeReceived(tape, performance.now())
          const isOtherPage = pageVersion !== null && pageVersion !== tape.pageVersion
          pageVersion = tape.pageVersion
          if (isOtherPage) onPage()
          this.#findRow()
        },
        onLost,
      ),
      store.subscribe((now, before) => {
        if (now.listed !== before.listed) this.#findRow()
      }),
    )
  }

  end(): void {
    this.#isEnded = true
    for (const stop of this.#stops) stop()
  }

  toggle(): void {
    this.play(this.#store.getState().tape?.isPlaying !== true)
  }

  play(isPlaying: boolean): void {
    this.#do(this.#client.call('tape.play', { isPlaying }))
  }

  setSpeed(speed: number | null): void {
    this.#do(this.#client.call('tape.speed', { speed }))
  }

  /** @param atMs - Session time of the recording. */
  seek(atMs: number): void {
    this.#do(this.#client.call('tape.seek', { atMs }))
  }

  step(by: TapeStep, direction: 1 | -1): void {
    this.#do(this.#client.call('tape.step', { by, direction }))
  }

  loop(loop: TapeSpan | null): void {
    this.#do(this.#client.call('tape.loop', { loop }))
  }

  #do(call: Promise<unknown>): void {
    call.catch((error: unknown) => {
      if (this.#isEnded || hasCode(error, 'CHANNEL_CLOSED') || hasCode(error, 'SOURCE_UNKNOWN')) return
      this.#store.getState().noticeShown(toWireError(asConsoleError(error)))
    })
  }

  /** Where the playhead lies between the rows: asked one at a time, the last word for where it is now. */
  #findRow(): void {
    if (this.#isAsking) {
      this.#isAskedAgain = true
      return
    }
    const { tape } = this.#store.getState()
    if (tape === null || this.#isEnded) return
    this.#isAsking = true
    const { positionMs } = tape
    const rows = this.#rows()
    rows
      .positionAt(positionMs)
      .then(async (nearest) => {
        if (nearest === null) return null
        const row = await rows.rowAt(nearest)
        return row !== undefined && timeOf(row) <= positionMs ? nearest + 1 : nearest
      })
      .then(
        (row) => {
          if (!this.#isEnded) this.#store.getState().playheadRowFound(row)
        },
        () => undefined, // the list is another one by now: its first item asks again
      )
      .finally(() => {
        this.#isAsking = false
        if (!this.#isAskedAgain) return
        this.#isAskedAgain = false
        this.#findRow()
      })
  }
}
