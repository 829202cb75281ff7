import type { PortInfo } from '../../../shared/model/views'
import type { Handlers } from './handlers'

/** @param listPorts - Asks the system anew each time. */
export const portHandlers = (
  listPorts: () => Promise<readonly PortInfo[]>,
): Pick<Handlers, 'ports.list'> => ({
  'ports.list': async () => ({ ports: [...(await listPorts())] }),
})
