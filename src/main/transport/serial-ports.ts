import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { SerialPort } from 'serialport'
import { ERROR_CATALOGUE } from '../../shared/errors'
import type { PortInfo } from '../../shared/model/views'
import { deniedRemedy } from './serial-errors'

interface ListedPort {
  readonly path: string
  readonly manufacturer?: string | undefined
  readonly serialNumber?: string | undefined
  readonly vendorId?: string | undefined
  readonly productId?: string | undefined
  readonly friendlyName?: string | undefined
  readonly pnpId?: string | undefined
}

/**
 * The serial ports that the system shows, USB devices first. Pseudo-terminals are never listed. Never rejects: a system
 * that cannot list its ports shows none.
 */
export async function listSerialPorts(
  list: () => Promise<readonly ListedPort[]> = () => SerialPort.list(),
): Promise<PortInfo[]> {
  const listed = await list().catch(() => [])
  const ports = await Promise.all(listed.map(describe))
  return ports.sort(
    (a, b) => Number(b.vendorId !== '') - Number(a.vendorId !== '') || comparePaths(a.path, b.path),
  )
}

async function describe(port: ListedPort): Promise<PortInfo> {
  return {
    path: port.path,
    title: titleOf(port),
    vendorId: port.vendorId ?? '',
    productId: port.productId ?? '',
    serialNumber: port.serialNumber ?? '',
    manufacturer: port.manufacturer ?? '',
    problem: await problemOf(port.path),
  }
}

/** `usb-STMicroelectronics_STM32_STLink_066DFF-if02` → `STMicroelectronics STM32 STLink`. */
function titleOf({ path, friendlyName, pnpId, manufacturer }: ListedPort): string {
  if (friendlyName !== undefined && friendlyName !== '') return friendlyName
  const fromUdev = /^usb-(.+?)(?:_[0-9A-Fa-f]{6,})?-if\d+/.exec(pnpId ?? '')?.[1]?.replaceAll('_', ' ')
  return fromUdev ?? manufacturer ?? path
}

async function problemOf(path: string): Promise<PortInfo['problem']> {
  if (process.platform === 'win32') return null
  try {
    await access(path, constants.R_OK | constants.W_OK)
    return null
  } catch (error) {
    const isDenied = (error as NodeJS.ErrnoException).code === 'EACCES'
    return isDenied
      ? {
          code: 'PORT_DENIED',
          message: `${path} may not be opened by this user.`,
          remedy: deniedRemedy(path),
        }
      : { code: 'PORT_MISSING', message: `${path} is gone.`, remedy: ERROR_CATALOGUE.PORT_MISSING.remedy }
  }
}

const comparePaths = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })
