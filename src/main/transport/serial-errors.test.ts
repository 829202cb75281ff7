import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../shared/errors'
import { accessRemedy, classifyOpenFailure, serialOpenError } from './serial-errors'

// Texts of the drivers of serialport 13: Linux and macOS give strerror, Windows its own words.
test.each<[text: string, code: ErrorCode]>([
  ['Error: No such file or directory, cannot open /dev/ttyUSB0', 'PORT_MISSING'],
  ['Opening COM9: File not found', 'PORT_MISSING'],
  ['Error: No such device or address, cannot open /dev/ttyUSB0', 'PORT_MISSING'],
  ['Error: No such device, cannot open /dev/ttyACM0', 'PORT_MISSING'],
  ['Error: Input/output error, cannot open /dev/ttyS3', 'PORT_MISSING'],
  ['Error: Inappropriate ioctl for device, cannot open /etc/hosts', 'PORT_MISSING'],
  ['Error: Is a directory, cannot open /dev', 'PORT_MISSING'],
  ['Error Resource temporarily unavailable Cannot lock port', 'PORT_BUSY'],
  ['Error: Device or resource busy, cannot open /dev/ttyUSB0', 'PORT_BUSY'],
  ['Error: Resource busy, cannot open /dev/cu.usbserial', 'PORT_BUSY'],
  ['Opening COM3: Access denied', 'PORT_BUSY'],
  ['Error: Permission denied, cannot open /dev/ttyUSB0', 'PORT_DENIED'],
  ['Error: Operation not permitted, cannot open /dev/ttyUSB0', 'PORT_DENIED'],
  ['Error: Invalid argument setting custom baud rate of 12345', 'PORT_BAD_SETTING'],
  ['Invalid data bits setting 9', 'PORT_BAD_SETTING'],
  ['Invalid parity setting 3', 'PORT_BAD_SETTING'],
  ['Invalid stop bits setting 1.5', 'PORT_BAD_SETTING'],
  ['something nobody has seen', 'PORT_BAD_SETTING'],
])('"%s" is %s', (text, code) => {
  expect(classifyOpenFailure(text).code).toBe(code)
})

describe('a failed opening names the port, the cause and what to type', () => {
  const fail = (text: string) => serialOpenError('/dev/ttyNONE0', '9600 baud', new Error(text))

  test('missing: how to find its name', async () => {
    const error = await fail('Error: No such file or directory, cannot open /dev/ttyNONE0')
    expect(error).toMatchObject({ code: 'PORT_MISSING', exitCode: 3 })
    expect(error.message).toBe('/dev/ttyNONE0 does not exist')
    expect(error.remedy).toContain('netcore ports')
    expect((error.cause as Error).message).toContain('No such file')
  })

  test('busy, holder unknown: how to find who holds it', async () => {
    const error = await fail('Error Resource temporarily unavailable Cannot lock port')
    expect(error.message).toBe('/dev/ttyNONE0 is in use by another program')
    expect(error.remedy).toContain('/dev/ttyNONE0')
    if (process.platform !== 'win32') expect(error.remedy).toContain('sudo fuser -v /dev/ttyNONE0')
  })

  test('bad setting: which settings, and the text of the driver', async () => {
    const error = await fail('Invalid stop bits setting 1.5')
    expect(error).toMatchObject({ code: 'PORT_BAD_SETTING' })
    expect(error.message).toContain('9600 baud')
    expect(error.message).toContain('Invalid stop bits setting 1.5')
    expect(error.remedy).toContain('serial:/dev/ttyNONE0?baud=115200')
  })
})

describe('the remedy for missing rights', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netcore-rights-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('gives access to this one port where no group has it, with the name quoted for a shell', async () => {
    const path = join(folder, "it's a port")
    await writeFile(path, '')
    await chmod(path, 0o600)
    expect(await accessRemedy(path)).toContain(`sudo chmod a+rw '${folder}/it'\\''s a port'`)
  })

  test('names a command for a port that is gone as well', async () => {
    expect(await accessRemedy('/dev/ttyNONE0')).toBe(
      'Allow access to /dev/ttyNONE0: sudo chmod a+rw /dev/ttyNONE0',
    )
  })
})
