import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findPortHolder, findPortHolders } from './port-holder'
import { identityOf } from './serial-ports'
import { readSysPorts } from './sys-ports'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'netcore-sys-'))
})
afterEach(() => rm(root, { recursive: true }))

async function file(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

async function link(path: string, target: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await mkdir(join(root, target), { recursive: true })
  await symlink(join(root, target), join(root, path))
}

/** A board with its own USB interface, and an adapter whose port lies one level deeper, as Linux shows them. */
async function plugIn(serial: string): Promise<void> {
  const board = 'devices/pci/usb1/1-2'
  await file(`${board}/idVendor`, '0483\n')
  await file(`${board}/idProduct`, '374b\n')
  if (serial !== '') await file(`${board}/serial`, `${serial}\n`)
  await file(`${board}/manufacturer`, 'STMicroelectronics\n')
  await file(`${board}/product`, 'STM32 STLink\n')
  await file(`${board}/1-2:1.2/bInterfaceNumber`, '02\n')
  await file(`${board}/1-2:1.2/interface`, 'ST-Link VCP Ctrl\n')
  await link('class/tty/ttyACM0/device', `${board}/1-2:1.2`)
  await link(`${board}/1-2:1.2/driver`, 'bus/usb/drivers/cdc_acm')
  const adapter = 'devices/pci/usb1/1-3.4'
  await file(`${adapter}/idVendor`, '0403\n')
  await file(`${adapter}/idProduct`, '6001\n')
  await file(`${adapter}/1-3.4:1.0/bInterfaceNumber`, '00\n')
  await link('class/tty/ttyUSB0/device', `${adapter}/1-3.4:1.0/ttyUSB0`)
  await link(`${adapter}/1-3.4:1.0/ttyUSB0/driver`, 'bus/usb-serial/drivers/ftdi_sio')
}

describe('the folder of devices of Linux', () => {
  test('tells driver, interface and place of USB ports', async () => {
    await plugIn('066EFF')
    const ports = [...(await readSysPorts(root))].sort((a, b) => a.path.localeCompare(b.path))
    expect(ports).toMatchObject([
      {
        path: '/dev/ttyACM0',
        driver: 'cdc_acm',
        vendorId: '0483',
        productId: '374b',
        serialNumber: '066EFF',
        product: 'STM32 STLink',
        interfaceNumber: '02',
        interfaceName: 'ST-Link VCP Ctrl',
        location: '1-2:1.2',
      },
      { path: '/dev/ttyUSB0', driver: 'ftdi_sio', vendorId: '0403', location: '1-3.4:1.0' },
    ])
    expect(ports.map(identityOf)).toEqual(['usb:0483:374b:066EFF:02', 'usb-path:1-3.4:1.0'])
  })

  test('leaves out consoles, and ports of the mainboard without a chip', async () => {
    await file('class/tty/tty0/uevent', '')
    await link('class/tty/ttyS0/device', 'devices/platform/serial8250')
    await file('class/tty/ttyS0/type', '4\n')
    await link('class/tty/ttyS1/device', 'devices/platform/serial8250')
    await file('class/tty/ttyS1/type', '0\n')
    expect((await readSysPorts(root)).map(({ path }) => path)).toEqual(['/dev/ttyS0'])
  })

  test('tells the driver of a UART of the mainboard, not what the kernel puts before it', async () => {
    await file('class/tty/ttyS0/type', '4\n')
    await link('class/tty/ttyS0/device', 'devices/pnp0/00:00/00:00:0/00:00:0.0')
    await link('devices/pnp0/00:00/00:00:0/00:00:0.0/driver', 'bus/serial-base/drivers/port')
    await link('devices/pnp0/00:00/00:00:0/driver', 'bus/serial-base/drivers/ctrl')
    await link('devices/pnp0/00:00/driver', 'bus/pnp/drivers/serial')
    expect(await readSysPorts(root)).toEqual([{ path: '/dev/ttyS0', driver: 'serial' }])
  })

  test('that does not exist is an error, so that others are asked', async () => {
    await expect(readSysPorts(join(root, 'nowhere'))).rejects.toThrow('ENOENT')
  })
})

describe('who holds a port', () => {
  test('is found among the processes, by name and number, in one go for all ports', async () => {
    await file('dev/ttyUSB0', '')
    await file('dev/ttyUSB1', '')
    await link('42/fd/3', 'dev')
    await symlink(join(root, 'dev/ttyUSB0'), join(root, '42/fd/7'))
    await file('42/comm', 'ModemManager\n')
    await file('99/comm', 'hidden\n') // somebody else's: its files may not be seen
    const paths = [join(root, 'dev/ttyUSB0'), join(root, 'dev/ttyUSB1')]
    expect([...(await findPortHolders(paths, root))]).toEqual([[paths[0], { pid: 42, name: 'ModemManager' }]])
    expect(await findPortHolder(paths[1]!, root)).toBeUndefined()
    expect(await findPortHolder(paths[0]!, join(root, 'nowhere'))).toBeUndefined()
  })
})
