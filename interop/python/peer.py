"""A program built on the real Python Netcore, driven by JSON lines: the other end of our interop tests.

    peer.py (--tcp-listen HOST:PORT | --tcp HOST:PORT | --serial PATH) [--workers N] [--routes demo|steps]

It offers the routes `echo`, `add`, `slow`, `big`, `fail` and `digest`, and takes commands on stdin, one JSON object a
line: {"cmd": "send", "tag", "route", "text" | "json" | "size" + "seed"}, {"cmd": "send_all", "messages"}, {"cmd": "cancel", "tag"}, {"cmd": "flood",
"count", "in_flight"} (requests to `add`, so many at a time), {"cmd": "exit"}.
What happens is written to stdout, one JSON object a line, each with an "event". Netcore itself prints to stdout for
debugging, so the real stdout is kept apart.
"""

import argparse
import hashlib
import json
import logging
import os
import socket
import sys
import threading
import time

REAL_STDOUT = os.fdopen(os.dup(1), "w")
sys.stdout = open(os.devnull, "w")
logging.disable(logging.CRITICAL)

from netcore import Blueprint, Endpoint, Pipe, Response, request  # noqa: E402
import netcore  # noqa: E402

OUT_LOCK = threading.Lock()


def say(event, **fields):
    with OUT_LOCK:
        REAL_STDOUT.write(json.dumps({"event": event, **fields}) + "\n")
        REAL_STDOUT.flush()


