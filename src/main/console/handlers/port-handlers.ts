import type { MachineCheck } from '../../../shared/model/views'
import type { PortList } from '../port-list'
import type { Handlers } from './handlers'

/** @param checkMachine - Looks at the computer anew each time. */
export const portHandlers = (
  ports: PortList,
  checkMachine: () => Promise<MachineCheck[]>,
): Pick<Handlers, 'ports.list' | 'machine.check'> => ({
  'ports.list': async () => ({ ports: await ports.list() }),
  'machine.check': async () => ({ checks: await checkMachine() }),
})
