import { type BodyDisk, systemDisk } from '../main/link/bodies/body-disk'

/** The real disk, with one call that fails as a disk does; and a count of the calls. */
export class FailingDisk implements BodyDisk {
  calls = 0
  /** Bytes given to each `append`. */
  readonly appends: number[] = []
  /** Number of the call that fails, from 1; 0 for none. */
  failsAt: number
  freeSpace = Number.POSITIVE_INFINITY
  readonly #code: string

  constructor(failsAt = 0, code = 'ENOSPC') {
    this.failsAt = failsAt
    this.#code = code
  }

  /** True once the call that was to fail has failed. */
  get hasFailed(): boolean {
    return this.failsAt > 0 && this.calls >= this.failsAt
  }

  create(path: string, mode: number): number {
    this.#call()
    return systemDisk.create(path, mode)
  }

  append(file: number, bytes: Uint8Array): void {
    this.appends.push(bytes.length)
    try {
      this.#call()
    } catch (error) {
      systemDisk.append(file, bytes.subarray(0, bytes.length >> 1)) // a full disk takes what fits
      throw error
    }
    systemDisk.append(file, bytes)
  }

  read(file: number, target: Uint8Array, offset: number): number {
    this.#call()
    return systemDisk.read(file, target, offset)
  }

  close(file: number): void {
    systemDisk.close(file)
    this.#call()
  }

  rename(from: string, to: string): void {
    this.#call()
    systemDisk.rename(from, to)
  }

  remove(path: string): void {
    this.#call()
    systemDisk.remove(path)
  }

  freeBytes(folder: string): number {
    return Math.min(this.freeSpace, systemDisk.freeBytes(folder))
  }

  #call(): void {
    this.calls += 1
    if (this.calls === this.failsAt) {
      throw Object.assign(new Error(`${this.#code}: on purpose`), { code: this.#code })
    }
  }
}
