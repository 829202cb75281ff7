import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../../shared/errors'
import { FailingDisk } from '../../../testing/failing-disk'
import { fileWriter } from './file-writer'

const code = (expected: ErrorCode) => expect.objectContaining({ code: expected }) as unknown
const bytes = Uint8Array.from({ length: 3_000_003 }, (_, at) => (at * 31 + (at >> 8)) & 255)
const digest = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex')

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-writer-'))
  path = join(folder, 'answer.bin')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a body that is saved as it comes', () => {
  test.each([0, 5, 100_000, bytes.length])('is in the file when it is whole: %i bytes', (length) => {
    const writer = fileWriter(path)
    for (let at = 0; at < length; at += 50_000)
      writer.append(bytes.subarray(at, Math.min(length, at + 50_000)))
    expect(readdirSync(folder)).not.toContain('answer.bin')
    const { stored, byteLength } = writer.finish()
    expect([readdirSync(folder), byteLength, stored?.place]).toEqual([['answer.bin'], length, path])
    expect(digest(readFileSync(path))).toBe(digest(bytes.subarray(0, length)))
    expect(digest(stored!.read(0, length))).toBe(digest(bytes.subarray(0, length)))
    stored!.release()
    expect(readdirSync(folder)).toEqual(['answer.bin'])
  })

  test('has the rights of an ordinary file', () => {
    fileWriter(path).finish().stored!.release()
    writeFileSync(join(folder, 'ordinary'), '')
    expect(statSync(path).mode).toBe(statSync(join(folder, 'ordinary')).mode)
  })

  test('replaces what was there, and only when it is whole', () => {
    writeFileSync(path, 'before')
    const broken = fileWriter(path)
    broken.append(bytes)
    broken.abandon()
    expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['before', ['answer.bin']])
    const writer = fileWriter(path)
    writer.append(bytes.subarray(0, 7))
    writer.finish().stored!.release()
    expect(readFileSync(path)).toEqual(Buffer.from(bytes.subarray(0, 7)))
  })

  test.each<[string, () => string]>([
    ['the folder is missing', () => join(folder, 'missing', 'answer.bin')],
    ['a folder has its name', () => folder],
  ])('fails its message when %s', (_, wrongPath) => {
    mkdirSync(path)
    writeFileSync(join(path, 'x'), '')
    const writer = fileWriter(wrongPath())
    writer.append(bytes.subarray(0, 7))
    expect(() => writer.finish()).toThrow(code('FILE_UNWRITABLE'))
    expect(writer.abandon()).toEqual(bytes.subarray(0, 7))
    expect(readdirSync(folder)).toEqual(['answer.bin'])
  })

  test('leaves nothing behind whichever call of the disk fails', () => {
    let failed = 0
    for (let failsAt = 1; ; failsAt++) {
      const disk = new FailingDisk(failsAt)
      const writer = fileWriter(path, disk)
      try {
        writer.append(bytes)
        writer.finish().stored!.release()
      } catch (error) {
        expect(error).toEqual(code('FILE_UNWRITABLE'))
        writer.abandon()
        expect(readdirSync(folder)).toEqual([])
      }
      if (!disk.hasFailed) break
      failed += 1
      rmSync(path, { force: true })
    }
    expect(failed).toBe(4) // create, append, rename, close
  })
})
