import { join } from 'node:path'
import type { ConsoleError } from '../shared/errors'
import { type CaptureLimits, DEFAULT_CAPTURE_LIMITS } from './capture/capture-limits'
import { buildConsole } from './build-console'
import { startWebHost, type WebHost } from './hosts/web'
import { defaultWorkspaceDir } from './workspace/workspace-dir'

export interface StartWebOptions {
  readonly host: string
  readonly port: number
  readonly workspaceDir: string | undefined
  /** Addresses to open at once. */
  readonly links: readonly string[]
  /** Messages the capture keeps; undefined for the default. Chunks and bodies grow with them. */
  readonly keepMessages?: number | undefined
  readonly onProblem: (problem: ConsoleError) => void
}

/** The built page: every entry and chunk lies in a folder beside it. */
const RENDERER_DIR = join(import.meta.dirname, '..', 'renderer')

/**
 * Starts the core and the web host in front of it. `close` of the result ends both.
 *
 * @throws (rejects) ConsoleError as `startWebHost`, or the code of a link address that is wrong.
 */
export async function startWeb(options: StartWebOptions): Promise<WebHost> {
  const core = buildConsole({
    host: 'web',
    workspaceDir: options.workspaceDir ?? defaultWorkspaceDir(),
    onProblem: options.onProblem,
    ...(options.keepMessages !== undefined && { captureLimits: limitsFor(options.keepMessages) }),
  })
  try {
    const { host, port } = options
    const web = await startWebHost({ ...core, rootDir: RENDERER_DIR, host, port })
    const close = async (): Promise<void> => {
      await web.close()
      await core.close()
    }
    try {
      for (const url of options.links) await core.console.call('link.open', { url })
    } catch (error) {
      await web.close()
      throw error
    }
    return { ...web, close }
  } catch (error) {
    await core.close()
    throw error
  }
}

/** As many chunks and bytes per message as the default has. */
function limitsFor(messages: number): Partial<CaptureLimits> {
  const share = messages / DEFAULT_CAPTURE_LIMITS.messages
  return {
    messages,
    chunks: Math.ceil(DEFAULT_CAPTURE_LIMITS.chunks * share),
    bodyBytes: Math.ceil(DEFAULT_CAPTURE_LIMITS.bodyBytes * share),
  }
}
