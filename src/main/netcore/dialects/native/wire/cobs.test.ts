import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../../../../shared/bytes'
import { loadPrimitives } from '../vectors/load-vectors'
import { CobsWriter, maxStuffedBytes, stuff, unstuffInto } from './cobs'

/** The definition, byte by byte: what the fast paths must equal. */
function plainStuff(bytes: Uint8Array): Uint8Array {
  const out = [0]
  let codeAt = 0
  const close = (): void => {
    out[codeAt] = out.length - codeAt
    codeAt = out.length
    out.push(0)
  }
  for (const byte of bytes) {
    if (out.length - codeAt === 255) close()
    if (byte === 0) close()
    else out.push(byte)
  }
  out[codeAt] = out.length - codeAt
  return Uint8Array.from(out)
}

const unstuff = (bytes: Uint8Array): Uint8Array | null => {
  const out = new Uint8Array(bytes.length)
  const count = unstuffInto(out, bytes, 0, bytes.length)
  return count < 0 ? null : out.slice(0, count)
}

/** Runs of zeros and others of awkward lengths: around block, window and word sizes. */
const bytes = fc
  .array(
    fc.tuple(
      fc.constantFrom(0, 1, 2, 3, 4, 7, 15, 24, 30, 63, 64, 253, 254, 255, 256, 507, 508, 509, 511, 512, 513),
      fc.constantFrom<'zeros' | 'text' | 'noise'>('zeros', 'text', 'noise'),
      fc.nat(),
    ),
    { maxLength: 6 },
  )
  .map((runs) => {
    let state = 1
    const noise = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state >>> 24
    }
    return Uint8Array.from(
      runs.flatMap(([length, kind, seed]) => {
        state = seed
        return Array.from({ length }, () =>
          kind === 'zeros' ? 0 : kind === 'text' ? 33 + (noise() % 90) : noise(),
        )
      }),
    )
  })

describe('stuffing', () => {
  test.each(loadPrimitives().cobs)(
    'gives what the cobs library gives for $plain.length hex digits',
    (vector) => {
      expect(toHex(stuff(fromHex(vector.plain)))).toBe(vector.stuffed)
      expect(toHex(unstuff(fromHex(vector.stuffed))!)).toBe(vector.plain)
    },
  )

  test('equals the definition for runs of any length, wherever in memory they lie', () => {
    fc.assert(
      fc.property(bytes, fc.nat({ max: 7 }), (plain, shift) => {
        const moved = new Uint8Array(plain.length + shift + 3).fill(0)
        moved.set(plain, shift)
        const stuffed = stuff(moved, shift, shift + plain.length)
        expect(toHex(stuffed)).toBe(toHex(plainStuff(plain)))
        expect(stuffed.includes(0)).toBe(false)
        expect(stuffed.length).toBeLessThanOrEqual(maxStuffedBytes(plain.length))
        expect(toHex(unstuff(stuffed)!)).toBe(toHex(plain))
      }),
      { numRuns: 400 },
    )
  })

  test('is the same when the bytes come in several pieces', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(), { maxLength: 4 }), (plain, seeds) => {
        const cuts = seeds.map((seed) => seed % (plain.length + 1)).toSorted((a, b) => a - b)
        const out = new Uint8Array(maxStuffedBytes(plain.length) + 5)
        const writer = new CobsWriter(out, 5)
        let from = 0
        for (const to of [...cuts, plain.length]) {
          writer.write(plain, from, to)
          from = to
        }
        expect(toHex(out.subarray(5, writer.finish()))).toBe(toHex(stuff(plain)))
      }),
      { numRuns: 200 },
    )
  })

  test('never takes more than the bound, and takes it for text', () => {
    for (const length of [0, 1, 253, 254, 255, 508, 509, 4096]) {
      expect(stuff(new Uint8Array(length).fill(65)).length).toBe(
        length + Math.max(1, Math.ceil(length / 254)),
      )
      expect(stuff(new Uint8Array(length).fill(65)).length).toBeLessThanOrEqual(maxStuffedBytes(length))
    }
  })
})

describe('undoing it', () => {
  test.each(['', '05112233', '02', '0211ff22', '00', '020100'])('refuses %j', (hex) => {
    expect(unstuff(fromHex(hex))).toBeNull()
  })

  test('accepts the empty block that some encoders put behind a full one', () => {
    const full = new Uint8Array(254).fill(7)
    expect(unstuff(Uint8Array.from([255, ...full, 1]))).toEqual(full)
  })

  test('never writes more than it was promised', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 600 }), (stuffed) => {
        const out = new Uint8Array(stuffed.length + 8).fill(0xaa)
        unstuffInto(out, stuffed, 0, stuffed.length)
        expect(out.subarray(stuffed.length - 1)).toEqual(new Uint8Array(9).fill(0xaa))
      }),
    )
  })
})
