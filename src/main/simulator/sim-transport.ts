import { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import type { LinkAddress } from '../../shared/model/link-url'
import type { TraceEvent } from '../../shared/model/trace'
import { Link } from '../link/link'
import { NO_RECONNECT } from '../link/link-machine'
import { createLine } from '../transport/line'
import { seededRandom } from '../transport/seeded-random'
import type { Connection, Transport } from '../transport/transport'
import { DemoDevice } from './demo-device'

export type SimAddress = Extract<LinkAddress, { scheme: 'sim' }>

interface Device {
  observe(event: TraceEvent): void
  start(): void
  stop(): Promise<void>
}

type MakeDevice = (...parts: ConstructorParameters<typeof DemoDevice>) => Device

const DEVICES: Readonly<Record<string, MakeDevice>> = {
  demo: (link, clock, random) => new DemoDevice(link, clock, random),
}

const DEVICE_NAMES: readonly string[] = Object.keys(DEVICES)

/** @throws ConsoleError `DEVICE_UNKNOWN`. */
export function deviceNamed(name: string): MakeDevice {
  const make = Object.hasOwn(DEVICES, name) ? DEVICES[name] : undefined
  if (make !== undefined) return make
  throw new ConsoleError('DEVICE_UNKNOWN', `there is no simulated device "${name}"`, {
    remedy: `Known simulated devices: ${DEVICE_NAMES.join(', ')}.`,
  })
}

/**
 * A device made of the real stack behind a simulated serial line. Each opening is a power-on: a fresh device on a fresh
 * line. Speed, seed and faults of the line are those of the address; the same seed and clock give the same bytes.
 *
 * @throws ConsoleError `DEVICE_UNKNOWN`.
 */
export function createSimTransport(address: SimAddress, clock: Clock): Transport {
  const makeDevice = deviceNamed(address.device)
  return {
    async open(handlers, signal): Promise<Connection> {
      const { seed, flip, drop } = address.faults
      const line = createLine({
        clock,
        rate: { baud: address.baud, bitsPerByte: 10 },
        seed,
        faults: { flip, drop },
        farName: `simulated ${address.device}`,
      })
      const random = seededRandom(seed)
      const link: Link = new Link({
        id: 1,
        address,
        transport: line.far,
        clock,
        random,
        reconnect: NO_RECONNECT,
        session: { role: 'device', identity: `simulated ${address.device}` },
        // What the device sees is its own affair; the console sees its own end of the line.
        onTrace: (event) => device.observe(event),
      })
      const device: Device = makeDevice(link, clock, random)
      await portOpened(link)
      try {
        const connection = await line.near.open(
          {
            onBytes: (bytes) => handlers.onBytes(bytes),
            onWritable: () => handlers.onWritable(),
            onClosed: (reason) => {
              void device.stop()
              handlers.onClosed(reason)
            },
          },
          signal,
        )
        // Where a dialect shakes hands, the device has nobody to talk to before.
        link.whenConnected().then(
          () => device.start(),
          () => undefined, // closed before anybody came: nothing to start
        )
        return connection
      } catch (error) {
        await device.stop()
        throw error
      }
    },
  }
}

/** The device holds its end of the line. Not the same as being connected: handshakes need both ends. */
const portOpened = (link: Link): Promise<void> =>
  new Promise((resolve) => {
    const end = link.observe((event) => {
      if (event.type !== 'link-state' || event.phase !== 'connected') return
      end()
      resolve()
    })
    link.open()
  })
