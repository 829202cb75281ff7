import { type CatalogueEntry, entry } from './entry'

/** Framing: bytes that do not make sense. */
export const framingErrors = {
  LSO_LENGTH_RANGE: entry(
    'framing',
    3,
    'The bytes are not Netcore packets here: check speed, wiring and dialect.',
  ),
  LSO_BAD_JSON: entry('framing', 3, 'A packet head is not valid JSON: check speed, wiring and dialect.'),
  LSO_BAD_PACKET: entry(
    'framing',
    3,
    'A packet head lacks a field or has the wrong kind of value: report it to the peer.',
  ),
  LSO_PACKET_STALLED: entry(
    'framing',
    3,
    'A packet began and never ended: check the cable and flow control.',
  ),
  LSO_RESYNCED: entry(
    'framing',
    3,
    'Bytes were skipped to find the next packet, and messages that were open are lost: check cable and speed.',
  ),

  NATIVE_BAD_CRC: entry(
    'framing',
    3,
    'Bytes were damaged on the line. If this repeats, check cable, ground and speed.',
  ),
  NATIVE_BAD_STUFFING: entry(
    'framing',
    3,
    'Bytes were damaged or lost on the line, or the peer speaks another dialect: check speed and cable.',
  ),
  NATIVE_BAD_LENGTH: entry('framing', 3, 'The bytes are not native frames here: check speed and dialect.'),
  NATIVE_BAD_FRAME: entry('framing', 3, 'A frame arrived whole but makes no sense: report it to the peer.'),
  NATIVE_TRUNCATED: entry(
    'framing',
    3,
    'The connection ended in the middle of a frame. What was lost is sent again when the link is back.',
  ),
  NATIVE_FRAME_TOO_LONG: entry(
    'framing',
    3,
    'A frame is longer than the receiving side allows. Use smaller chunks, or raise its limit.',
  ),
  NATIVE_NOT_ENCODABLE: entry(
    'framing',
    1,
    'A field of a frame is out of its range. This is a defect of the program.',
  ),

  NETCONDUIT_BAD_HEADER: entry(
    'framing',
    3,
    'The bytes are not netconduit frames here: check the address and the dialect.',
  ),
  NETCONDUIT_FRAME_TOO_LARGE: entry(
    'framing',
    3,
    'A frame is larger than the limit. Let the peer send less at a time, or raise the message limit.',
  ),
  NETCONDUIT_BAD_PAYLOAD: entry(
    'framing',
    3,
    'A frame arrived whole but its content makes no sense: report it to the peer.',
  ),
  NETCONDUIT_HANDSHAKE: entry(
    'transport',
    3,
    'The other side did not complete the handshake. It may be full, or speak another dialect; try again later.',
  ),
  RATE_LIMITED: entry(
    'message',
    5,
    'A peer sends faster than it may (rate=, byterate=). Let it send more slowly, or raise the limit.',
  ),
  NETCONDUIT_SILENT: entry(
    'transport',
    3,
    'The other side stopped answering heartbeats. Check that it runs; one busy handler can hold them up.',
  ),

  SOCKETD_BAD_LENGTH: entry(
    'framing',
    3,
    'The bytes are not Socket.D frames here: check the address, the dialect, and tls=.',
  ),
  SOCKETD_BAD_FRAME: entry('framing', 3, 'A frame arrived whole but makes no sense: report it to the peer.'),
  SOCKETD_DAMAGED: entry(
    'framing',
    3,
    'Bytes were damaged on the line. If this repeats, check cable, ground and speed.',
  ),
  SOCKETD_PROTOCOL: entry(
    'framing',
    3,
    'One side said what the protocol does not allow: report it to the maker of the peer.',
  ),
  SOCKETD_HANDSHAKE: entry(
    'transport',
    3,
    'The other side did not complete the handshake. Check that it speaks Socket.D on this port; try again later.',
  ),
  SOCKETD_REFUSED: entry(
    'transport',
    3,
    'The other side does not want this connection. Check path and parameters of the address.',
  ),
  SOCKETD_SILENT: entry(
    'transport',
    3,
    'Nothing came from the other side any more, not even heartbeats. Check that it runs, and the line.',
  ),
  SOCKETD_PEER_CLOSING: entry(
    'transport',
    3,
    'The other side said that it is going to close, and takes nothing new. Send again when it is back.',
  ),
  SOCKETD_PRESSURE: entry(
    'message',
    5,
    'The other side has too much to do: new messages wait for a moment. Send less at a time.',
  ),
  SOCKETD_ALARM: entry(
    'message',
    5,
    'The other side raised an alarm that belongs to no request; see its text.',
  ),
} as const satisfies Record<string, CatalogueEntry>
