import type { PortInfo } from '../shared/model/views'

/** A board as the system lists it, but for `change`. */
export const listedPort = (path: string, serialNumber: string, change: Partial<PortInfo> = {}): PortInfo => ({
  path,
  title: `Board ${serialNumber}`,
  vendorId: '0483',
  productId: '374b',
  serialNumber,
  manufacturer: 'STMicroelectronics',
  driver: 'cdc_acm',
  interfaceName: '02',
  identity: `usb:0483:374b:${serialNumber}:02`,
  appearedMs: null,
  lastUsedIso: null,
  problem: null,
  ...change,
})
