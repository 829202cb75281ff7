export type { CodecOptions, Dialect, DialectCodec, DialectTraits, RandomSource } from './dialect'
export { lsoDialect } from './lso/lso-dialect'
export { rawDialect } from './raw/raw-dialect'
export { DIALECT_NAMES, dialectNamed } from './registry'
