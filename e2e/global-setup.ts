import { existsSync } from 'node:fs'
import { build } from 'vite'
import { findElectron } from './electron-binary'
import { DOUBLE_BUNDLE_DIR, DOUBLE_DIR, OUT_DIR } from './paths'

/** Bundles the double, and says what will be skipped: the reporter's list shows skipped tests without their reason. */
export default async function globalSetup(): Promise<void> {
  for (const file of ['main/index.js', 'main/web.js', 'preload/index.cjs', 'renderer/index.html']) {
    if (!existsSync(`${OUT_DIR}/${file}`)) throw new Error(`out/${file} is missing: npm run build first`)
  }
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: `${DOUBLE_DIR}/electron.ts`,
      outDir: DOUBLE_BUNDLE_DIR,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'electron.mjs' } },
    },
  })
  const { reason } = await findElectron()
  if (reason !== undefined) console.log(`NOTE: the project "electron" is skipped: ${reason}`)
}
