"""Reads and writes files of messages with the real Python Netcore (LsoProtocol(local=path)).

    lso_file.py write PATH EXTENSION BODY_HEX      a new file
    lso_file.py extension PATH EXTENSION           another extension, the body shifts
    lso_file.py read PATH                          tells what Python sees, as JSON
    lso_file.py release PATH                       leaves the bare body
"""

import json
import os
import sys

from netcore.lso import LsoProtocol

command, path, *rest = sys.argv[1:]

if command == "write":
    extension, body = rest
    message = LsoProtocol(local=path)
    message.extension = extension
    message.set_meta(bytes.fromhex(body))
elif command == "extension":
    LsoProtocol(local=path).extension = rest[0]
elif command == "read":
    message = LsoProtocol(local=path)
    exact, extra = LsoProtocol.check_complete(path)
    whole = b"".join(message.full_data(4096))
    body = whole[8 + len(message.extension.encode()) :]
    print(
        json.dumps(
            {"extension": message.extension, "length": message.length, "exact": exact, "extra": extra, "body": body.hex()}
        )
    )
elif command == "release":
    LsoProtocol(local=path).release_headinfo()
else:
    sys.exit(f"unknown command {command}")
