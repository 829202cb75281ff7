import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { ListedPort } from './listed-port'

/** A USB interface hangs at most this deep above the tty: the port of an adapter lies one below it. */
const MAX_LEVELS = 4

/**
 * The serial ports that Linux knows, from its folder of devices: milliseconds, no process, no device manager. Ports of the
 * mainboard that have no chip behind them are left out.
 *
 * @param sysRoot - `/sys`.
 * @throws (rejects) when there is no such folder.
 */
export async function readSysPorts(sysRoot = '/sys'): Promise<readonly ListedPort[]> {
  const folder = join(sysRoot, 'class', 'tty')
  const names = await readdir(folder)
  const ports = await Promise.all(names.map((name) => readPort(folder, name)))
  return ports.filter((port) => port !== undefined)
}

/** Newer kernels put two devices of their own between a UART and the device that its driver is bound to. */
async function driverOf(device: string): Promise<string> {
  const driver = await readlink(join(device, 'driver')).catch(() => '')
  return driver.includes('/bus/serial-base/') ? driverOf(dirname(device)) : basename(driver)
}

async function readPort(folder: string, name: string): Promise<ListedPort | undefined> {
  // Consoles and terminals have no device of their own.
  const device = await realpath(join(folder, name, 'device')).catch(() => undefined)
  if (device === undefined || !/^(tty[A-Z]|rfcomm)/.test(name)) return undefined
  const driver = await driverOf(device)
  // A UART of type 0 was looked for and not found; a driver of another kind tells no type.
  if ((await readText(join(folder, name, 'type'))) === '0') return undefined
  const usb = await usbInterfaceOf(device)
  const port = { path: `/dev/${name}`, driver }
  if (usb === undefined) return port
  const owner = dirname(usb)
  const [vendorId, productId, serialNumber, manufacturer, product, interfaceNumber, interfaceName] =
    await Promise.all([
      ...['idVendor', 'idProduct', 'serial', 'manufacturer', 'product'].map((file) =>
        readText(join(owner, file)),
      ),
      readText(join(usb, 'bInterfaceNumber')),
      readText(join(usb, 'interface')),
    ])
  return {
    ...port,
    vendorId,
    productId,
    serialNumber,
    manufacturer,
    product,
    interfaceNumber,
    interfaceName,
    location: basename(usb),
  }
}

/** The folder of the USB interface that a tty belongs to. */
async function usbInterfaceOf(device: string): Promise<string | undefined> {
  let folder = device
  for (let level = 0; level < MAX_LEVELS; level++) {
    if ((await readText(join(folder, 'bInterfaceNumber'))) !== undefined) return folder
    folder = dirname(folder)
  }
  return undefined
}

async function readText(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text?.trim()
}
