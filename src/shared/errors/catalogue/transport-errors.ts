import { type CatalogueEntry, entry } from './entry'

/** Moving bytes, and who is at the other end. */
export const transportErrors = {
  // transport: moving bytes
  LINK_REFUSED: entry('transport', 3, 'Check that the device or server listens on this address and port.'),
  LINK_UNREACHABLE: entry('transport', 3, 'Check the host name, the cable and the network.'),
  LINK_OPEN_TIMEOUT: entry(
    'transport',
    3,
    'The other side did not answer. Check address, power and firewall.',
  ),
  LINK_OPEN_CANCELLED: entry('transport', 3, 'Opening was stopped on request. Connect again when ready.'),
  TLS_FAILED: entry(
    'transport',
    3,
    'Check that both sides use TLS, and the certificate: its name, its dates and who signed it (ca=FILE).',
  ),
  LINK_LOST: entry('transport', 3, 'The connection ended. It is opened again when reconnect is on.'),
  LINK_NOT_CONNECTED: entry('transport', 3, 'Connect the link first, or wait until it is connected again.'),
  LINK_ADDRESS_IN_USE: entry('transport', 3, 'Another program listens on this port. Choose another, or 0.'),
  LINK_ADDRESS_FORBIDDEN: entry(
    'transport',
    3,
    'This address cannot be bound. Use 127.0.0.1 or a local address.',
  ),
  PORT_MISSING: entry('transport', 3, 'Plug the device in, or choose another port with "netcore ports".'),
  PTY_UNAVAILABLE: entry(
    'transport',
    2,
    'Install Python 3 (Linux, macOS), or join two pseudo-terminals with socat and give the path of one as serial:PATH.',
  ),
  PORT_BUSY: entry('transport', 3, 'Close the program that holds the port, then connect again.'),
  PORT_DENIED: entry(
    'transport',
    3,
    'Allow access to the port: sudo usermod -aG dialout "$USER", then log in again.',
  ),
  PORT_BAD_SETTING: entry('transport', 3, 'The driver refused a setting. Try another speed or framing.'),
  PORT_LOST: entry('transport', 3, 'Plug the device in again; the link waits for it.'),
  PORT_OTHER_DEVICE: entry(
    'transport',
    3,
    'A different board is on this port. Use it with "Use this board", or plug the former one in again.',
  ),
  LINE_CONTROL_UNSUPPORTED: entry(
    'transport',
    2,
    'This port has no control lines. Use a serial adapter that has them; data still passes.',
  ),
  LISTEN_ONLY: entry(
    'transport',
    2,
    'Nothing may leave now: switch listen only off, or connect without listen=only.',
  ),
  PACKET_TOO_LARGE: entry(
    'transport',
    3,
    'This does not fit in one packet of the transport. Send less at once, use smaller chunks (chunk=), or allow larger datagrams (datagram=).',
  ),
  PEERS_TOO_MANY: entry('transport', 3, 'Disconnect a peer, or start a second listener.'),
  // session of the native dialect: who is there, and may it
  PEER_RESTARTED: entry(
    'transport',
    3,
    'The device began anew and forgot what was on its way. Send again what has no answer, if it may happen twice.',
  ),
  PEER_CLOSED: entry('transport', 3, 'The other side said goodbye. Connect again when it is ready.'),
  SESSION_EXPIRED: entry(
    'transport',
    3,
    'The other side was away too long, so both began anew. Check cable and power; send again what has no answer.',
  ),
  VERSION_MISMATCH: entry(
    'transport',
    3,
    'The two sides speak different versions of the protocol. Update the older one.',
  ),
  HELLO_UNREADABLE: entry(
    'transport',
    3,
    'The other side describes itself in a way that cannot be read. Report it to the peer.',
  ),
  LINE_ECHO: entry(
    'transport',
    3,
    'The line gives back what is sent. Remove the loopback plug, or switch the echo of the adapter off.',
  ),
  AUTH_REQUIRED: entry(
    'transport',
    3,
    'The device asks for a password. Give it where you connect, on the command line with password=.',
  ),
  AUTH_FAILED: entry('transport', 3, 'The password or the user is wrong. Check both, then connect again.'),
  AUTH_WAIT: entry(
    'transport',
    3,
    'The device lets nobody try after wrong passwords. It is tried again by itself within a minute.',
  ),
  AUTH_NOT_DEMANDED: entry(
    'transport',
    3,
    'A password is set here, but the device asks for none, so nobody proved who it is. Set one on the device, or remove it here.',
  ),
  AUTH_IMPOSTOR: entry(
    'transport',
    3,
    'The other side could not prove that it knows the password. Check that it is your device.',
  ),
  AUTH_WEAK: entry(
    'transport',
    3,
    'The device protects the password with fewer than 4096 iterations. Set its password again with more.',
  ),
  AUTH_TOO_COSTLY: entry(
    'transport',
    3,
    'The device asks for more than 10 million iterations. Set its password again with fewer.',
  ),
} as const satisfies Record<string, CatalogueEntry>
