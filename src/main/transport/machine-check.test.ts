import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MachineCheck, PortInfo } from '../../shared/model/views'
import { checkMachine, type MachineSources, thisMachine } from './machine-check'
import { listSerialPorts } from './serial-ports'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-machine-'))
  await writeFile(join(folder, 'group'), 'root:x:0:\ndialout:x:20:somebody\n')
})
afterEach(() => rm(folder, { recursive: true }))

const sources = (change: Partial<MachineSources> = {}): MachineSources => ({
  listPorts: () => Promise.resolve([]),
  loadSerialDriver: () => Promise.resolve(),
  loopback: () => Promise.resolve(),
  procRoot: folder,
  groupFile: join(folder, 'group'),
  groupIds: [1000],
  isRoot: false,
  ...change,
})

async function check(id: MachineCheck['id'], change?: Partial<MachineSources>): Promise<MachineCheck> {
  return (await checkMachine(sources(change))).find((each) => each.id === id)!
}

test('says of somebody outside the group of serial ports which group and which command', async () => {
  expect(await check('serial-access')).toMatchObject({
    ok: false,
    message: expect.stringContaining('dialout') as string,
    remedy: 'sudo usermod -aG dialout $USER, then log in again.',
  })
  expect(await check('serial-access', { groupIds: [20] })).toMatchObject({ ok: true, remedy: '' })
  expect(await check('serial-access', { isRoot: true })).toMatchObject({ ok: true })
})

test('says of a port that may not be opened what the port says', async () => {
  const [port] = await listSerialPorts({
    list: () => Promise.resolve([{ path: '/dev/ttyNONE0' }]),
    deviceNames: () => Promise.resolve([]),
    checkAccess: () => Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' })),
  })
  const listPorts = (): Promise<PortInfo[]> => Promise.resolve([port!])
  expect(await check('serial-access', { listPorts })).toMatchObject({
    ok: false,
    remedy: 'Allow access to /dev/ttyNONE0: sudo chmod a+rw /dev/ttyNONE0',
  })
  expect(await check('serial-ports', { listPorts })).toMatchObject({
    ok: true,
    message: 'Found: /dev/ttyNONE0',
  })
})

test('finds the programs that take ports away', async () => {
  for (const [pid, name] of [
    ['7', 'ModemManager'],
    ['8', 'brltty'],
    ['self', 'ModemManager'],
  ] as const) {
    expect((await check(name === 'brltty' ? 'brltty' : 'modem-manager')).ok).toBe(pid !== 'self')
    await mkdir(join(folder, pid))
    await writeFile(join(folder, pid, 'comm'), `${name}\n`)
  }
  expect(await check('modem-manager')).toMatchObject({
    ok: false,
    message: expect.stringContaining('process 7') as string,
    remedy: expect.stringContaining('sudo systemctl disable --now ModemManager') as string,
  })
})

test('a driver or a network that does not work is told with its cause, and the other checks go on', async () => {
  const checks = await checkMachine(
    sources({
      loadSerialDriver: () => Promise.reject(new Error('invalid ELF header')),
      loopback: () => Promise.reject(new Error('EPERM')),
    }),
  )
  expect(checks.map(({ id, ok }) => [id, ok])).toEqual([
    ['serial-driver', false],
    ['serial-access', false],
    ['serial-ports', false],
    ['modem-manager', true],
    ['brltty', true],
    ['loopback', false],
  ])
  expect(checks[0]!.message).toContain('invalid ELF header')
  expect(checks.every(({ ok, remedy }) => ok === (remedy === ''))).toBe(true)
})

test('this computer loads the driver and reaches itself', async () => {
  const checks = await checkMachine(thisMachine(listSerialPorts))
  const of = (id: MachineCheck['id']): MachineCheck => checks.find((each) => each.id === id)!
  expect([of('serial-driver').ok, of('loopback').ok]).toEqual([true, true])
})
