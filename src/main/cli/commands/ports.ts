import type { PortInfo } from '../../../shared/model/views'
import { listSerialPorts } from '../../transport/serial-ports'
import type { Command } from '../command'

export const ports: Command = {
  name: 'ports',
  summary: 'Lists the serial ports of this computer.',
  positionals: [],
  options: {},
  notes: ['Pseudo-terminals are not listed, but can be opened: serial:/dev/pts/3.'],
  async run({ out }) {
    const found = await listSerialPorts()
    for (const port of found) out.line({ event: 'port', ...port }, portText(port))
    if (found.length === 0) out.note('No serial ports found. A path can be given all the same: serial:PATH.')
  },
}

/** One port on one line, with what is known of it; trouble and its remedy below. */
function portText(port: PortInfo): string {
  const { path, title, vendorId, productId, serialNumber, driver, interfaceName, problem } = port
  const facts = [
    vendorId !== '' && `${vendorId}:${productId}`,
    serialNumber !== '' && `serial ${serialNumber}`,
    interfaceName !== '' && `interface ${interfaceName}`,
    driver,
  ].filter((fact) => fact !== false && fact !== '')
  const known = facts.length === 0 ? '' : `  ${facts.join(', ')}`
  const trouble = problem === null ? '' : `\n  ${problem.message}. ${problem.remedy}`
  return `${path}${title === path ? '' : `  ${title}`}${known}${trouble}`
}
