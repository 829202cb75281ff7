import { fileURLToPath } from 'node:url'

interface ElectronBinaryModule {
  readonly electronBinary: () => string | undefined
}

/** Where the Electron binary is, or why the tests of the `electron` project cannot run. */
export async function findElectron(): Promise<{ path?: string; reason?: string }> {
  const file = fileURLToPath(new URL('../scripts/setup/electron-binary.mjs', import.meta.url))
  const { electronBinary } = (await import(file)) as ElectronBinaryModule
  const path = electronBinary()
  if (path === undefined) return { reason: 'the Electron binary is not here (npm start fetches it)' }
  const hasDisplay = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']
  return hasDisplay ? { path } : { reason: 'there is no display for Electron (try xvfb-run)' }
}
