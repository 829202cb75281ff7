export type Layer = 'transport' | 'framing' | 'message' | 'request' | 'contract' | 'input' | 'internal'

/** 0 done, 1 internal, 2 wrong usage or input, 3 link, 4 timeout, 5 peer answered with an error, 6 differences. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6

export interface CatalogueEntry {
  readonly layer: Layer
  readonly exitCode: ExitCode
  readonly remedy: string
}

export const entry = (layer: Layer, exitCode: ExitCode, remedy: string): CatalogueEntry => ({
  layer,
  exitCode,
  remedy,
})
