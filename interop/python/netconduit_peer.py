"""A program built on the real netconduit, driven by JSON lines: the other end of our interop tests.

    netconduit_peer.py serve  [--password P] [--compress] [--heartbeat S,S] [--files DIR] [--cert FILE --key FILE]
    netconduit_peer.py client --port N [--password P] [--compress] [--heartbeat S,S] [--files DIR] [--ca FILE]

A server offers the methods `add`, `echo`, `digest`, `slow`, `fail`, `big`, the messages `echo`, `sink` and `digest`, the stream
`ticks`, and with --files the file transfer of the library. The release on PyPI makes TLS contexts, which its server and its
client then leave unused: with --cert and --ca those contexts stand in front of them. Both take commands on stdin, one JSON object a line, and write
what happens to stdout, one JSON object a line, each with an "event".
"""

import argparse
import asyncio
import hashlib
import json
import logging
import os
import socket
import sys
import traceback

REAL_STDOUT = os.fdopen(os.dup(1), "w")
sys.stdout = open(os.devnull, "w")
logging.disable(logging.CRITICAL)

from conduit import Client, ClientDescriptor, Server, ServerDescriptor, StreamManager  # noqa: E402
from conduit.transfer import FileTransferHandler  # noqa: E402
from netconduit_bench import Bench  # noqa: E402
from conduit.transport.tls import TLSConfig, create_client_ssl_context, create_server_ssl_context  # noqa: E402


def say(event, **fields):
    REAL_STDOUT.write(json.dumps({"event": event, **fields}) + "\n")
    REAL_STDOUT.flush()


