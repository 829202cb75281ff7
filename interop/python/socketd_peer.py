"""A program built on the real Socket.D for Python (WebSocket only), driven by JSON lines: as interop/java/Peer.java is.

    socketd_peer.py serve
    socketd_peer.py client URL

Both roles answer `echo`, `digest`, `big`, `count` and `fail`, and take the commands `send`, `request`, `subscribe` and
`close` on stdin, one JSON object a line.
"""

import asyncio
import hashlib
import json
import logging
import os
import socket
import sys

REAL_STDOUT = os.fdopen(os.dup(1), "w")
sys.stdout = open(os.devnull, "w")
logging.disable(logging.CRITICAL)

from loguru import logger  # noqa: E402

logger.remove()

from socketd import SocketD  # noqa: E402
from socketd.transport.core.Listener import Listener  # noqa: E402
from socketd.transport.core.entity.EntityDefault import EntityDefault  # noqa: E402
from socketd.transport.core.entity.StringEntity import StringEntity  # noqa: E402


def say(event, **fields):
    REAL_STDOUT.write(json.dumps({"event": event, **fields}) + "\n")
    REAL_STDOUT.flush()


def pattern(size, seed):
    """Byte i is (i * 31 + seed) mod 256, as the demo routes promise."""
    period = bytes((i * 31 + seed) % 256 for i in range(256))
    return (period * (size // 256 + 1))[:size]


def digest(data):
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


class Routes(Listener):
    def __init__(self):
        self.session = None

    async def on_open(self, session):
        self.session = session
        say("open", params=session.handshake().param_map())

    async def on_message(self, session, message):
        data = message.data_as_bytes()
        say("message", route=message.event(), metas=message.meta_map(), data=digest(data))
        if not (message.is_request() or message.is_subscribe()):
            return
        route = message.event()
        if route == "echo":
            await session.reply_end(message, EntityDefault().meta_map_put(dict(message.meta_map())).data_set(data))
        elif route == "digest":
            await session.reply_end(message, StringEntity(json.dumps(digest(data))))
        elif route == "big":
            asked = json.loads(data)
            await session.reply_end(message, EntityDefault().data_set(pattern(asked["bytes"], asked.get("seed", 0))))
        elif route == "count":
            count = json.loads(data)["n"]
            for n in range(count - 1):
                await session.reply(message, StringEntity(str(n)))
            await session.reply_end(message, StringEntity(str(count - 1)))
        else:
            await session.send_alarm(message, "as asked" if route == "fail" else "no such event")

    async def on_close(self, session):
        say("closed", code=session.close_code())

    async def on_error(self, session, error):
        say("error", error=str(error))


def content(command):
    if "size" in command:
        entity = EntityDefault().data_set(pattern(command["size"], command.get("seed", 0)))
    else:
        entity = StringEntity(command.get("text", ""))
    return entity.meta_map_put(command.get("metas", {}))


def told(reply):
    data = reply.data_as_bytes()
    return digest(data) if len(data) > 4096 else data.decode()


async def send(session, command):
    session.send(command["route"], content(command))
    say("sent", tag=command.get("tag"))


async def request(session, command):
    tag = command.get("tag")

    async def answered(reply):
        say("answer", tag=tag, isEnd=reply.is_end(), metas=reply.meta_map(), data=told(reply))

    async def failed(error):
        say("failed", tag=tag, error=str(error))

    stream = session.send_and_request(command["route"], content(command), 40_000)
    stream.then_reply(answered).then_error(failed)


async def subscribe(session, command):
    tag = command.get("tag")
    items = []

    async def answered(reply):
        items.append(int(reply.data_as_string()))
        if reply.is_end():
            say("ended", tag=tag, count=len(items), sum=sum(items))

    session.send_and_subscribe(command["route"], content(command), 40_000).then_reply(answered)


async def commands(routes):
    """Runs each command beside the others; the end of stdin ends the program."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running = set()
    while line := await reader.readline():
        command = json.loads(line)

        async def run(command=command):
            try:
                await HANDLERS[command["cmd"]](routes.session, command)
            except Exception as error:  # told, so that a test fails by what went wrong
                say("failed", tag=command.get("tag"), error=f"{type(error).__name__}: {error}")

        task = asyncio.create_task(run())
        running.add(task)
        task.add_done_callback(running.discard)


async def close(session, command):
    await session.close()
    say("gone")


HANDLERS = {"send": send, "request": request, "subscribe": subscribe, "close": close}


def free_port():
    """The library takes no port 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def main():
    routes = Routes()
    if sys.argv[1] == "serve":
        port = free_port()
        await SocketD.create_server("sd:ws").config(lambda it: it.host("127.0.0.1").port(port)).listen(routes).start()
        say("listening", port=port)
    else:
        client = SocketD.create_client(sys.argv[2]).config(lambda it: it.auto_reconnect(False).connect_timeout(5_000))
        try:
            await client.listen(routes).open_or_throw()
        except Exception as error:
            say("refused", error=str(error))
            return
        say("connected")
    await commands(routes)


asyncio.run(main())
os._exit(0)
