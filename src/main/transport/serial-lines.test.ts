import { describe, expect, test } from 'vitest'
import type { ModemLines } from '../../shared/model/views'
import { openPty } from '../../testing/pty'
import { RecordedConnection } from '../../testing/recorded-connection'
import { createSerial } from './serial'
import { type LinesPort, SerialLines } from './serial-lines'

const EIGHT_N_ONE = { dataBits: 8, parity: 'none', stopBits: 1 } as const

/** Lines as the driver of an adapter has them: what is set is remembered, what the device says is asked for. */
class AdapterLines implements LinesPort {
  isOpen = true
  readonly flags: { dtr: boolean; rts: boolean; brk: boolean }[] = []
  device = { cts: true, dsr: false, dcd: false }

  set(flags: { dtr: boolean; rts: boolean; brk: boolean }, done: (error: Error | null) => void): void {
    this.flags.push(flags)
    done(null)
  }

  get(done: (error: Error | null, status?: { cts: boolean; dsr: boolean; dcd: boolean }) => void): void {
    done(null, this.device)
  }
}

function lines() {
  const port = new AdapterLines()
  const seen: ModemLines[] = []
  let heard = (): void => {}
  const control = new SerialLines('/dev/adapter', port, (now) => {
    seen.push(now)
    heard()
  })
  const changed = (): Promise<void> =>
    new Promise((resolve) => {
      heard = resolve
    })
  return { port, seen, control, changed }
}

describe('the lines of an adapter', () => {
  test('are left alone at opening unless the address says otherwise', async () => {
    const { port, control, seen } = lines()
    await control.begin({})
    control.watch()
    control.stop()
    expect(port.flags).toEqual([])
    expect(seen).toEqual([{ dtr: null, rts: null, cts: true, dsr: false, dcd: false, ri: null }])
  })

  test('stand as the address says before anybody hears of the port; a line it does not name counts as high', async () => {
    const { port, control } = lines()
    await control.begin({ dtr: 'low' })
    expect(port.flags).toEqual([{ dtr: false, rts: true, brk: false }])
    await control.set({ rts: false })
    expect(port.flags.at(-1)).toEqual({ dtr: false, rts: false, brk: false })
  })

  test('are told once for each change, ours and the device’s', async () => {
    const { port, control, seen, changed } = lines()
    control.watch()
    await control.set({ dtr: true })
    const next = changed()
    port.device = { cts: true, dsr: true, dcd: false }
    await next
    control.stop()
    expect(seen.map(({ dtr, dsr }) => [dtr, dsr])).toEqual([
      [null, false],
      [true, false],
      [true, true],
    ])
    expect(control.lines).toEqual(seen.at(-1))
  })

  test('hold BREAK for as long as asked and let go of it, the other lines as they were', async () => {
    const { port, control } = lines()
    await control.set({ dtr: false, rts: false })
    const before = performance.now()
    await control.sendBreak(20)
    expect(performance.now() - before).toBeGreaterThan(18)
    expect(port.flags.slice(1)).toEqual([
      { dtr: false, rts: false, brk: true },
      { dtr: false, rts: false, brk: false },
    ])
  })

  test('are not set on a port that is closed', async () => {
    const { port, control } = lines()
    port.isOpen = false
    await expect(control.set({ dtr: true })).rejects.toMatchObject({ code: 'LINK_NOT_CONNECTED' })
  })
})

test('a pseudo-terminal has no lines: that is said with a code, and data goes on', async () => {
  const pty = await openPty()
  const end = new RecordedConnection()
  const connection = await createSerial({
    path: pty.path,
    baud: 115_200,
    framing: EIGHT_N_ONE,
    flow: 'xonxoff',
    dtr: 'low',
  }).open(end)
  const { control } = connection
  expect(control?.problem).toMatchObject({ code: 'LINE_CONTROL_UNSUPPORTED', details: { path: pty.path } })
  await expect(control?.set({ rts: true })).rejects.toMatchObject({ code: 'LINE_CONTROL_UNSUPPORTED' })
  await expect(control?.sendBreak(1)).rejects.toMatchObject({ code: 'LINE_CONTROL_UNSUPPORTED' })
  expect(control?.lines).toBeNull()
  pty.master.write('still here')
  await end.untilReceived(10)
  await connection.close()
  await pty.close()
  expect(end.closes).toMatchObject([{ kind: 'local' }])
})
