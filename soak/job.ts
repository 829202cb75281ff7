/** A test that takes too long for every commit. `npm run soak` runs all of them. */
export interface SoakJob {
  readonly name: string
  /** What it promises, in a line. */
  readonly promise: string
  /** @throws when the promise does not hold; the message names the first difference. */
  run(options: SoakOptions): SoakCounts | Promise<SoakCounts>
}

export interface SoakOptions {
  /** Printed, so that a failure can be repeated. */
  readonly seed: number
  /** 1 is the figure of the catalogue; less for a try. */
  readonly scale: number
}

/** What was counted: the figures that go into bench/results.md. */
export type SoakCounts = Readonly<Record<string, number | string>>
