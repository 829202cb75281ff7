import { type CatalogueEntry, entry } from './entry'

/** Messages that fail alone, exchanges, and what applications do with them. */
export const exchangeErrors = {
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
    'No byte came for this message for a while; the peer may have cancelled it. Ask again.',
  ),
  MESSAGE_CANCELLED: entry(
    'message',
    5,
    'The message was cancelled before it was complete. Send it again if it is still wanted.',
  ),
  MESSAGE_INTERRUPTED: entry(
    'message',
    3,
    'The link went down while the message was on its way. Send it again when the link is back.',
  ),
  REASSEMBLY_FULL: entry(
    'message',
    3,
    'Let the peer have fewer messages on their way at once, or raise the limit. The newest was refused.',
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
  REQUEST_CANCELLED: entry(
    'request',
    5,
    'The request was cancelled before its answer came. Ask again if it is still wanted.',
  ),
  BODY_UNREADABLE: entry('request', 1, 'The file of the body changed or is gone. Send it again.'),
  BODY_NOT_STORED: entry('request', 1, 'Free space on the disk, or choose another folder.'),
  REQUEST_BODY_INVALID: entry('request', 5, 'Send the body that this route expects.'),
  FILE_TRANSFER_FAILED: entry('request', 5, 'See the message for the reason, and send the file again.'),
  ROUTE_UNKNOWN: entry('request', 5, 'The other side has no handler for this route. Check its spelling.'),
  PEER_FAILED: entry('request', 5, 'The peer says what went wrong; see its message.'),
  HANDLER_FAILED: entry('request', 5, 'The handler of the route failed. See its message.'),
  ANSWER_UNMATCHED: entry(
    'request',
    5,
    'Its request waits no more: allow more time if it came late, report it to the peer if it came twice.',
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
  BROKER_NO_ADDRESS: entry(
    'request',
    5,
    'Say in the header "@" whom the message is for: NAME, NAME!, NAME* or *.',
  ),
  BROKER_NO_TARGET: entry(
    'request',
    5,
    'Nobody of this name is connected. A session gives its name in its address: /path?@=NAME.',
  ),
  BROKER_FAN_OUT: entry('request', 5, 'Too many sessions are meant at once. Choose a name that fewer have.'),
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
  BLUEPRINT_CYCLE: entry(
    'request',
    2,
    'A blueprint cannot be registered within itself: leave out the inner registration.',
  ),
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
} as const satisfies Record<string, CatalogueEntry>
