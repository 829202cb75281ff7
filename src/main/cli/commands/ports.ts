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
    for (const port of found) {
      const trouble = port.problem ? `  ${port.problem.message} ${port.problem.remedy}` : ''
      out.line({ event: 'port', ...port }, `${port.path}  ${port.title}${trouble}`)
    }
    if (found.length === 0) out.note('No serial ports found. A path can be given all the same: serial:PATH.')
  },
}
