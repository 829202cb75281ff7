import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ConsoleError, ErrorCode } from '../../../shared/errors'
import { FailingDisk } from '../../../testing/failing-disk'
import { PREVIEW_BYTES, type ReceivedBody } from '../../netcore/pipe/message-body'
import { FileStore, type FileStoreOptions } from './file-store'

const KIB = 1024
const MIB = 1024 * KIB
const NO_HEAD = { route: 'r', declaredBytes: null }
const code = (expected: ErrorCode) => expect.objectContaining({ code: expected }) as unknown
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const pattern = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at++) bytes[at] = (at * 31 + (at >> 9)) & 255
  return bytes
}

let parentDir: string
let stores: FileStore[]
beforeEach(() => {
  parentDir = mkdtempSync(join(tmpdir(), 'store-test-'))
  stores = []
})
afterEach(() => {
  for (const store of stores) store.close()
  rmSync(parentDir, { recursive: true })
})

function storeWith(options: FileStoreOptions = {}): FileStore {
  const store = new FileStore({ parentDir, thresholdBytes: MIB, ...options })
  stores.push(store)
  return store
}

const files = (): string[] =>
  readdirSync(parentDir).flatMap((name) =>
    readdirSync(join(parentDir, name)).map((file) => join(parentDir, name, file)),
  )

function put(
  store: FileStore,
  body: Uint8Array,
  declaredBytes: number | null,
  chunkBytes = 4096,
): ReceivedBody {
  const writer = store.open({ route: 'r', declaredBytes })
  for (let at = 0; at < body.length; at += chunkBytes) writer.append(body.subarray(at, at + chunkBytes))
  return writer.finish()
}

describe('where a body gathers', () => {
  test.each([
    ['announced', true],
    ['not announced', false],
  ])('in memory up to the threshold, in a file above it, with its length %s', (_, isAnnounced) => {
    const store = storeWith()
    for (const length of [0, 1, MIB]) {
      const { stored, bytes, byteLength } = put(store, pattern(length), isAnnounced ? length : null)
      expect([stored, byteLength, digest(bytes)]).toEqual([null, length, digest(pattern(length))])
    }
    expect(readdirSync(parentDir)).toEqual([])

    const body = pattern(MIB + 1)
    const { stored, bytes, byteLength } = put(store, body, isAnnounced ? body.length : null)
    expect(byteLength).toBe(body.length)
    expect(digest(bytes)).toBe(digest(body.subarray(0, PREVIEW_BYTES)))
    expect(digest(stored!.read(0, body.length))).toBe(digest(body))
    expect(stored!.read(MIB, 1)).toEqual(body.subarray(MIB))
    expect(files()).toEqual([stored!.place])
    stored!.release()
  })

  test('in a private folder, in files for their owner alone, under names that nothing on the line can choose', () => {
    const { stored } = put(storeWith(), pattern(2 * MIB), null)
    const [folder = ''] = readdirSync(parentDir)
    expect(statSync(join(parentDir, folder)).mode & 0o777).toBe(0o700)
    expect(statSync(stored!.place).mode & 0o777).toBe(0o600)
    const writer = storeWith().open({ route: '../../evil', declaredBytes: 2 * MIB })
    writer.append(pattern(2 * MIB))
    writer.finish()
    for (const file of files())
      expect(file).toMatch(/netcore-bodies-[0-9a-f]{8}-\d+-\w{6}[\\/][0-9a-f]{24}\.body$/)
    expect(files()).toHaveLength(2)
  })

  test('announcing two gigabytes costs neither memory nor a file until they come', () => {
    const store = storeWith()
    const writer = store.open({ route: 'r', declaredBytes: 2 ** 31 })
    writer.append(pattern(1000))
    expect([writer.heldBytes, store.counts.files, existsSync(parentDir) && readdirSync(parentDir)]).toEqual([
      1000,
      0,
      [],
    ])
    writer.abandon()
  })

  test('holds little memory once it is in a file, however long it becomes', () => {
    const store = storeWith()
    const writer = store.open(NO_HEAD)
    const chunk = pattern(64 * KIB)
    let most = 0
    for (let at = 0; at < 1000; at++) {
      writer.append(chunk)
      most = Math.max(most, writer.heldBytes)
    }
    expect(most).toBeLessThanOrEqual(MIB + 64 * KIB)
    expect(writer.heldBytes).toBeLessThanOrEqual(320 * KIB)
    expect(store.counts.heldBytes).toBe(writer.heldBytes)
    writer.finish().stored!.release()
    expect(store.counts.heldBytes).toBe(0)
  })

  test('many at a time go to files before they fill the memory that is allowed', () => {
    const store = storeWith({ thresholdBytes: 8 * MIB, memoryBytes: 8 * MIB })
    const writers = Array.from({ length: 16 }, () => store.open(NO_HEAD))
    const chunk = pattern(64 * KIB)
    let most = 0
    for (let round = 0; round < 32; round++) {
      for (const writer of writers) {
        writer.append(chunk)
        most = Math.max(most, store.counts.heldBytes)
      }
    }
    expect(most).toBeLessThanOrEqual(8 * MIB + 64 * KIB)
    const bodies = writers.map((writer) => writer.finish())
    expect(bodies.every(({ byteLength }) => byteLength === 2 * MIB)).toBe(true)
    expect(store.counts.files).toBeGreaterThan(0)
    for (const { stored } of bodies) stored?.release()
  })

  test('is written with few calls, of a quarter of a megabyte or more', () => {
    const disk = new FailingDisk()
    put(storeWith({ disk }), pattern(4 * MIB + 5), null, 1000).stored!.release()
    expect(disk.appends.slice(0, -1).every((bytes) => bytes >= 256 * KIB)).toBe(true)
    expect(disk.appends.reduce((sum, bytes) => sum + bytes)).toBe(4 * MIB + 5)
  })
})

