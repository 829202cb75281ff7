/** What only a desktop program can do with files: a browser has none of it. Paths were checked by the caller. */
export interface HostFiles {
  /** Shows a file in the file manager of the system. */
  reveal(path: string): void
  /** Moves a file into the trash of the system. @throws an error of the system: the file stays where it is. */
  trash(path: string): Promise<void>
}
