import { access, constants, readdir } from 'node:fs/promises'
import { SerialPort } from 'serialport'
import type { PortInfo, PortProblem } from '../../shared/model/views'
import type { ListedPort } from './listed-port'
import { rememberHolders } from './holder-memory'
import type { PortHolder } from './port-holder'
import { accessHelp, accessRemedy } from './serial-errors'
import { readSysPorts } from './sys-ports'

export interface PortSources {
  readonly list: () => Promise<readonly ListedPort[]>
  /** Names in the folder of devices, for systems whose list fails. */
  readonly deviceNames: () => Promise<readonly string[]>
  /** Rejects when the port may not be read and written. */
  readonly checkAccess: (path: string) => Promise<void>
  /** Who has which of these ports open. */
  readonly holders?: (paths: readonly string[]) => Promise<ReadonlyMap<string, PortHolder>>
}

const SYSTEM: PortSources = {
  list: () => (process.platform === 'linux' ? listLinux() : SerialPort.list()),
  holders: rememberHolders(),
  deviceNames: () => (process.platform === 'win32' ? Promise.resolve([]) : readdir('/dev')),
  checkAccess: (path) =>
    process.platform === 'win32' ? Promise.resolve() : access(path, constants.R_OK | constants.W_OK),
}

/** What the folder of devices tells, and devices it does not know: a container may show one without the other. */
async function listLinux(): Promise<readonly ListedPort[]> {
  const known = await readSysPorts()
  const paths = new Set(known.map(({ path }) => path))
  const named = portsNamed(await readdir('/dev')).filter(({ path }) => !paths.has(path))
  return [...known, ...named]
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
  const holders = (await sources.holders?.(listed.map(({ path }) => path)).catch(() => undefined)) ?? NOBODY
  const ports = await Promise.all(
    listed.map((port) => describePort(port, sources, holders.get(port.path) ?? null)),
  )
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
    return portsNamed(names)
  } finally {
    clearTimeout(timer)
  }
}

const NOBODY: ReadonlyMap<string, PortHolder> = new Map()

const portsNamed = (names: readonly string[]): ListedPort[] =>
  names
    .filter((name) => /^(tty(USB|ACM|AMA|SAC|XRUSB|WCH)\d+|rfcomm\d+|cu\..+)$/.test(name))
    .map((name) => ({ path: `/dev/${name}` }))

async function describePort(
  port: ListedPort,
  sources: PortSources,
  holder: PortHolder | null,
): Promise<PortInfo> {
  return {
    path: port.path,
    title: titleOf(port),
    vendorId: port.vendorId ?? '',
    productId: port.productId ?? '',
    serialNumber: port.serialNumber ?? '',
    manufacturer: port.manufacturer ?? '',
    driver: port.driver ?? '',
    interfaceName: port.interfaceName || interfaceNumberOf(port),
    identity: identityOf(port),
    appearedMs: null,
    lastUsedIso: null,
    problem: await problemOf(port.path, sources, holder),
  }
}

/** `PortInfo.identity`: what stays the same when a device comes back under another path. */
export function identityOf(port: ListedPort): string {
  const { path, vendorId, productId, serialNumber } = port
  const place = port.location ?? port.locationId
  if (vendorId && productId && serialNumber) {
    const parts = [vendorId.toLowerCase(), productId.toLowerCase(), serialNumber, interfaceNumberOf(port)]
    return `usb:${parts.join(':')}`
  }
  return place ? `usb-path:${place}` : `name:${path}`
}

/** Of Linux and of its device manager (`…-if02`), and of Windows (`…&MI_02\\…`). */
const interfaceNumberOf = ({ interfaceNumber, pnpId = '' }: ListedPort): string =>
  interfaceNumber ?? /(?:-if|&MI_)([0-9a-f]{2})/i.exec(pnpId)?.[1] ?? ''

async function problemOf(
  path: string,
  sources: PortSources,
  holder: PortHolder | null,
): Promise<PortProblem | null> {
  try {
    await sources.checkAccess(path)
  } catch (error) {
    // A port that vanished meanwhile is no matter of rights; opening it will say so.
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM') return null
    const message = `${path} may not be opened by you`
    const remedy = await accessRemedy(path)
    return { code: 'PORT_DENIED', message, remedy, holder, ...(await accessHelp(path)) }
  }
  return holder && busyProblem(path, holder)
}

function busyProblem(path: string, holder: PortHolder): PortProblem {
  const isOurs = holder.pid === process.pid
  const command = isOurs ? '' : `kill ${holder.pid}`
  return {
    code: 'PORT_BUSY',
    message: `${path} is in use by ${isOurs ? 'this program' : `${holder.name} (process ${holder.pid})`}`,
    remedy: isOurs
      ? `Disconnect the other link to ${path} first.`
      : `Close ${holder.name}, or end it: ${command}`,
    holder,
    group: '',
    command,
  }
}

/** `usb-STMicroelectronics_STM32_STLink_066EFF5-if02` names the product best; then what the driver says; then the path. */
function titleOf({ path, friendlyName, product, pnpId, serialNumber, manufacturer }: ListedPort): string {
  if (friendlyName) return friendlyName
  if (product)
    return manufacturer && !product.startsWith(manufacturer) ? `${manufacturer} ${product}` : product
  const usb = /^usb-(.+?)(-if\d+)?(-port\d+)?$/.exec(pnpId ?? '')?.[1]
  if (usb !== undefined) {
    const product =
      serialNumber && usb.endsWith(`_${serialNumber}`) ? usb.slice(0, -serialNumber.length - 1) : usb
    return product.replaceAll('_', ' ').trim() || path
  }
  return manufacturer || path
}