def pattern(size, seed):
    """Byte i is (i * 31 + seed) mod 256, as the demo routes promise."""
    period = bytes((i * 31 + seed) % 256 for i in range(256))
    return (period * (size // 256 + 1))[:size]


def told(value):
    """A value in words that JSON has: bytes by their digest."""
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": len(value), "sha256": hashlib.sha256(value).hexdigest()}
    if isinstance(value, dict):
        return {str(key): told(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [told(item) for item in value]
    return value


async def commands(handlers):
    """Runs each command beside the others; the end of stdin ends the program."""
    reader = asyncio.StreamReader(limit=64 * 1024 * 1024)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running = set()
    while line := await reader.readline():
        command = json.loads(line)

        async def run(command=command):
            try:
                await handlers[command["cmd"]](command)
            except Exception as error:  # told, so that a test fails by what went wrong
                say("failed", tag=command.get("tag"), error=f"{type(error).__name__}: {error}", trace=traceback.format_exc())

        task = asyncio.create_task(run())
        running.add(task)
        task.add_done_callback(running.discard)


def content(command):
    if "size" in command:
        return pattern(command["size"], command.get("seed", 0))
    return command.get("json")


def options_of(args):
    interval, timeout = (int(part) for part in args.heartbeat.split(","))
    return dict(
        password=args.password,
        enable_compression=args.compress,
        heartbeat_interval=interval,
        heartbeat_timeout=timeout,
    )


def free_port():
    """The library takes no port 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def pipe(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def front(port, listen_tls, connect_tls):
    """Takes connections and carries them to a port, each side with TLS or without. Gives its own port."""

    async def carry(reader, writer):
        try:
            there = await asyncio.open_connection(
                "127.0.0.1", port, ssl=connect_tls, server_hostname="localhost" if connect_tls else None
            )
        except OSError as error:
            say("tls_refused", error=str(error))
            writer.close()
            return
        version = (writer if listen_tls else there[1]).get_extra_info("ssl_object").version()
        say("tls", version=version)
        await asyncio.gather(pipe(reader, there[1]), pipe(there[0], writer))

    server = await asyncio.start_server(carry, "127.0.0.1", 0, ssl=listen_tls)
    return server.sockets[0].getsockname()[1]


async def serve(args):
    args.port = args.port or free_port()
    server = Server(ServerDescriptor(host="127.0.0.1", port=args.port, **options_of(args)))
    streams = StreamManager()
    streams.register_server_handlers(server)
    streams.create("ticks")
    files = FileTransferHandler(args.files) if args.files else None
    if files:
        files.register_server_handlers(server)

    @server.rpc
    async def add(a: int, b: int) -> int:
        """Adds two numbers."""
        return a + b

    @server.rpc
    async def echo(value=None):
        return value

    @server.rpc
    async def digest(value=None) -> dict:
        return told(value)

    @server.rpc
    async def slow(ms: int) -> dict:
        await asyncio.sleep(ms / 1000)
        return {"ms": ms}

    @server.rpc
    async def big(bytes: int, seed: int = 0):
        return pattern(bytes, seed)

    @server.rpc
    async def fail():
        raise RuntimeError("as asked")

    @server.on("echo")
    async def echo_message(client, data):
        return data

    @server.on("sink")
    async def sink_message(client, data):
        return len(data)

    @server.on("digest")
    async def digest_message(client, data):
        say("message", type="digest", data=told(data))
        return told(data)

    clients = []

    @server.on_client_connect
    async def connected(connection):
        clients.append(connection.id)
        say("connected")

    @server.on_client_disconnect
    async def disconnected(connection):
        say("disconnected")

    await server.start()
    port = args.port
    if args.cert:
        tls = create_server_ssl_context(TLSConfig(enabled=True, cert_file=args.cert, key_file=args.key))
        port = await front(args.port, tls, None)
    say("listening", port=port)

    async def broadcast(command):
        say("broadcast", count=await server.broadcast(command["type"], content(command)))

    async def push(command):
        for item in command["items"]:
            await streams.push_to_clients("ticks", item)
        say("pushed", count=len(command["items"]))

    async def push_file(command):
        say("file_pushed", result=await files.send_to_client(server, clients[-1], command["path"]))

    await commands({"broadcast": broadcast, "push": push, "push_file": push_file})


async def connect(args):
    if args.ca:
        args.port = await front(args.port, None, create_client_ssl_context(TLSConfig(enabled=True, ca_file=args.ca)))
    client = Client(
        ClientDescriptor(
            server_host="127.0.0.1",
            server_port=args.port,
            reconnect_enabled=False,
            connect_timeout=5,
            rpc_timeout=30.0,
            **options_of(args),
        )
    )
    files = FileTransferHandler(args.files) if args.files else None
    if files:
        files.register_client_handlers(client)

        @files.on_file_received
        async def received(path, result):
            say("file_received", name=os.path.basename(path), size=result["size"])

    seen = []
    for kind in ("echo_response", "digest_response", "news", "stream_data", "stream_closed", "nobody_response"):

        def listen(kind=kind):
            @client.on(kind)
            async def handle(data):
                seen.append(kind)
                say("message", type=kind, data=told(data))

        listen()

    @client.on_disconnect
    async def disconnected(*_):
        say("disconnected")

    bench = Bench(client, pattern)
    is_in = await client.connect()
    say("connected" if is_in else "refused", server=client.server_info if is_in else None)

    async def call(command):
        args = content(command)
        args = {"value": args} if not isinstance(args, dict) else args
        say("answer", tag=command.get("tag"), result=told(await client.rpc.call(command["method"], args=args)))

    async def calls(command):
        async def one(n):
            return (await client.rpc.call("add", args={"a": n, "b": 1000}))["data"]["sum"]

        say("answers", sums=await asyncio.gather(*(one(n) for n in range(command["count"]))))

    async def send(command):
        await client.send(command["type"], content(command))
        say("sent", tag=command.get("tag"))

    async def upload(command):
        say("uploaded", result=told(await files.send_to_server(client, command["path"])))

    async def download(command):
        await files.receive_from_server(client, command["filename"], command["to"])
        say("downloaded")

    async def measure(command):
        say("measured", tag=command["tag"], **await bench.run(command))

    async def disconnect(command):
        await client.disconnect()
        say("gone")

    if is_in:
        await commands(
            {
                "call": call,
                "calls": calls,
                "send": send,
                "upload": upload,
                "download": download,
                "bench": measure,
                "disconnect": disconnect,
            }
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=["serve", "client"])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--password", default="secret")
    parser.add_argument("--compress", action="store_true")
    parser.add_argument("--heartbeat", default="30,90")
    parser.add_argument("--files", default="")
    parser.add_argument("--cert", default="")
    parser.add_argument("--key", default="")
    parser.add_argument("--ca", default="")
    args = parser.parse_args()
    asyncio.run(serve(args) if args.role == "serve" else connect(args))
    os._exit(0)


main()
