import type { Clock } from '../../shared/model/clock'
import { CacheDriver, type CacheDriverOptions } from '../link/cache-driver'
import { createEndpoint as endpointWith } from '../link/endpoint-link'
import { SchedulerDriver, type SchedulerDriverOptions } from '../link/scheduler-driver'
import type { Endpoint } from '../netcore/endpoint/endpoint'
import { SystemClock } from '../transport/system-clock'

/** The clock of everything that is made here without one of its own. */
export const systemClock: Clock = new SystemClock()

/** An endpoint that lives by the clock of this machine; see `Endpoint`. */
export const createEndpoint = (options: Partial<Parameters<typeof endpointWith>[0]> = {}): Endpoint =>
  endpointWith({ clock: systemClock, ...options })

/** A scheduler that runs by itself, until it is closed; see `SchedulerDriver`. */
export const createScheduler = (options: Partial<SchedulerDriverOptions> = {}): SchedulerDriver =>
  new SchedulerDriver({ clock: systemClock, ...options })

/** A cache whose expired entries go by themselves, until it is closed; see `CacheDriver`. */
export const createCache = <V>(options: Partial<CacheDriverOptions<V>> = {}): CacheDriver<V> =>
  new CacheDriver<V>({ clock: systemClock, ...options })
