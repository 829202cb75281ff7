import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import type { TerminalLogShape } from '../../shared/model/terminal'
import type { BytesEvent, Direction } from '../../shared/model/trace'
import { TerminalLogs } from './terminal-logs'

let folder: string
let logs: TerminalLogs
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-logs-'))
  logs = new TerminalLogs(join(folder, 'logs'))
})
afterEach(() => rm(folder, { recursive: true }))

const start = (shape: TerminalLogShape, hasTimes = true, linkName = 'board') =>
  logs.start({
    linkId: 1,
    linkName,
    shape,
    hasTimes,
    startedAtMs: Date.UTC(2026, 10, 21, 12),
    date: new Date('2026-11-21T12:00:01.250Z'),
  })

function pass(bytes: Uint8Array, dir: Direction = 'in', atMs = 0, linkId = 1): void {
  const event: BytesEvent = {
    type: 'bytes',
    linkId,
    atMs,
    dir,
    streamOffset: 0,
    byteCount: bytes.length,
    bytes,
  }
  logs.observe(event)
}

async function written(): Promise<string> {
  const { path } = await logs.stop(1)
  return readFile(path ?? '', 'latin1')
}

describe('a log of a terminal', () => {
  test('ends with the others when all are closed while its file is still being made', async () => {
    const starting = start('text')
    await logs.closeAll()
    expect((await starting).path).not.toBeNull()
    expect(logs.status(1)).toEqual({ path: null, isRunning: false, bytes: 0, problem: null })
  })

  test('has one line per line of either side, with its time, and none of what could act on a reader', async () => {
    await start('text')
    pass(utf8('\u001b[31mboot\u001b[0m ok\r\nlog'), 'in', 1000)
    pass(utf8('in\u001b]0;owned\u0007 \u202eevil\n'), 'in', 1200)
    pass(utf8('reset\r\n'), 'out', 2000)
    pass(utf8('not of this link\n'), 'in', 2000, 2)
    pass(utf8('> '), 'in', 2100)
    expect(await written()).toBe(
      [
        '2026-11-21T12:00:01.000Z < boot ok',
        '2026-11-21T12:00:01.000Z < login \\u202eevil',
        '2026-11-21T12:00:02.000Z > reset',
        '2026-11-21T12:00:02.100Z < > ',
        '',
      ].join('\n'),
    )
  })

  test('in hex begins a row after a pause and at a change of direction', async () => {
    await start('hex', false)
    pass(
      Uint8Array.from({ length: 18 }, (_, at) => at + 0x40),
      'in',
      0,
    )
    pass(Uint8Array.of(1, 2), 'in', 100)
    pass(Uint8Array.of(0xff), 'out', 101)
    expect((await written()).split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
      '< 00000000 40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f @ABCDEFGHIJKLMNO',
      '< 00000010 50 51 PQ',
      '< 00000012 01 02 ..',
      '> 00000000 ff .',
      '',
    ])
  })

  test('as raw bytes is what was received, byte for byte', async () => {
    await start('raw')
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at)
    pass(bytes)
    pass(utf8('sent'), 'out')
    pass(bytes)
    expect(Buffer.from(await written(), 'latin1')).toEqual(Buffer.concat([bytes, bytes]))
  })

  test('has a name that is safe anywhere, and never overwrites another one', async () => {
    const first = await start('text', true, '../../etc/\u202eevil name; rm -rf $HOME')
    expect(first.path).toBe(join(folder, 'logs', 'etc-evil-name-rm-rf-HOME-20261121-120001-250.log'))
    await logs.stop(1)
    await expect(start('text', true, '../../etc/\u202eevil name; rm -rf $HOME')).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
    })
  })

  test('that is full is closed and says so; the line goes on, and another log can begin', async () => {
    logs = new TerminalLogs(join(folder, 'logs'), { bytes: 10, waitingBytes: 100 })
    const { path } = await start('raw')
    pass(utf8('12345678'))
    pass(utf8('90123'))
    pass(utf8('x'))
    expect(logs.status(1)).toMatchObject({ isRunning: false, bytes: 8, problem: { code: 'LOG_FULL' } })
    await logs.stop(1)
    expect(await readFile(path ?? '', 'utf8')).toBe('12345678')
    expect(logs.status(1)).toMatchObject({ path: null })
  })

  test('that cannot be written is refused with the reason', async () => {
    await writeFile(join(folder, 'logs'), 'a file where the folder should be')
    await expect(start('text')).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(logs.status(1)).toMatchObject({ path: null, isRunning: false })
  })
})
