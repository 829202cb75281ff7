import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { ConsoleError } from '../../shared/errors'
import { assetName } from './asset-path'

export interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly contentType: string
}

/** Answer to a request for a file of the page: found, no such file (404), or a path nobody should ask for (400). */
export type AssetAnswer =
  | { readonly status: 200; readonly asset: Asset }
  | { readonly status: 400 }
  | { readonly status: 404 }

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/**
 * The files of the built page, read once. Requests are looked up in this table and never touch the disk, so no path, link
 * or file that appears later can be reached through them.
 */
export class AssetStore {
  readonly #assets: ReadonlyMap<string, Asset>

  private constructor(assets: ReadonlyMap<string, Asset>) {
    this.#assets = assets
  }

  /**
   * Reads every regular file below `rootDir`; files of kinds the page does not use and symbolic links are left out.
   *
   * @throws ConsoleError `FILE_UNREADABLE` when the page is not there.
   */
  static load(rootDir: string): AssetStore {
    const assets = new Map<string, Asset>()
    try {
      for (const entry of readdirSync(rootDir, { recursive: true, withFileTypes: true })) {
        const contentType = CONTENT_TYPES[extname(entry.name)]
        if (!entry.isFile() || contentType === undefined) continue
        const path = join(entry.parentPath, entry.name)
        const name = `/${relative(rootDir, path).split(sep).join('/')}`
        assets.set(name, { bytes: new Uint8Array(readFileSync(path)), contentType })
      }
    } catch (cause) {
      throw notBuilt(rootDir, cause)
    }
    if (!assets.has('/index.html')) throw notBuilt(rootDir)
    return new AssetStore(assets)
  }

  /** @param rawPath - Path of the request as it came, percent-encoded; a query is ignored. */
  answer(rawPath: string): AssetAnswer {
    const name = assetName(rawPath)
    if (name === undefined) return { status: 400 }
    const asset = this.#assets.get(name)
    return asset === undefined ? { status: 404 } : { status: 200, asset }
  }
}

function notBuilt(rootDir: string, cause?: unknown): ConsoleError {
  return new ConsoleError(
    'FILE_UNREADABLE',
    `the built page is not at ${rootDir}`,
    { remedy: 'Build the program first: npm run build.' },
    { cause },
  )
}