def pattern(size, seed):
    """Byte i is (i * 31 + seed) mod 256, as the demo routes promise."""
    period = bytes((i * 31 + seed) % 256 for i in range(256))
    return (period * (size // 256 + 1))[:size]


def digest(data):
    return hashlib.sha256(data).hexdigest()


def exact_socket_reader(connection):
    """Netcore needs a reader that returns exactly the bytes it asks for."""

    def read(count):
        parts, missing = [], count
        while missing > 0:
            part = connection.recv(missing)
            if not part:
                raise ConnectionError("the peer closed the connection")
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    return read


def open_stream(options):
    """Returns (read exactly, write all, name)."""
    if options.serial:
        import serial

        port = serial.Serial(options.serial, 115200, timeout=None)

        def write(data):
            port.write(data)
            port.flush()

        return port.read, write, options.serial
    if options.tcp:
        host, _, number = options.tcp.rpartition(":")
        connection = socket.create_connection((host, int(number)))
    else:
        host, _, number = options.tcp_listen.rpartition(":")
        listener = socket.create_server((host, int(number)))
        say("listening", host=host, port=listener.getsockname()[1])
        connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return exact_socket_reader(connection), connection.sendall, str(connection.getpeername())


def add_routes(endpoint):
    @endpoint.request("echo")
    def echo():
        return Response("echo", request.meta)

    @endpoint.request("add")
    def add():
        return Response("add", {"sum": request.json["a"] + request.json["b"]})

    @endpoint.request("slow")
    def slow():
        time.sleep(request.json["ms"] / 1000)
        return Response("slow", {"ms": request.json["ms"]})

    @endpoint.request("big")
    def big():
        return Response("big", pattern(request.json["bytes"], request.json["seed"]))

    @endpoint.request("fail")
    def fail():
        raise RuntimeError("the handler of /fail raises")

    @endpoint.request("digest")
    def digest_route():
        return Response("digest", {"bytes": request.size(), "sha256": digest(request.meta)})

    @endpoint.request("löschen/ü")
    def utf8_route():
        return Response("löschen/ü", {"gelöscht": request.string})

    @endpoint.error_handle
    def on_error(error):
        return Response("error", {"error": str(error)})

    @endpoint.default
    def unrouted():
        say("unrouted", route=request.route, bytes=request.size(), sha256=digest(request.meta))


def add_steps(endpoint):
    """Hooks and middleware of endpoint and blueprint that say when they run. interop/steps.ts is the same program."""

    def step(name):
        say("step", name=name)

    def wrapping(name):
        def middleware(handler):
            def wrapped():
                step(">" + name)
                result = handler()
                step("<" + name)
                return result

            return wrapped

        return middleware

    endpoint.middleware(wrapping("ep1"))
    endpoint.middleware(wrapping("ep2"))
    endpoint.before_request(lambda: step("before ep"))
    endpoint.after_request(lambda result: step("after ep"))

    blueprint = Blueprint("bp", prefix="/bp")
    blueprint.middleware(wrapping("bp"))
    blueprint.before_request(lambda: step("before bp"))
    blueprint.after_request(lambda result: step("after bp"))
    blueprint.error_handle(lambda error: Response("failed", {"said": str(error)}))

    @blueprint.request("/in")
    def inside():
        step("in")
        if request.json.get("fail"):
            raise RuntimeError("as asked")
        return Response("in", {"in": True})

    @endpoint.request("out")
    def outside():
        step("out")
        if request.json.get("fail"):
            raise RuntimeError("as asked")
        return Response("out", {"out": True})

    @endpoint.default
    def unrouted():
        step("default")
        return Response("default", {"never": "sent"})

    endpoint.register_blueprint(blueprint)


def main():
    parser = argparse.ArgumentParser()
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--tcp-listen")
    where.add_argument("--tcp")
    where.add_argument("--serial")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--routes", choices=["demo", "steps"], default="demo")
    options = parser.parse_args()

    say("version", netcore=netcore.__version__, python=sys.version.split()[0])
    read, write, name = open_stream(options)
    pipe = Pipe(read, write)
    endpoint = Endpoint(pipe, max_workers=options.workers)
    add_steps(endpoint) if options.routes == "steps" else add_routes(endpoint)
    endpoint.start(block=False)
    say("connected", peer=name)

    sent = {}

    def send(command):
        tag, route = command["tag"], command["route"]
        if "size" in command:
            data = pattern(command["size"], command.get("seed", 0))
        else:
            data = command["json"] if "json" in command else command["text"]

        def answered(answer):
            say(
                "answer",
                tag=tag,
                route=answer.route,
                cancelled=bool(answer.is_cancel),
                bytes=len(answer.meta),
                sha256=digest(answer.meta),
                text=answer.string[:500],
            )

        sent[tag] = endpoint.send(route, data, callback=answered)
        say("sent", tag=tag, ref=sent[tag]["mission_extension"])

    def flood(count, in_flight):
        """Every request has its own sum, so that a wrong answer is seen as well as a lost or a second one."""
        slots = threading.Semaphore(in_flight)
        lock = threading.Lock()
        answers = {}
        done = threading.Event()

        def ask(number):
            def answered(answer):
                with lock:
                    answers.setdefault(number, []).append(answer.json.get("sum"))
                    if len(answers) == count:
                        done.set()
                slots.release()

            endpoint.send("add", {"a": number, "b": 1}, callback=answered)

        for number in range(count):
            slots.acquire()
            ask(number)
        done.wait()
        right = sum(1 for number, sums in answers.items() if sums == [number + 1])
        say("flooded", count=count, answered=len(answers), right=right)

    for line in sys.stdin:
        command = json.loads(line)
        if command["cmd"] == "send":
            send(command)
        elif command["cmd"] == "send_all":
            # In one go: between two lines of stdin a busy machine may well send the first one whole.
            for each in command["messages"]:
                send(each)
        elif command["cmd"] == "cancel":
            done = endpoint.cancel_mission(sent[command["tag"]]["mission_extension"])
            say("cancelled", tag=command["tag"], done=bool(done))
        elif command["cmd"] == "flood":
            threading.Thread(target=flood, args=(command["count"], command["in_flight"]), daemon=True).start()
        elif command["cmd"] == "exit":
            break
    os._exit(0)  # the threads of Netcore never end


main()
