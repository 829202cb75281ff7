const WANTED = [20, 19]

/** Ends the program with a clear message when this Node is too old. Plain old syntax: it must parse everywhere. */
export function requireNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])) return
  console.error(
    `Netcore Console needs Node ${WANTED.join('.')} or newer; this is Node ${process.versions.node}.\n` +
      'Install a newer Node (https://nodejs.org) and run the command again.',
  )
  process.exit(1)
}
