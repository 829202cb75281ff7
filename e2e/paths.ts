import { fileURLToPath } from 'node:url'

export const REPOSITORY_DIR = fileURLToPath(new URL('..', import.meta.url))
export const OUT_DIR = fileURLToPath(new URL('../out', import.meta.url))
export const DOUBLE_DIR = fileURLToPath(new URL('electron-double', import.meta.url))
/** The double as one module, bundled when the tests start. */
export const DOUBLE_BUNDLE_DIR = fileURLToPath(
  new URL('../node_modules/.cache/electron-double', import.meta.url),
)
export const DOUBLE_BUNDLE = `${DOUBLE_BUNDLE_DIR}/electron.mjs`
