import type { RandomSource } from '../../codec'
import type { HelloFrame } from '../wire/frames'

/**
 * Who talks to whom and since when: the numbers in a HELLO, and what they decide.
 *
 * A **session number** names everything one side knows of this peer; whoever forgets draws a new one. So two sides whose
 * numbers still match remember each other, and nothing else has to be compared. An **epoch** names one stretch of an
 * unbroken line: frame numbers begin again with each. Every connection proposes a higher epoch, because nobody knows which
 * HELLOs of the one before were heard; the higher one wins. Therefore an epoch in which a side is up was never agreed on
 * before, and a HELLO that echoes our number in our epoch is newer than everything that could confuse us.
 */
export type Verdict =
  /** We were up with this peer, and it does not know us any more: forget, then `hear` again. */
  | 'forgotten'
  /** The peer does not know us yet, or is in a lower epoch: it needs our HELLO. */
  | 'heard'
  /** Both know each other in this epoch: now first. */
  | 'agreed'
  /** As before. Answered when the peer asks, nothing is reset. */
  | 'duplicate'

/** Below half of the epoch's range, so that "higher" keeps its meaning however long the peer hears nothing. */
const MAX_EPOCHS_UNHEARD = 100
/** On a slow line our HELLO may come back after we have drawn a new number. */
const REMEMBERED_OWN_NUMBERS = 8

export class Agreement {
  readonly #random: RandomSource
  /** This side can go on where it was. */
  readonly #canResume: boolean
  readonly #ownNumbers: number[] = []
  #mySession = 0
  #peerSession = 0
  #epoch = 0
  #hasProposed = false
  #hasEchoed = false
  #epochsUnheard = 0
  #isAgreed = false
  #carriesState = false
  #peerCarriesState = false
  #wasUp = false

  constructor(random: RandomSource, canResume: boolean) {
    this.#random = random
    this.#canResume = canResume
    this.forget()
  }

  get mySession(): number {
    return this.#mySession
  }

  /** 0: unknown. */
  get peerSession(): number {
    return this.#peerSession
  }

  get epoch(): number {
    return this.#epoch
  }

  /** A HELLO of this epoch echoed our number. */
  get isAgreed(): boolean {
    return this.#isAgreed
  }

  /** A HELLO of this epoch was handed over that echoes the peer's number: when it arrives, the peer needs no other. */
  get hasEchoed(): boolean {
    return this.#hasEchoed
  }

  /** We say that we kept what these two numbers name. The same in every HELLO of an epoch: both sides decide by it. */
  get carriesState(): boolean {
    return this.#carriesState
  }

  /** We have been up with this peer, and remember. */
  get wasUp(): boolean {
    return this.#wasUp
  }

  /** With `isAgreed` and `wasUp`: both sides go on where they were. */
  get isKeptByBoth(): boolean {
    return this.#carriesState && this.#peerCarriesState
  }

  /**
   * A new epoch begins: the line was interrupted, or a login shall be tried again.
   *
   * @returns False when so many epochs went unheard that everything has to be forgotten: call `forget`, then again.
   */
  begin(): boolean {
    if (this.#epochsUnheard >= MAX_EPOCHS_UNHEARD) return false
    if (this.#hasProposed || this.#isAgreed) {
      this.#epochsUnheard++
      this.#enter((this.#epoch + 1) & 255)
      this.#hasProposed = false
    }
    return true
  }

  /** Nothing is known of anybody; a new number names that. */
  forget(): void {
    this.#mySession = this.#draw()
    this.#ownNumbers.push(this.#mySession)
    if (this.#ownNumbers.length > REMEMBERED_OWN_NUMBERS) this.#ownNumbers.shift()
    this.#peerSession = 0
    this.#epoch = 0
    this.#hasProposed = false
    this.#epochsUnheard = 0
    this.#isAgreed = false
    this.#hasEchoed = false
    this.#carriesState = false
    this.#peerCarriesState = false
    this.#wasUp = false
  }

  /** A HELLO with this number is our own, come back. */
  isOwn(session: number): boolean {
    return this.#ownNumbers.includes(session)
  }

  /** @param hello - Not our own, and with a number that is not 0. */
  hear(hello: HelloFrame): Verdict {
    const echoesUs = hello.yourSession === this.#mySession
    // Whoever we were up with has echoed our number before: if it does not any more, it forgot us.
    if (this.#wasUp && (hello.mySession !== this.#peerSession || !echoesUs)) return 'forgotten'
    const isNewPeer = hello.mySession !== this.#peerSession
    this.#peerSession = hello.mySession
    if (isHigher(hello.epoch, this.#epoch)) this.#enter(hello.epoch)
    if (isNewPeer) {
      this.#isAgreed = false
      this.#hasEchoed = false
      this.#carriesState = false
    }
    if (!echoesUs || hello.epoch !== this.#epoch) return 'heard'
    if (this.#isAgreed) return 'duplicate'
    this.#isAgreed = true
    this.#peerCarriesState = hello.hasKeptState
    this.#epochsUnheard = 0
    return 'agreed'
  }

  /** A HELLO with these numbers was handed over: it may be heard, so the next connection needs a higher epoch. */
  noteProposed(): void {
    this.#hasProposed = true
    this.#hasEchoed = this.#peerSession !== 0
  }

  /** What was known of this peer is gone, but its number stays good (it does not resume, or we do not). */
  dropState(): void {
    this.#wasUp = false
  }

  noteUp(): void {
    this.#wasUp = true
  }

  #enter(epoch: number): void {
    this.#epoch = epoch
    this.#isAgreed = false
    this.#hasEchoed = false
    this.#carriesState = this.#canResume && this.#peerSession !== 0
    this.#peerCarriesState = false
  }

  #draw(): number {
    for (;;) {
      const drawn = 1 + this.#random(2 ** 32 - 1)
      if (!this.isOwn(drawn)) return drawn
    }
  }
}

/** By the shorter way round; exactly half way round, the larger number, so that both sides see the same. */
function isHigher(left: number, right: number): boolean {
  const ahead = (left - right) & 255
  return ahead === 128 ? left > right : ahead > 0 && ahead < 128
}
