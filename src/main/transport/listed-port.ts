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
  readonly product?: string | undefined
  readonly driver?: string | undefined
  readonly interfaceName?: string | undefined
  /** Two digits, as the device numbers its interfaces. */
  readonly interfaceNumber?: string | undefined
  /** Place on the bus, the interface included. */
  readonly location?: string | undefined
  readonly locationId?: string | undefined
}
