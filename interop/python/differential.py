"""The real Python Netcore as encoder or decoder of whole streams.

    differential.py decode FILE COUNT       reads the bytes of FILE; one JSON line per message: info, bytes, sha256
    differential.py encode FILE COUNT SEED  writes COUNT random messages to FILE; one JSON line per message, the same
"""

import hashlib
import json
import logging
import os
import random
import sys
import time

REAL_STDOUT = os.fdopen(os.dup(1), "w")
sys.stdout = open(os.devnull, "w")
logging.disable(logging.CRITICAL)

from netcore import Pipe  # noqa: E402


def say(info, body):
    line = {"info": info, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    REAL_STDOUT.write(json.dumps(line) + "\n")


def decode(path, count):
    stream = open(path, "rb")

    def read(length):
        part = stream.read(length)
        while length > 0 and not part:
            time.sleep(60)  # the end: Netcore has no word for it
        return part

    pipe = Pipe(read, lambda data: None)
    pipe.start()
    for _ in range(count):
        while not pipe.is_data:
            time.sleep(0.001)
        body, info = pipe.recv()
        say(info, body)


def random_value(source, depth=0):
    kind = source.randrange(8 if depth < 3 else 6)
    if kind == 0:
        return "".join(chr(source.choice([65, 97, 34, 92, 10, 0, 127, 0xE9, 0x20AC, 0x1F600])) for _ in range(source.randrange(9)))
    if kind == 1:
        return source.choice([0, -1, 2**53, -(2**63), 10**25, source.randrange(10**9)])
    if kind == 2:
        return source.choice([0.5, -0.0, 1e22, 1e-7, 3.0, source.random()])
    if kind == 3:
        return source.random() < 0.5
    if kind == 4:
        return None
    if kind == 5:
        return source.choice(["__proto__", "constructor", "toString", "route"])
    if kind == 6:
        return [random_value(source, depth + 1) for _ in range(source.randrange(4))]
    return {random_key(source): random_value(source, depth + 1) for _ in range(source.randrange(4))}


def random_key(source):
    return source.choice(["a", "b-c", "größe", "__proto__", "constructor", "x" * source.randrange(1, 30)])


def encode(path, count, seed):
    source = random.Random(seed)
    stream = open(path, "wb")
    pipe = Pipe(lambda length: time.sleep(3600), stream.write)
    for number in range(count):
        body = source.randbytes(source.choice([1, 100, 4096, 4097, source.randrange(1, 9000)]))
        info = {"route": f"r{number}", "message_id": f"{number:08d}", "h": random_value(source)}
        say(info, body)
        pipe.send(body, info)
    pipe.start()
    quiet, size = 0, -1
    while quiet < 20:
        time.sleep(0.05)
        stream.flush()
        quiet, size = (quiet + 1 if stream.tell() == size else 0), stream.tell()


if sys.argv[1] == "decode":
    decode(sys.argv[2], int(sys.argv[3]))
else:
    encode(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
REAL_STDOUT.flush()
os._exit(0)  # the threads of Netcore never end