describe('the end of a stored body', () => {
  test('comes with the last release: the file goes, and can not be read any more', () => {
    const store = storeWith()
    const { stored } = put(store, pattern(2 * MIB), null)
    stored!.retain()
    stored!.release()
    expect(stored!.read(2 * MIB - 1, 1)).toHaveLength(1)
    stored!.release()
    stored!.release()
    expect(files()).toEqual([])
    expect(() => stored!.read(0, 1)).toThrow(code('BODY_UNREADABLE'))
    expect(store.counts).toMatchObject({
      stored: 1,
      storedBytes: 2 * MIB,
      abandoned: 0,
      files: 0,
      fileBytes: 0,
    })
  })

  test('comes by itself when it was forgotten', async () => {
    const store = storeWith()
    put(store, pattern(2 * MIB), null)
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    for (let round = 0; round < 50 && store.counts.files > 0; round++) {
      collect()
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect([store.counts.files, files()]).toEqual([0, []])
  })

  test('comes before it is whole when its message fails; its beginning is there to show', () => {
    const store = storeWith()
    const writer = store.open(NO_HEAD)
    writer.append(pattern(2 * MIB))
    expect(files()).toHaveLength(1)
    expect(digest(writer.abandon())).toBe(digest(pattern(PREVIEW_BYTES)))
    expect(files()).toEqual([])
    expect(store.counts).toMatchObject({ stored: 0, abandoned: 1, files: 0, fileBytes: 0, heldBytes: 0 })
  })

  test('comes with the store, also for what is still held or on its way', () => {
    const store = storeWith()
    const { stored } = put(store, pattern(2 * MIB), null)
    const writer = store.open(NO_HEAD)
    writer.append(pattern(2 * MIB))
    store.close()
    expect(readdirSync(parentDir)).toEqual([])
    expect(() => stored!.read(MIB, 1)).toThrow(code('BODY_UNREADABLE'))
    const late = store.open(NO_HEAD)
    expect(() => late.append(pattern(2 * MIB))).toThrow(code('BODY_NOT_STORED'))
    for (const each of [writer, late]) each.abandon()
    expect(store.counts).toMatchObject({ files: 0, fileBytes: 0, heldBytes: 0 })
  })
})

describe('a disk that fails', () => {
  test.each(['ENOSPC', 'EIO', 'EMFILE'])(
    'with %s in any call costs one message, and leaves no file',
    (errno) => {
      let failedCalls = 0
      for (let failsAt = 1; ; failsAt++) {
        const disk = new FailingDisk(failsAt, errno)
        const store = storeWith({ disk })
        const body = pattern(2 * MIB + 3)
        const writer = store.open(NO_HEAD)
        let problem: unknown
        try {
          for (let at = 0; at < body.length; at += 100_000) writer.append(body.subarray(at, at + 100_000))
          const { stored } = writer.finish()
          try {
            expect(digest(stored!.read(0, body.length))).toBe(digest(body))
          } finally {
            stored!.release()
          }
        } catch (error) {
          problem = error
          writer.abandon()
        }
        if (!disk.hasFailed) break
        failedCalls += 1
        // Where closing or deleting failed, the body was whole before.
        if (problem !== undefined) {
          expect(['BODY_NOT_STORED', 'BODY_UNREADABLE']).toContain((problem as ConsoleError).code)
        }
        expect(store.counts).toMatchObject({ files: 0, fileBytes: 0, heldBytes: 0 })
        disk.failsAt = 0
        const next = put(store, body, null)
        expect(digest(next.stored!.read(0, body.length))).toBe(digest(body))
        next.stored!.release()
        store.close()
        expect(readdirSync(parentDir)).toEqual([])
      }
      expect(failedCalls).toBeGreaterThan(5)
    },
  )

  test('has too little room for what is announced: refused before a byte is written', () => {
    const disk = new FailingDisk()
    disk.freeSpace = 100 * MIB
    const store = storeWith({ disk })
    const writer = store.open({ route: 'r', declaredBytes: 40 * MIB })
    expect(() => writer.append(pattern(MIB))).toThrow(code('BODY_NOT_STORED'))
    writer.abandon()
    expect(disk.appends).toEqual([])
    const fits = store.open({ route: 'r', declaredBytes: 36 * MIB })
    fits.append(pattern(MIB))
    fits.abandon()
  })

  test('is not filled beyond what the store may use, until something is released', () => {
    const store = storeWith({ diskBytes: 5 * MIB })
    const first = put(store, pattern(3 * MIB), 3 * MIB)
    expect(() => put(store, pattern(3 * MIB), 3 * MIB)).toThrow(code('BODY_NOT_STORED'))
    const unannounced = store.open(NO_HEAD)
    unannounced.append(pattern(2 * MIB))
    expect(() => unannounced.append(pattern(MIB))).toThrow(code('BODY_NOT_STORED'))
    unannounced.abandon()
    expect(put(store, pattern(2 * MIB), 2 * MIB).byteLength).toBe(2 * MIB)
    first.stored!.release()
    expect(put(store, pattern(3 * MIB), 3 * MIB).byteLength).toBe(3 * MIB)
  })
})

describe('folders left behind', () => {
  const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid
  const ourFolder = (): string => {
    const store = storeWith()
    put(store, pattern(2 * MIB), null)
    return readdirSync(parentDir)[0]!
  }

  test('by a killed process go at the next start; those of others stay', () => {
    const own = ourFolder()
    const [machine = ''] = /[0-9a-f]{8}/.exec(own) ?? []
    const other = machine === '00000000' ? '11111111' : '00000000'
    const stale = `netcore-bodies-${machine}-${deadPid()}-abcDEF`
    const kept = [
      own,
      `netcore-bodies-${machine}-${process.ppid}-abcDEF`, // that process lives
      `netcore-bodies-${other}-${deadPid()}-abcDEF`, // of another machine
      `netcore-bodies-${machine}-${deadPid()}`, // no name of ours
      'precious',
    ]
    for (const name of [stale, ...kept]) mkdirSync(join(parentDir, name), { recursive: true })
    writeFileSync(join(parentDir, stale, 'x.body'), 'x')
    writeFileSync(join(parentDir, 'precious', 'x'), 'x')
    const link = `netcore-bodies-${machine}-${deadPid()}-linked`
    symlinkSync(join(parentDir, 'precious'), join(parentDir, link))
    storeWith().sweep()
    expect(readdirSync(parentDir).sort()).toEqual([...kept, link].sort())
    expect(existsSync(join(parentDir, 'precious', 'x'))).toBe(true)
  })

  test('go when a process ends without closing its store', () => {
    const others = new Set(process.listeners('exit'))
    ourFolder()
    const [atExit, ...more] = process.listeners('exit').filter((listener) => !others.has(listener))
    expect(more).toEqual([])
    atExit!(0)
    expect(readdirSync(parentDir)).toEqual([])
    expect(process.listeners('exit').filter((listener) => !others.has(listener))).toEqual([])
  })
})
