import { ConsoleError } from '../../../shared/errors'
import type { Dialect } from './dialect'
import { lsoDialect } from './lso/lso-dialect'
import { nativeDialect } from './native/native-dialect'
import { netconduitDialect } from './netconduit/netconduit-dialect'
import { rawDialect } from './raw/raw-dialect'
import { socketdDialect } from './socketd/socketd-dialect'

const DIALECTS: ReadonlyMap<string, Dialect> = new Map(
  [lsoDialect, nativeDialect, netconduitDialect, socketdDialect, rawDialect].map((dialect) => [
    dialect.name,
    dialect,
  ]),
)

/** In the order a person should see them. */
export const DIALECT_NAMES: readonly string[] = [...DIALECTS.keys()]

/** @throws ConsoleError `DIALECT_UNKNOWN`. */
export function dialectNamed(name: string): Dialect {
  const dialect = DIALECTS.get(name)
  if (dialect !== undefined) return dialect
  throw new ConsoleError('DIALECT_UNKNOWN', `there is no dialect "${name.slice(0, 40)}"`, { name })
}
