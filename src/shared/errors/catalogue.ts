/**
 * Every error code of the program, once. A code is stable: scripts, tests and the screen react to it.
 * `exitCode` is what the command line ends with (design.md §8), `remedy` is what a person can do about it.
 */

export type Layer = 'transport' | 'framing' | 'message' | 'request' | 'contract' | 'input' | 'internal'

/** 0 done, 1 internal, 2 wrong usage or input, 3 link, 4 timeout, 5 peer answered with an error, 6 differences. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6

interface CatalogueEntry {
  readonly layer: Layer
  readonly exitCode: ExitCode
  readonly remedy: string
}

const entry = (layer: Layer, exitCode: ExitCode, remedy: string): CatalogueEntry => ({
  layer,
  exitCode,
  remedy,
})

export const ERROR_CATALOGUE = {
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

  // framing: bytes that do not make sense
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
    'Bytes were skipped to find the next packet. Messages open then may be damaged.',
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
  NATIVE_TRUNCATED: entry('framing', 3, 'The connection ended in the middle of a frame.'),
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

  // message: one message failed, the link goes on
  MESSAGE_TOO_LARGE: entry('message', 2, 'Send less, or raise the message limit.'),
  MESSAGE_OVERRUN: entry('message', 5, 'The peer sent more bytes than it announced. Report it to the peer.'),
  MESSAGE_BAD_LENGTH: entry(
    'message',
    5,
    'The announced length is not a number in range. Report it to the peer.',
  ),
  MESSAGE_STALLED: entry(
    'message',
    4,
    'No byte came for this message for a while. The peer may have cancelled it.',
  ),
  MESSAGE_CANCELLED: entry('message', 5, 'The message was cancelled before it was complete.'),
  MESSAGE_INTERRUPTED: entry('message', 3, 'The link went down while the message was on its way.'),
  REASSEMBLY_FULL: entry(
    'message',
    3,
    'Too many messages are open at once, or too many bytes. The newest was refused.',
  ),
  EARLY_DATA_DROPPED: entry(
    'message',
    3,
    'Data came without its head. If this repeats, report it to the peer.',
  ),
  HEAD_TOO_LARGE: entry('message', 2, 'Shorten the route or the headers.'),
  HEAD_NOT_ENCODABLE: entry('message', 2, 'Headers must be JSON values: no functions, no NaN, no infinity.'),
  CHUNK_SIZE_RANGE: entry('message', 2, 'Use 1 to 4096 bytes, or a multiple of 2048.'),
  QUEUE_FULL: entry('message', 3, 'The outgoing queue is full. Wait, or send less at once.'),
  DUPLICATE_REF: entry(
    'message',
    2,
    'This id was used on this link already. Leave it out to have one drawn.',
  ),

  // request: exchanges
  REQUEST_TIMEOUT: entry('request', 4, 'No answer came in time. Check the route, or allow more time.'),
  REQUEST_CANCELLED: entry('request', 5, 'The request was cancelled before its answer came.'),
  BODY_UNREADABLE: entry('request', 1, 'The file of the body changed or is gone. Send it again.'),
  BODY_NOT_STORED: entry('request', 1, 'Free space on the disk, or choose another folder.'),
  REQUEST_BODY_INVALID: entry('request', 5, 'Send the body that this route expects.'),
  ROUTE_UNKNOWN: entry('request', 5, 'The other side has no handler for this route. Check its spelling.'),
  PEER_FAILED: entry('request', 5, 'The peer says what went wrong; see its message.'),
  HANDLER_FAILED: entry('request', 5, 'The handler of the route failed. See its message.'),
  ANSWER_UNMATCHED: entry(
    'request',
    5,
    'An answer came for a request that is not waiting (late, or answered before).',
  ),
  REQUESTS_TOO_MANY: entry(
    'request',
    3,
    'Too many requests are waiting for answers. Wait, or use fewer at once.',
  ),
  ACCOUNTS_TOO_MANY: entry(
    'request',
    1,
    'So many messages are open at once that the time account of the oldest was given up. The message itself goes on.',
  ),
  REQUESTS_UNSUPPORTED: entry(
    'request',
    2,
    'This dialect has no answers. Send without waiting, or choose another dialect.',
  ),

  // endpoint: what applications do with requests
  ENDPOINT_BUSY: entry(
    'request',
    5,
    'Too many requests wait there already. Try again later, or send fewer at once.',
  ),
  RESPONDER_BUSY: entry(
    'request',
    5,
    'Too many answers wait for their delay already. Give the responder a shorter delay, or let the peer ask less.',
  ),
  ENDPOINT_STOPPED: entry(
    'request',
    5,
    'The endpoint was stopped. Start it again before it can serve or ask.',
  ),
  PIPE_UNKNOWN: entry(
    'request',
    2,
    'Add a pipe of this name first, or leave the name out for the first one.',
  ),
  PIPE_NAME_TAKEN: entry('request', 2, 'Choose another name, or remove the pipe that has it.'),
  PIPE_REMOVED: entry('request', 3, 'The pipe was removed while the answer was awaited. Ask on another one.'),
  SUBSCRIPTION_OVERFLOW: entry(
    'request',
    3,
    'Answers came faster than they were taken. Take them faster, or allow more to wait.',
  ),
  BODY_NOT_ENCODABLE: entry('request', 2, 'Give bytes, or a value that JSON can express.'),
  BLUEPRINT_CYCLE: entry('request', 2, 'A blueprint can not be registered within itself.'),
  REQUEST_CONTEXT_MISSING: entry(
    'request',
    1,
    'The current request is known only below a handler of an endpoint that has a request scope.',
  ),
  RPC_METHOD_UNKNOWN: entry(
    'request',
    5,
    'The peer has no such method. Ask it what it has with rpc.discover.',
  ),
  RPC_METHOD_TAKEN: entry('request', 2, 'Give each method a name of its own; "rpc." is reserved.'),
  RPC_PARAMS_INVALID: entry('request', 5, 'Correct the field of the parameters that the message names.'),
  RPC_RESULT_INVALID: entry(
    'request',
    5,
    'The method returned what its schema does not allow. Correct either.',
  ),
  RPC_DEADLINE_EXCEEDED: entry(
    'request',
    4,
    'The method did not finish in time. Allow more time, or ask for less.',
  ),

  // contract: screen and core
  CONTRACT_BAD_ARGUMENT: entry(
    'contract',
    1,
    'The screen and the core do not fit together: reload the page.',
  ),
  CONTRACT_UNKNOWN_CHANNEL: entry(
    'contract',
    1,
    'The screen and the core do not fit together: reload the page.',
  ),
  CONTRACT_FRAME_TOO_LARGE: entry('contract', 1, 'Send less at once: the limit is 16 MiB a frame.'),
  CONTRACT_BAD_FRAME: entry('contract', 1, 'The screen and the core do not fit together: reload the page.'),
  CONTRACT_TOO_MANY: entry(
    'contract',
    1,
    'Too much was asked at once. Wait for answers, or reload the page.',
  ),
  CHANNEL_CLOSED: entry('contract', 1, 'The core is gone. Start the program again, or reload the page.'),
  CHANNEL_TOO_SLOW: entry('contract', 1, 'The page did not keep up and was let go. Reload it.'),
  HOST_TOKEN_MISSING: entry(
    'contract',
    1,
    'Open the full address that the program printed: the part behind # is its key.',
  ),
  HOST_UNREACHABLE: entry(
    'contract',
    1,
    'Check that the program still runs, and open the address it printed last.',
  ),
  IPC_UNTRUSTED: entry('contract', 1, 'The request did not come from the main page and was refused.'),

  // input: what a person typed
  URL_INVALID: entry('input', 2, 'Examples: serial:/dev/ttyUSB0?baud=115200, tcp://host:4242, sim:demo.'),
  URL_UNKNOWN_SCHEME: entry('input', 2, 'Known: serial, tcp, tcp-listen, ws, sim. Example: tcp://host:4242.'),
  URL_BAD_OPTION: entry('input', 2, 'See "netcore --help" for the options of a link address.'),
  DIALECT_UNKNOWN: entry('input', 2, 'Known dialects: lso, native, netconduit, raw.'),
  DEVICE_UNKNOWN: entry('input', 2, 'Known simulated devices: demo.'),
  JSON_INVALID: entry('input', 2, 'Correct the JSON at the position shown.'),
  HEX_INVALID: entry(
    'input',
    2,
    'Write pairs of 0-9 and a-f; blanks, ":" and "0x" are allowed between them.',
  ),
  USER_INVALID: entry('input', 2, 'Use a user name of at most 100 bytes.'),
  PASSWORD_INVALID: entry('input', 2, 'Use 1 to 1024 characters without control characters.'),
  OPTION_INVALID: entry('input', 2, 'See "netcore --help".'),
  FILE_UNREADABLE: entry('input', 2, 'Check the path and your rights.'),
  FILE_UNWRITABLE: entry('input', 2, 'Check the path, your rights and the free space.'),
  RECORDING_DISK_FULL: entry(
    'input',
    2,
    'Free some space or record to another disk. What was written before can be read: netcore recover FILE.part -o FILE',
  ),
  RECORDING_WRITE_FAILED: entry(
    'input',
    2,
    'Check the path, your rights and the medium. What was written before can be read: netcore recover FILE.part -o FILE',
  ),
  COMPARE_DIFFERENT: entry(
    'input',
    6,
    'Look at the differences: netcore compare A B, or Recordings, Compare.',
  ),
  COMPARE_TOO_LARGE: entry('input', 2, 'Compare a part of the recording: trim it to the time in question.'),
  COMPARE_IGNORE_INVALID: entry(
    'input',
    2,
    'Name fields as body.PATH, reply.PATH, header.NAME, reply.header.NAME or status.',
  ),
  COMPARE_UNKNOWN: entry('input', 2, 'Choose both recordings again: this comparison was closed.'),
  COMPARE_NOT_READY: entry('input', 2, 'Wait until both recordings are read.'),
  RECORDING_DECODES_OTHERWISE: entry(
    'input',
    6,
    'Recorded by another version, or changed since. The bytes are the truth: export them, and report what differs.',
  ),
  CHECK_EMPTY: entry('input', 2, 'Choose requests or events that were sent from here, or their answers.'),
  CHECK_TOO_LARGE: entry('input', 2, 'Choose fewer messages, or fewer fields of their answers.'),
  WHATIF_TOO_LARGE: entry('input', 2, 'Choose a shorter span of the recording, for example one minute.'),
  WHATIF_NEEDS_RATE: entry('input', 2, 'Say how fast the line shall be, for example 115200 baud.'),
  WHATIF_EMPTY: entry('input', 2, 'Choose another link or a longer span of the recording.'),
  WHATIF_DIALECT: entry(
    'input',
    2,
    'Choose a link that carries messages: a stream of plain bytes has none to send again.',
  ),
  WHATIF_STOPPED: entry('input', 2, 'Change a setting, or run it again.'),
  WHATIF_UNKNOWN: entry('input', 2, 'Run it again.'),
  RECORDING_DAMAGED: entry('input', 6, 'Save what can be read: netcore recover FILE -o OTHER.mcap'),
  RECORDING_INVALID: entry(
    'input',
    2,
    'This is no recording, or its beginning is damaged. netcore recover saves what can be read.',
  ),
  EXPORT_EMPTY: entry(
    'input',
    2,
    'Nothing in this recording can be written in that form. Choose another format, or another filter.',
  ),
  EXPORT_CANCELLED: entry('input', 2, 'Nothing was kept of it. Start it again when you like.'),
  IMPORT_INVALID: entry(
    'input',
    2,
    'Files that can be brought in: .mcap of this program, .pcapng and .jsonl exported by it, and .bin with a dialect.',
  ),
  IMPORT_TOO_LARGE: entry(
    'input',
    2,
    'Bring in a smaller file, or cut it with "netcore trim" where it comes from.',
  ),
  REDACTION_INVALID: entry(
    'input',
    2,
    'See docs/recording-format.md for what a file of redaction rules says.',
  ),
  CONVERSIONS_TOO_MANY: entry(
    'input',
    2,
    'Wait until one of the exports and imports has ended, or stop one.',
  ),
  CONVERSION_UNKNOWN: entry('input', 2, 'It has ended and was forgotten. Start it again.'),
  RECORDING_NAME_INVALID: entry(
    'input',
    2,
    'Give the recording a name of one part that ends with .mcap, without any of < > : " / \\ | ? *',
  ),
  RECORDING_UNKNOWN: entry(
    'input',
    2,
    'Look at the library: the recording was renamed or removed meanwhile.',
  ),
  RECORDING_REMARKS_INVALID: entry(
    'input',
    2,
    'Correct the file of tags and note beside the recording at the place shown, or remove it.',
  ),
  RECORDING_NAME_TAKEN: entry('input', 2, 'A recording has this name already: choose another one.'),
  RECORDING_WRITING: entry('input', 2, 'The recording is still being written. End it first.'),
  RECORDING_TAGS_TOO_MANY: entry('input', 2, 'Remove tags that are not needed any more.'),
  SYSTEM_TRASH_MISSING: entry(
    'input',
    2,
    'The trash of the system belongs to the desktop program. Use the trash of the library.',
  ),
  TRASH_UNKNOWN: entry('input', 2, 'It is no longer in the trash of the library.'),
  LIBRARY_JOBS_TOO_MANY: entry(
    'input',
    2,
    'Wait until recordings that are being verified or recovered are done.',
  ),
  LIBRARY_JOB_UNKNOWN: entry('input', 2, 'This work is no longer kept.'),
  RECORDING_PATTERN_INVALID: entry(
    'input',
    2,
    'Write the pattern of names with {date}, {time}, {device}, {profile}, {protocol} and plain text.',
  ),
  RECORDING_RUNS: entry('input', 2, 'Stop it first: Ctrl+Shift+R.'),
  RECORDING_NOTHING: entry('input', 2, 'Open a link: what passes it is kept from then on.'),
  RECORDING_BUSY: entry('input', 2, 'Wait until what is being saved is written.'),
  REPLAY_EMPTY: entry(
    'input',
    2,
    'Choose a recording with whole messages of this side, or play the other side.',
  ),
  REPLAY_TOO_LARGE: entry('input', 2, 'Cut the recording to the part that matters, then replay that.'),
  REPLAY_BUSY: entry('input', 2, 'Stop the run that goes on, or wait for its end.'),
  REPLAY_UNKNOWN: entry('input', 2, 'The run has ended. Start it again.'),
  REPLAY_DIFFERENCES: entry(
    'input',
    6,
    'Look at the differences that were told. --policy step goes through them one by one.',
  ),
  LOG_FULL: entry('input', 2, 'The log reached its greatest size and was closed. Start another one.'),
  LOG_TOO_SLOW: entry('input', 2, 'The disk does not keep up with the line. Log to a faster disk, or less.'),
  LSO_FILE_INVALID: entry(
    'input',
    2,
    'This is no file of Netcore: it is too short, or its lengths make no sense. Check the path.',
  ),
  LSO_FILE_INCOMPLETE: entry(
    'input',
    2,
    'The file ends before its body does: it was cut off while it was written. Get it anew.',
  ),
  PROFILE_UNKNOWN: entry(
    'input',
    2,
    'Profiles are the files in the folder "profiles" of the workspace: choose one of them, or save it first.',
  ),
  PROFILE_INVALID: entry(
    'input',
    2,
    'Correct the file of the profile: lines such as "url = serial:/dev/ttyUSB0?baud=115200".',
  ),
  PROFILES_TOO_MANY: entry('input', 2, 'Remove profiles that are not needed any more.'),
  WORKSPACE_CONFLICT: entry(
    'input',
    2,
    'Somebody else changed the file. Look at what it says now, then save again; your text is still here.',
  ),
  WORKSPACE_FILE_UNKNOWN: entry(
    'input',
    2,
    'The file was removed or renamed. Choose another one, or save it anew.',
  ),
  WORKSPACE_NAME_INVALID: entry(
    'input',
    2,
    'Use letters, digits, blanks, "-" and "_"; "/" puts the file into a collection.',
  ),
  WORKSPACE_NAME_TAKEN: entry('input', 2, 'Choose another name, or remove the file that has it.'),
  WORKSPACE_FILE_TOO_LARGE: entry(
    'input',
    2,
    'Make the file smaller: files of a workspace have up to 512 KiB.',
  ),
  WORKSPACE_FULL: entry('input', 2, 'Remove files that are not needed any more: a kind has up to 2000.'),
  VARIABLE_UNKNOWN: entry('input', 2, 'Choose an environment that has the variable, or give it a value.'),
  DRAFT_INVALID: entry('input', 2, 'Correct the message at the place that is named.'),
  ENVIRONMENT_UNKNOWN: entry(
    'input',
    2,
    'Environments are the files in the folder "environments" of the workspace: choose one of them, or make it first.',
  ),
  ENVIRONMENT_INVALID: entry('input', 2, 'Correct the file of the environment at the line that is named.'),
  SETTINGS_INVALID: entry(
    'input',
    2,
    'Correct settings/screen.yaml at the line that is named, or remove the file to begin anew.',
  ),
  SECRETS_TOO_MANY: entry('input', 2, 'Forget secrets that are not needed any more.'),
  SECRET_LOCKED: entry(
    'input',
    2,
    'The value lies in the key store of another program or person. Set the secret again here.',
  ),
  LINK_UNKNOWN: entry('input', 2, 'This link does not exist any more. Choose another.'),
  SOURCE_UNKNOWN: entry('input', 2, 'This recording is not open any more. Open it again from the library.'),
  SOURCE_IS_RECORDING: entry('input', 2, 'Go back to the live session first: Alt+0.'),
  SOURCE_IS_LIVE: entry('input', 2, 'Open a recording first, from the page of recordings.'),
  SOURCES_TOO_MANY: entry('input', 2, 'Close a recording that is not looked at any more.'),
  LINKS_TOO_MANY: entry('input', 2, 'Close and remove links that are not needed any more.'),
  FILTER_INVALID: entry('input', 2, 'Correct the filter at the position shown.'),
  VIEWS_TOO_MANY: entry('input', 2, 'Close a list that is not needed any more.'),
  NOTES_TOO_MANY: entry('input', 2, 'Remove markers and notes that are not needed any more.'),
  TRIGGER_INVALID: entry('input', 2, 'Correct this part of the trigger.'),
  TRIGGER_UNKNOWN: entry('input', 2, 'This trigger was removed.'),
  TRIGGERS_TOO_MANY: entry('input', 2, 'Remove triggers that are not needed any more.'),
  SNIPPET_UNKNOWN: entry(
    'input',
    2,
    'Snippets are the files in the folder "snippets" of the workspace: choose one of them.',
  ),
  SNIPPET_INVALID: entry('input', 2, 'Correct the snippet at the place shown.'),
  SNIPPETS_TOO_MANY: entry('input', 2, 'Stop a snippet that is running, then run this one.'),
  SNIPPET_RUN_UNKNOWN: entry('input', 2, 'This run is no longer kept.'),
  SNIPPET_STEPS_EXHAUSTED: entry(
    'input',
    2,
    'Let the snippet wait between its repeats, or repeat less: it took more steps than a run may.',
  ),
  SNIPPET_TIMEOUT: entry(
    'request',
    4,
    'The snippet took longer than its timeout. Look at the step it was at, or give it a longer timeout.',
  ),
  EXPECTATION_TIMEOUT: entry(
    'request',
    4,
    'No message matched in time. Compare the filter with what came, or give it longer with "within".',
  ),
  EXPECTATION_FAILED: entry('request', 5, 'Compare the answer with what the step expects of it.'),
  SNIPPET_VALUE_MISSING: entry('request', 5, 'Compare the field of the step with the message it reads.'),
  SNIPPET_CONDITION: entry('request', 5, 'The condition of a "stop if" with "fail: true" held.'),
  SNIPPET_STOPPED: entry('request', 1, 'The snippet was stopped on request. Run it again when ready.'),
  NOTE_UNKNOWN: entry('input', 2, 'This marker or note was removed.'),
  MESSAGE_UNKNOWN: entry('input', 2, 'This message is no longer in memory, or never was.'),

  // library: limits and rules of events, scheduler and cache
  HANDLERS_TOO_MANY: entry(
    'request',
    2,
    'Handlers are added and never removed. Remove them with off, or raise the limit.',
  ),
  TASK_UNKNOWN: entry('input', 2, 'Look at the names of the tasks; perhaps its file was removed meanwhile.'),
  TASK_INVALID: entry('input', 2, 'Correct the file of the task at the line that is named.'),
  TASK_BUSY: entry('request', 1, 'Wait until the run that was asked for has begun.'),
  TASKS_TOO_MANY: entry('request', 2, 'Cancel tasks that are not needed any more.'),
  TASK_TIMING_INVALID: entry(
    'input',
    2,
    'Delays are 0 ms or more, intervals 1 ms or more, both finite and under 100 years.',
  ),
  TASK_OPTION_INVALID: entry('input', 2, 'Correct the option of the task that the message names.'),
  TASK_TIMEOUT: entry(
    'request',
    4,
    'The run of the task took longer than it may. Allow more time, or do less.',
  ),
  TASK_CANCELLED: entry('request', 5, 'The task was cancelled while it ran.'),
  CRON_INVALID: entry(
    'input',
    2,
    'Write five fields (minute hour day month weekday) or six (seconds first): "*/5 * * * *" is every 5 minutes.',
  ),
  CACHE_KEY_TOO_LONG: entry('input', 2, 'Use a shorter key, for example a digest of the long one.'),
  CACHE_TTL_INVALID: entry('input', 2, 'A time to live is 0 ms or more, or infinite.'),
  CACHE_ENTRY_TOO_LARGE: entry(
    'request',
    2,
    'The value is larger than the whole cache may be. Raise its limit.',
  ),
  CACHE_SIZE_UNKNOWN: entry(
    'input',
    2,
    'Only bytes, texts and JSON values are measured by themselves. Give the cache a function that tells sizes.',
  ),
  CACHE_KEY_UNKNOWN: entry(
    'input',
    2,
    'The entry expired or was deleted. Look at the list of changes for when.',
  ),
  CACHE_KEYS_TOO_MANY: entry('input', 2, 'Choose fewer entries at a time, or clear the whole cache.'),
  CACHE_KEY_EMPTY: entry('input', 2, 'Give the key a name, for example dev/rig-3/net.mtu.'),
  CACHE_VALUE_INVALID: entry('input', 2, 'Correct the value at the place named, or choose another format.'),
  CACHING_RULE_INVALID: entry('input', 2, 'Correct the caching rule that the message names.'),
  CACHING_RULES_TOO_MANY: entry(
    'input',
    2,
    'Remove rules that are not needed, or join some with * at the end.',
  ),
  CACHE_OPTION_INVALID: entry('input', 2, 'Correct the option of the cache that the message names.'),
  CACHE_BUSY: entry(
    'request',
    3,
    'Too many callers wait for values that are being computed. Try again later.',
  ),

  INTERNAL: entry('internal', 1, 'This is a defect of the program. Please report it with the text above.'),
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof ERROR_CATALOGUE
