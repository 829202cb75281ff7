import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asConsoleError } from '../shared/errors'
import { FileStore } from '../main/link/bodies/file-store'
import { type BodyWriter, bodyBlocks, type ReceivedBody } from '../main/netcore/pipe/message-body'
import { seededRandom } from '../main/transport/seeded-random'
import { FailingDisk } from './failing-disk'

export interface BodyStormCounts {
  readonly operations: number
  readonly whole: number
  readonly stored: number
  readonly abandoned: number
  readonly notStored: number
}

interface Coming {
  readonly writer: BodyWriter
  readonly hash: ReturnType<typeof createHash>
  bytes: number
}

interface Kept {
  readonly body: ReceivedBody
  readonly digest: string
}

const KIB = 1024
const OPEN_AT_ONCE = 12
const KEPT_AT_ONCE = 6

/**
 * Bodies come, end, fail and are let go of in any order, on a disk that fails now and then. After every step: what is whole
 * has the bytes that came, the store's figures are those of the model, and no file is left that nobody needs.
 *
 * @throws Error naming the first difference.
 */
export function bodyStorm({
  seed,
  operations,
}: {
  readonly seed: number
  readonly operations: number
}): BodyStormCounts {
  const parentDir = mkdtempSync(join(tmpdir(), 'body-storm-'))
  const random = seededRandom(seed)
  const disk = new FailingDisk()
  const store = new FileStore({ parentDir, thresholdBytes: 512 * KIB, memoryBytes: 2048 * KIB, disk })
  const source = new Uint8Array(1024 * KIB).map((_, at) => (at * 31 + (at >> 10)) & 255)
  const coming: Coming[] = []
  const kept: Kept[] = []
  const counts = { operations, whole: 0, stored: 0, abandoned: 0, notStored: 0 }

  const giveUp = (at: number): void => {
    const [gone] = coming.splice(at, 1)
    gone!.writer.abandon()
    counts.abandoned += 1
  }
  /** Runs a step that the disk may spoil; then the message fails alone. */
  const attempt = (at: number, step: () => void): void => {
    try {
      step()
    } catch (error) {
      const { code } = asConsoleError(error)
      if (code !== 'BODY_NOT_STORED') throw error
      counts.notStored += 1
      giveUp(at)
    }
  }
  const letGo = (): void => {
    const [{ body, digest }] = kept.splice(random(kept.length), 1) as [Kept]
    const hash = createHash('sha256')
    for (const block of bodyBlocks(body.stored ?? body.bytes, 1 + random(200 * KIB))) hash.update(block)
    if (hash.digest('hex') !== digest) throw new Error(`a body of ${body.byteLength} bytes came out wrong`)
    body.stored?.release()
  }
  const append = (at: number): void => {
    const each = coming[at]!
    const from = random(source.length)
    const payload = source.subarray(from, from + 1 + random(random(4) === 0 ? 600 * KIB : 8 * KIB))
    attempt(at, () => {
      each.writer.append(payload)
      each.hash.update(payload)
      each.bytes += payload.length
    })
  }
  const finish = (at: number): void =>
    attempt(at, () => {
      const { writer, hash, bytes } = coming[at]!
      const body = writer.finish()
      coming.splice(at, 1)
      if (body.byteLength !== bytes) throw new Error(`${bytes} bytes came, the body has ${body.byteLength}`)
      kept.push({ body, digest: hash.digest('hex') })
      counts.whole += 1
      if (body.stored !== null) counts.stored += 1
      if (kept.length > KEPT_AT_ONCE) {
        disk.failsAt = 0 // what was stored is read back: that is another test
        letGo()
      }
    })
  const check = (): void => {
    const held = coming.reduce((sum, { writer }) => sum + writer.heldBytes, 0)
    const { heldBytes, files, stored } = store.counts
    if (held !== heldBytes) throw new Error(`writers hold ${held} bytes, the store counts ${heldBytes}`)
    if (stored !== counts.stored) throw new Error(`${counts.stored} bodies were stored, it counts ${stored}`)
    const onDisk = readdirSync(parentDir).flatMap((name) => readdirSync(join(parentDir, name))).length
    if (onDisk !== files) throw new Error(`${onDisk} files lie on the disk, the store knows ${files}`)
  }

  try {
    for (let operation = 0; operation < operations; operation++) {
      disk.failsAt = random(20) === 0 ? disk.calls + 1 + random(3) : 0
      // Deleting may not fail here: a file that stays goes with its folder, which is another test.
      const pick = random(10)
      const at = random(Math.max(1, coming.length))
      if (coming.length === 0 || (pick === 0 && coming.length < OPEN_AT_ONCE)) {
        const declaredBytes = random(2) === 0 ? null : random(2048 * KIB)
        coming.push({
          writer: store.open({ route: '', declaredBytes }),
          hash: createHash('sha256'),
          bytes: 0,
        })
      } else if (pick === 1) finish(at)
      else if (pick === 2 && random(3) === 0) {
        disk.failsAt = 0
        giveUp(at)
      } else append(at)
      check()
    }
    disk.failsAt = 0
    while (coming.length > 0) finish(0)
    while (kept.length > 0) letGo()
    check()
    store.close()
    if (readdirSync(parentDir).length > 0) throw new Error('the folder is still there')
    return counts
  } finally {
    store.close()
    rmSync(parentDir, { recursive: true, force: true })
  }
}
