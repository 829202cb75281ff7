import type { Page } from '@playwright/test'

/** The program as a user has it in front of them: one page, shown by one of the hosts. */
export interface RunningHost {
  readonly page: Page
  /** Address of the page as the program itself calls it. */
  readonly pageUrl: string
  /** The web host's address and key; undefined elsewhere. */
  readonly web: { readonly url: string; readonly token: string; readonly pid: number } | undefined
  /** Addresses the program handed to the system's browser. Empty where the tests cannot see it. */
  readonly openedOutside: readonly string[]
  /** Errors of the page so far: thrown, logged, or refused by its policy. */
  readonly pageErrors: readonly string[]
  /** Everything the program's process wrote. */
  output(): string
  /** Ends the program as its user would, and fails when it does not end cleanly. */
  close(): Promise<void>
}

export interface HostOptions {
  readonly workspaceDir: string
  /** Link addresses the program opens when it starts. */
  readonly links: readonly string[]
  /** Messages the capture keeps, where it is not the default (web host). */
  readonly keepMessages?: number
}

export const launchArguments = ({ workspaceDir, links, keepMessages }: HostOptions): string[] => [
  '--workspace',
  workspaceDir,
  ...links.flatMap((url) => ['--link', url]),
  ...(keepMessages === undefined ? [] : ['--keep-messages', String(keepMessages)]),
]

/** Collects what goes wrong in a page from now on. */
export function watchErrors(page: Page): readonly string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  return errors
}
