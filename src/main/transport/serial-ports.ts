import { access, constants, readdir } from 'node:fs/promises'
import { SerialPort } from 'serialport'
import type { PortInfo } from '../../shared/model/views'
import { accessRemedy } from './serial-errors'

/** What the system tells about a port; every field but the path may be missing. */
export interface ListedPort {
  readonly path: string
  readonly manufacturer?: string | undefined
  readonly serialNumber?: string | undefined
  readonly pnpId?: string | undefined
  readonly vendorId?: string | undefined
  readonly productId?: string | undefined
  /** Windows only. */
  readonly friendlyName?: string | undefined
}

export interface PortSources {
  readonly list: () => Promise<readonly ListedPort[]>
  /** Names in the folder of devices, for systems whose list fails. */
  readonly deviceNames: () => Promise<readonly string[]>
  /** Rejects when the port may not be read and written. */
  readonly checkAccess: (path: string) => Promise<void>
}

const SYSTEM: PortSources = {
  list: () => SerialPort.list(),
  deviceNames: () => (process.platform === 'win32' ? Promise.resolve([]) : readdir('/dev')),
  checkAccess: (path) =>
    process.platform === 'win32' ? Promise.resolve() : access(path, constants.R_OK | constants.W_OK),
}

/** A list takes milliseconds; a device manager that hangs must not hang the screen. */
const LIST_TIMEOUT_MS = 5000

/**
 * Lists the serial ports of this computer: USB ports first, then by name. A port that may not be used is listed with the
 * reason and the command that helps. Never throws: where the system tells nothing, the list is empty, and a path can
 * still be typed.
 */
export async function listSerialPorts(sources: PortSources = SYSTEM): Promise<PortInfo[]> {
  const listed = await listOrLook(sources)
  const ports = await Promise.all(listed.map((port) => describePort(port, sources)))
  return ports.sort(
    (a, b) =>
      Number(a.vendorId === '') - Number(b.vendorId === '') ||
      a.path.localeCompare(b.path, 'en', { numeric: true }),
  )
}

async function listOrLook(sources: PortSources): Promise<readonly ListedPort[]> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the list of ports did not come')), LIST_TIMEOUT_MS)
  })
  try {
    return await Promise.race([sources.list(), tooLate])
  } catch {
    // No device manager (a container, a small Linux): the names of the devices tell enough to connect.
    const names = await sources.deviceNames().catch(() => [])
    return names
      .filter((name) => /^(tty(USB|ACM|AMA|SAC|XRUSB|WCH)\d+|rfcomm\d+|cu\..+)$/.test(name))
      .map((name) => ({ path: `/dev/${name}` }))
  } finally {
    clearTimeout(timer)
  }
}

async function describePort(port: ListedPort, sources: PortSources): Promise<PortInfo> {
  return {
    path: port.path,
    title: titleOf(port),
    vendorId: port.vendorId ?? '',
    productId: port.productId ?? '',
    serialNumber: port.serialNumber ?? '',
    manufacturer: port.manufacturer ?? '',
    problem: await problemOf(port.path, sources),
  }
}

async function problemOf(path: string, sources: PortSources): Promise<PortInfo['problem']> {
  try {
    await sources.checkAccess(path)
    return null
  } catch (error) {
    // A port that vanished meanwhile is no matter of rights; opening it will say so.
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'EACCES' && code !== 'EPERM') return null
    return {
      code: 'PORT_DENIED',
      message: `${path} may not be opened by you`,
      remedy: await accessRemedy(path),
    }
  }
}

/** `usb-STMicroelectronics_STM32_STLink_066EFF5-if02` names the product best; then what the driver says; then the path. */
function titleOf({ path, friendlyName, pnpId, serialNumber, manufacturer }: ListedPort): string {
  if (friendlyName) return friendlyName
  const usb = /^usb-(.+?)(-if\d+)?(-port\d+)?$/.exec(pnpId ?? '')?.[1]
  if (usb !== undefined) {
    const product =
      serialNumber && usb.endsWith(`_${serialNumber}`) ? usb.slice(0, -serialNumber.length - 1) : usb
    return product.replaceAll('_', ' ').trim() || path
  }
  return manufacturer || path
}
