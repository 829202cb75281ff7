import { homedir } from 'node:os'
import { join } from 'node:path'

/** The folder of plain files that belongs to a person, unless another one is named. */
export const defaultWorkspaceDir = (): string => join(homedir(), '.netcore-console')
