import packageJson from '../../../package.json'

/** Program and version, as files name who wrote them. */
export const PROGRAM = `netcore-console ${packageJson.version}`
