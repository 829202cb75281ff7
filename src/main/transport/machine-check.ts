import { readdir, readFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { MachineCheck, PortInfo } from '../../shared/model/views'

export interface MachineSources {
  readonly listPorts: () => Promise<readonly PortInfo[]>
  /** Loads the driver of serial ports. Rejects with what the system says. */
  readonly loadSerialDriver: () => Promise<unknown>
  /** Connects to itself by TCP. Rejects when that does not work. */
  readonly loopback: () => Promise<void>
  /** `/proc`, where running programs are seen. */
  readonly procRoot: string
  /** `/etc/group`. */
  readonly groupFile: string
  /** Ids of the groups this process belongs to; undefined where there are none (Windows). */
  readonly groupIds: readonly number[] | undefined
  readonly isRoot: boolean
}

type Finding = Pick<MachineCheck, 'ok' | 'message' | 'remedy'>

const fine = (message: string): Finding => ({ ok: true, message, remedy: '' })
const bad = (message: string, remedy: string): Finding => ({ ok: false, message, remedy })

const LOOPBACK_TIMEOUT_MS = 2000

export const thisMachine = (listPorts: MachineSources['listPorts']): MachineSources => ({
  listPorts,
  loadSerialDriver: () => import('serialport'),
  loopback: tcpLoopback,
  procRoot: '/proc',
  groupFile: '/etc/group',
  groupIds: process.getgroups?.(),
  isRoot: process.getuid?.() === 0,
})

/** Looks at what keeps ports and sockets of this computer from working. Never rejects; always the same checks. */
export async function checkMachine(sources: MachineSources): Promise<MachineCheck[]> {
  const ports = sources.listPorts()
  const checks: [MachineCheck['id'], string, Promise<Finding>][] = [
    ['serial-driver', 'Serial driver', checkDriver(sources)],
    ['serial-access', 'Access to serial ports', ports.then((found) => checkAccess(sources, found))],
    ['serial-ports', 'Serial ports', ports.then(checkPorts)],
    ['modem-manager', 'ModemManager', checkProgram(sources, 'ModemManager', MODEM_MANAGER)],
    ['brltty', 'Braille terminal', checkProgram(sources, 'brltty', BRLTTY)],
    ['loopback', 'Network on this computer', checkLoopback(sources)],
  ]
  return Promise.all(
    checks.map(async ([id, title, finding]) => ({
      id,
      title,
      ...(await finding.catch((error: unknown) => bad(textOf(error), 'Report this with the text above.'))),
    })),
  )
}

async function checkDriver({ loadSerialDriver }: MachineSources): Promise<Finding> {
  try {
    await loadSerialDriver()
    return fine('The serial driver of the program is loaded')
  } catch (error) {
    return bad(
      `The serial driver of the program does not load: ${textOf(error)}`,
      'Install the program anew for this system: npm install. Sockets and simulated devices work all the same.',
    )
  }
}

async function checkAccess(sources: MachineSources, ports: readonly PortInfo[]): Promise<Finding> {
  const denied = ports.find(({ problem }) => problem?.code === 'PORT_DENIED')?.problem
  if (denied) return bad(denied.message, denied.remedy)
  if (ports.length > 0) return fine(`You may open ${ports.length === 1 ? 'the port' : 'all ports'} found`)
  if (sources.isRoot || sources.groupIds === undefined) return fine('Nothing keeps you from opening ports')
  const groups = await readFile(sources.groupFile, 'utf8').catch(() => '')
  const owner = /^(dialout|uucp):[^:]*:(\d+):/m.exec(groups)
  if (owner === null) return fine('This system has no group for serial ports')
  const [, group = '', id = ''] = owner
  if (sources.groupIds.includes(Number(id)))
    return fine(`You belong to the group ${group}, which may use them`)
  return bad(
    `You do not belong to the group ${group}, which owns serial ports`,
    `sudo usermod -aG ${group} $USER, then log in again.`,
  )
}

function checkPorts(ports: readonly PortInfo[]): Finding {
  if (ports.length > 0) return fine(`Found: ${ports.map(({ path }) => path).join(', ')}`)
  return bad(
    'No serial port was found',
    'Plug the device in with a cable that carries data. A path can be typed all the same, and sockets work.',
  )
}

interface Meddler {
  readonly running: string
  readonly remedy: string
}

const MODEM_MANAGER: Meddler = {
  running: 'ModemManager runs: it sends commands to new ports and holds them for up to 30 s',
  remedy: 'sudo systemctl disable --now ModemManager (unless this computer needs a modem)',
}
const BRLTTY: Meddler = {
  running: 'brltty runs: it takes adapters with CH340 and CP210x chips away as Braille displays',
  remedy: 'sudo apt remove brltty (unless this computer has a Braille display)',
}

async function checkProgram({ procRoot }: MachineSources, name: string, meddler: Meddler): Promise<Finding> {
  const entries = await readdir(procRoot).catch(() => [])
  for (const entry of entries) {
    if (!/^\d+$/.test(entry)) continue
    const comm = await readFile(`${procRoot}/${entry}/comm`, 'utf8').catch(() => '')
    if (comm.trim() === name) return bad(`${meddler.running} (process ${entry})`, meddler.remedy)
  }
  return fine(`${name} does not run`)
}

async function checkLoopback({ loopback }: MachineSources): Promise<Finding> {
  try {
    await loopback()
    return fine('Sockets of this computer reach each other')
  } catch (error) {
    return bad(
      `A socket to this computer itself does not work: ${textOf(error)}`,
      'Check the firewall for 127.0.0.1, and that the network interface lo is up: ip link show lo',
    )
  }
}

function tcpLoopback(): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer((peer) => peer.on('error', () => undefined).end('x'))
    let socket: Socket | undefined
    const done = (error?: Error): void => {
      clearTimeout(timer)
      server.close()
      socket?.destroy()
      if (error === undefined) resolve()
      else reject(error)
    }
    const timer = setTimeout(() => done(new Error('nothing came within 2 s')), LOOPBACK_TIMEOUT_MS)
    server.once('error', done)
    server.listen(0, '127.0.0.1', () => {
      socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
      socket.once('error', done)
      socket.once('data', () => done())
    })
  })
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
