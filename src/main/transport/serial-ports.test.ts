import { describe, expect, test } from 'vitest'
import type { ListedPort } from './listed-port'
import { listSerialPorts, type PortSources } from './serial-ports'

const sources = (listed: readonly ListedPort[], more: Partial<PortSources> = {}): PortSources => ({
  list: () => Promise.resolve(listed),
  deviceNames: () => Promise.resolve([]),
  checkAccess: () => Promise.resolve(),
  ...more,
})
const refusal = (code: string) => Object.assign(new Error(code), { code })

describe('the list of serial ports', () => {
  test('puts USB ports first, then goes by name with numbers in their order', async () => {
    const ports = await listSerialPorts(
      sources([
        { path: '/dev/ttyS10' },
        { path: '/dev/ttyS2' },
        { path: '/dev/ttyUSB1', vendorId: '0403' },
        { path: '/dev/ttyACM0', vendorId: '0483' },
      ]),
    )
    expect(ports.map(({ path }) => path)).toEqual([
      '/dev/ttyACM0',
      '/dev/ttyUSB1',
      '/dev/ttyS2',
      '/dev/ttyS10',
    ])
  })

  test.each<[port: ListedPort, title: string]>([
    [
      {
        path: '/dev/ttyACM0',
        pnpId: 'usb-STMicroelectronics_STM32_STLink_066EFF5-if02',
        serialNumber: '066EFF5',
        manufacturer: 'STMicroelectronics',
      },
      'STMicroelectronics STM32 STLink',
    ],
    [
      {
        path: '/dev/ttyUSB0',
        pnpId: 'usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0',
        serialNumber: 'A50285BI',
      },
      'FTDI FT232R USB UART',
    ],
    [{ path: '/dev/ttyUSB0', pnpId: 'usb-1a86_USB_Serial-if00-port0' }, '1a86 USB Serial'],
    [
      { path: 'COM3', friendlyName: 'USB Serial Device (COM3)', manufacturer: 'Microsoft' },
      'USB Serial Device (COM3)',
    ],
    [{ path: '/dev/ttyUSB0', manufacturer: 'Prolific' }, 'Prolific'],
    [{ path: '/dev/ttyS0' }, '/dev/ttyS0'],
  ])('%o is called %s', async (port, title) => {
    expect((await listSerialPorts(sources([port])))[0]!.title).toBe(title)
  })

  test('gives every field, empty where the system tells nothing', async () => {
    expect(await listSerialPorts(sources([{ path: '/dev/ttyS0' }]))).toEqual([
      {
        path: '/dev/ttyS0',
        title: '/dev/ttyS0',
        vendorId: '',
        productId: '',
        serialNumber: '',
        manufacturer: '',
        driver: '',
        interfaceName: '',
        identity: 'name:/dev/ttyS0',
        appearedMs: null,
        lastUsedIso: null,
        problem: null,
      },
    ])
  })

  test('shows a port without access with the reason and the command', async () => {
    const checkAccess = (path: string) =>
      path === '/dev/ttyNONE0' ? Promise.reject(refusal('EACCES')) : Promise.resolve()
    const ports = await listSerialPorts(
      sources([{ path: '/dev/ttyNONE0' }, { path: '/dev/ttyNONE1' }], { checkAccess }),
    )
    expect(ports.map(({ problem }) => problem)).toEqual([
      {
        code: 'PORT_DENIED',
        message: '/dev/ttyNONE0 may not be opened by you',
        remedy: expect.stringMatching(/sudo (chmod|usermod).*/),
        holder: null,
        group: '',
        command: 'sudo chmod a+rw /dev/ttyNONE0',
      },
      null,
    ])
  })

  test('does not call a port forbidden that vanished meanwhile', async () => {
    const checkAccess = () => Promise.reject(refusal('ENOENT'))
    expect(
      (await listSerialPorts(sources([{ path: '/dev/ttyNONE0' }], { checkAccess })))[0]!.problem,
    ).toBeNull()
  })

  test('falls back to the names of devices where the system cannot list', async () => {
    const ports = await listSerialPorts({
      list: () => Promise.reject(refusal('ENOENT')),
      deviceNames: () =>
        Promise.resolve(['null', 'ttyUSB1', 'tty1', 'ttyACM0', 'ttyS0', 'cu.usbmodem1', 'ttyUSBx']),
      checkAccess: () => Promise.resolve(),
    })
    expect(ports.map(({ path }) => path)).toEqual(['/dev/cu.usbmodem1', '/dev/ttyACM0', '/dev/ttyUSB1'])
  })

  test('is empty, and no error, where nothing works', async () => {
    const nothing = () => Promise.reject(refusal('EIO'))
    expect(await listSerialPorts({ list: nothing, deviceNames: nothing, checkAccess: nothing })).toEqual([])
  })

  test('comes from the real system without an error', async () => {
    for (const port of await listSerialPorts()) expect(port.path).not.toBe('')
  })
})
