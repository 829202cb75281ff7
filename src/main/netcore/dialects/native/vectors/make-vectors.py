"""Writes primitives.json and frames.json, the golden bytes of the native wire layer.

Nothing here comes from the TypeScript code. The content of every frame is written out by hand, field by field, from the
layout of the protocol; checksum and stuffing come from other people's libraries:

    pip install cobs google-crc32c && python make-vectors.py

Run it again only when the protocol changes, and read the difference.
"""

import json
import random
import struct
from importlib.metadata import version
from pathlib import Path

import google_crc32c
from cobs import cobs

HERE = Path(__file__).parent
MADE_BY = (
    "make-vectors.py: contents by hand, CRC-32C by google-crc32c %s, COBS by cobs %s"
    % (version("google-crc32c"), version("cobs"))
)


def crc(data: bytes) -> bytes:
    return struct.pack("<I", google_crc32c.value(data))


def varint(value: int) -> bytes:
    out = bytearray()
    while True:
        low, value = value & 0x7F, value >> 7
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def xsafe(data: bytes) -> bytes:
    return b"".join(bytes([0x7D, b ^ 0x20]) if b in (0x11, 0x13, 0x7D) else bytes([b]) for b in data)


def primitives() -> dict:
    rng = random.Random(20261121)
    noise = bytes(rng.randrange(256) for _ in range(4096))
    text = bytes(1 + i % 255 for i in range(1100))
    crc_inputs = [b"", b"\0", b"123456789", b"\0" * 32, b"\xff" * 32, bytes(range(32)), noise[:255], noise[:256], noise]
    cobs_inputs = [
        b"", b"\0", b"\0\0", b"\x11\x22\0\x33", b"\x11\0\0\0", text[:253], text[:254], text[:255], text[:254] + b"\0",
        b"\0" + text[:254], text[:508], text[:509], text, b"\0" * 600, noise[:700], noise[:1500].replace(b"\0", b"\1"),
    ]
    values = [0, 1, 127, 128, 300, 16383, 16384, 65535, 2097151, 2097152, 2**28 - 1, 2**28, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**35 - 1]
    return {
        "madeBy": MADE_BY,
        "crc32c": [{"bytes": data.hex(), "crc": google_crc32c.value(data)} for data in crc_inputs],
        "cobs": [{"plain": data.hex(), "stuffed": cobs.encode(data).hex()} for data in cobs_inputs],
        "varint": [{"value": value, "bytes": varint(value).hex()} for value in values],
        "xsafe": [{"plain": p.hex(), "escaped": xsafe(p).hex()} for p in (b"", b"\x11", b"\x13\x7d\x11", b"\x12\x31\x33\x5d", noise[:300])],
    }


FRAMES: list = []


def frame(name: str, fields: dict, content: str, content_len: str | None = None) -> None:
    """`content` is what COBS carries; `content_len` what LEN carries where it differs (positions)."""
    on_cobs = bytes.fromhex(content)
    on_len = bytes.fromhex(content_len or content)
    stuffed = cobs.encode(on_cobs + crc(on_cobs))
    entry = {
        "name": name,
        "frame": fields,
        "content": on_cobs.hex(),
        "cobs": stuffed.hex() + "00",
        "xsafe": xsafe(stuffed).hex() + "00",
        "len": (varint(len(on_len)) + on_len + crc(on_len)).hex(),
    }
    if fields["kind"] not in ("hello", "auth", "bye"):
        entry["lenWithoutCrc"] = (varint(len(on_len)) + on_len).hex()
    FRAMES.append(entry)


BODY_20 = "00112233445566778899aabbccddeeff01020304"

# type+flags, number, sid (slot 2 generation 1 = 9), alias 5, bytes
frame("request, 20-byte body, alias",
      {"kind": "req", "number": 7, "sid": 9, "route": 5, "extension": None, "hasHeaders": False, "isFin": True, "payload": BODY_20},
      "11 07 09 05" + BODY_20)
# slot 31 generation 3 = 127 still takes one byte
frame("request that goes on, highest one-byte sid, route 0, empty so far",
      {"kind": "req", "number": 255, "sid": 127, "route": 0, "extension": None, "hasHeaders": False, "isFin": False, "payload": ""},
      "10 ff 7f 00")
# EXT = 8 + FIN = 1; slot 32 generation 0 = 128 = 80 01; ext: priority 0, nothing else
frame("urgent request, sid of two bytes",
      {"kind": "req", "number": 0, "sid": 128, "route": 5,
       "extension": {"priority": 0, "totalBytes": None, "deadlineMs": None, "isRestartable": False},
       "hasHeaders": False, "isFin": True, "payload": "2a"},
      "19 00 8001 05 00 2a")
# NAME 4 + EXT 8; name "log/line" is 8 bytes; ext 3f = priority 7 + total + deadline + restart; 100000 = a0 8d 06; 1500 = dc 0b
frame("request by name with everything",
      {"kind": "req", "number": 128, "sid": 9, "route": "log/line",
       "extension": {"priority": 7, "totalBytes": 100000, "deadlineMs": 1500, "isRestartable": True},
       "hasHeaders": False, "isFin": False, "payload": "11137d"},
      "1c 80 09 08 6c6f672f6c696e65 3f a08d06 dc0b 11137d")
# HDR 2 + FIN 1; headers: varint 5, then MessagePack {"a": "b"} = 81 a1 61 a1 62
frame("subscription with headers",
      {"kind": "sub", "number": 1, "sid": 4, "route": 300, "extension": None, "hasHeaders": True, "isFin": True, "payload": "0581a161a162"},
      "23 01 04 ac02 05 81a161a162")
frame("event by a name that is not ASCII",
      {"kind": "evt", "number": 2, "sid": 0, "route": "t\u00fcr", "extension": None, "hasHeaders": False, "isFin": True, "payload": ""},
      "35 02 00 04 74c3bc72")
# total only: 8 + priority 3 = 0b
frame("event with its size",
      {"kind": "evt", "number": 3, "sid": 5, "route": 1,
       "extension": {"priority": 3, "totalBytes": 0, "deadlineMs": None, "isRestartable": False},
       "hasHeaders": False, "isFin": True, "payload": ""},
      "39 03 05 01 0b 00")
frame("answer, 20 bytes",
      {"kind": "ans", "number": 8, "sid": 9, "offset": -1, "hasHeaders": False, "isError": False, "isFin": True, "payload": BODY_20},
      "41 08 09" + BODY_20)
# FIN 1 + HDR 2 + ERR 4
frame("answer that is an error, with headers",
      {"kind": "ans", "number": 9, "sid": 9, "offset": -1, "hasHeaders": True, "isError": True, "isFin": True, "payload": "0081a1"},
      "47 09 09 00 81a1")
# AT 8: 513 = 01 02 little-endian, 81 04 as varint
frame("answer to a subscription, at its position",
      {"kind": "ans", "number": 10, "sid": 9, "offset": 513, "hasHeaders": False, "isError": False, "isFin": True, "payload": "ff"},
      "49 0a 09 0102 ff", "49 0a 09 8104 ff")
frame("data",
      {"kind": "data", "number": 11, "sid": 9, "offset": 256, "isFin": False, "payload": "00000001"},
      "58 0b 09 0001 00000001", "58 0b 09 8002 00000001")
frame("last data, nothing but its end",
      {"kind": "data", "number": 12, "sid": 9, "offset": 65535, "isFin": True, "payload": ""},
      "59 0c 09 ffff", "59 0c 09 ffff03")
frame("answer goes on",
      {"kind": "back", "number": 13, "sid": 131, "offset": 0, "isFin": False, "payload": "7d"},
      "78 0d 8301 0000 7d", "78 0d 8301 00 7d")
frame("probe", {"kind": "probe", "number": 14}, "60 0e")
# csid = slot 2 * 8 + generation 1 * 2 + owner 1 = 19; 70000 = f0 a2 04
frame("credit for a message of the peer",
      {"kind": "credit", "number": 15, "sid": 9, "isSendersSlot": False, "limit": 70000},
      "61 0f 13 f0a204")
frame("cancel of an own message",
      {"kind": "cancel", "number": 16, "sid": 9, "isSendersSlot": True, "code": 4},
      "62 10 12 04")
frame("end of a subscription",
      {"kind": "end", "number": 17, "sid": 9, "isSendersSlot": False, "finalPosition": 4242, "code": 0},
      "63 11 13 9221 00")
frame("alias",
      {"kind": "alias", "number": 18, "alias": 5, "priority": 2, "name": "sensor/read"},
      "64 12 05 02 73656e736f722f72656164")
frame("new priority",
      {"kind": "priority", "number": 19, "sid": 9, "isSendersSlot": True, "priority": 6},
      "65 13 12 06")
frame("control of a later version",
      {"kind": "unknown-control", "number": 20, "subtype": 15, "payload": "010203"},
      "6f 14 010203")
frame("ack, all up to 200", {"kind": "ack", "form": 0, "newest": 200, "run": 0, "bitmap": "", "timeTicks": None}, "80 c8")
frame("ack, a run", {"kind": "ack", "form": 1, "newest": 5, "run": 17, "bitmap": "", "timeTicks": None}, "81 05 11")
frame("ack, a run, two bytes of bitmap, time",
      {"kind": "ack", "form": 2, "newest": 5, "run": 0, "bitmap": "8001", "timeTicks": 4660},
      "86 05 00 8001 3412")
frame("ack, a run, seven bytes of bitmap",
      {"kind": "ack", "form": 3, "newest": 255, "run": 255, "bitmap": "ff0000000000fe", "timeTicks": None},
      "83 ff ff ff0000000000fe")
frame("ping",
      {"kind": "ping", "id": 1, "sentTicks": 305419896, "lastPongTicks": 0},
      "90 01 78563412 00000000")
frame("pong",
      {"kind": "pong", "id": 1, "receivedTicks": 4294967295, "sentTicks": 1},
      "a0 01 ffffffff 01000000")
NO_SETTINGS = {"largestFrameBytes": 120, "receiveBytes": 512, "slots": 2, "urgentSlots": 1, "firstCreditBytes": 384,
               "capabilities": 0, "ackDelayUs": 5000, "tickNs": 0, "largestMessageBytes": 65536, "identity": ""}
HELLO = {"kind": "hello", "wantsXsafe": False, "hasKeptState": False, "needsPassword": False, "hasHeard": False,
         "highestMajor": 1, "lowestMajor": 1, "mySession": 0x01020304, "yourSession": 0, "epoch": 0}
frame("the shortest hello", {**HELLO, "settings": NO_SETTINGS}, "b0 4e57 01 01 04030201 00000000 00")
# tag, length, value: 1 largest frame 1100 = 4c 04; 2 receive bytes 65536 = 00 00 01 00; 3 slots 32; 4 urgent 4;
# 5 first credit 16384 = 00 40; 6 capabilities 1fff; 7 ack delay 5000 is the default; 8 tick 1000 ns = e8 03;
# 9 largest message 2**34 in six bytes; 10 identity "box 7"
frame("a hello with settings",
      {**HELLO, "wantsXsafe": True, "hasKeptState": True, "needsPassword": True, "hasHeard": True, "highestMajor": 3, "yourSession": 4278190081, "epoch": 9,
       "settings": {"largestFrameBytes": 1100, "receiveBytes": 65536, "slots": 32, "urgentSlots": 4, "firstCreditBytes": 16384,
                    "capabilities": 8191, "ackDelayUs": 5000, "tickNs": 1000, "largestMessageBytes": 17179869184, "identity": "box 7"}},
      "bf 4e57 03 01 04030201 010000ff 09"
      "01 02 4c04  02 04 00000100  03 01 20  04 01 04  05 02 0040  06 02 ff1f  08 02 e803  09 06 000000000400  0a 05 626f782037")
frame("login, step 1",
      {"kind": "auth", "step": 1, "clientNonce": "000102030405060708090a0b0c0d0e0f", "user": "user"},
      "c0 01 000102030405060708090a0b0c0d0e0f 75736572")
frame("login, step 2",
      {"kind": "auth", "step": 2, "serverNonce": "101112131415161718191a1b1c1d1e1f", "salt": "202122232425262728292a2b2c2d2e2f", "iterations": 600000},
      "c0 02 101112131415161718191a1b1c1d1e1f 202122232425262728292a2b2c2d2e2f c0270900")
frame("login, step 3", {"kind": "auth", "step": 3, "clientProof": "7d" * 32}, "c0 03" + "7d" * 32)
frame("login, step 4", {"kind": "auth", "step": 4, "serverSignature": "00" * 32, "code": 0}, "c0 04" + "00" * 32)
frame("login, refused", {"kind": "auth", "step": 4, "serverSignature": None, "code": 7}, "c0 04 07")
frame("goodbye", {"kind": "bye", "code": 8, "text": "1..1"}, "d0 08 312e2e31")
frame("goodbye without words", {"kind": "bye", "code": 300, "text": ""}, "d0 ac02")
frame("a type of a later version", {"kind": "unknown", "type": 14, "flags": 9, "payload": "00"}, "e9 00")
frame("another type of a later version", {"kind": "unknown", "type": 15, "flags": 0, "payload": ""}, "f0")


def riding() -> list:
    """An ack and a frame inside the same delimiters: MORE (8) in the ack, contents one after the other, one checksum."""
    cases = [
        ("a clean ack under a request", "88 c8", "11 07 09 05" + BODY_20, "request, 20-byte body, alias"),
        ("an ack with bitmap and time under data", "8e 05 00 8001 3412", "58 0b 09 0001 00000001", "data"),
    ]
    out = []
    for name, ack, rider, rider_name in cases:
        entry = next(f for f in FRAMES if f["name"] == rider_name)
        ack_name = "ack, all up to 200" if ack.startswith("88") else "ack, a run, two bytes of bitmap, time"
        ack_bytes = bytes.fromhex(ack)
        on_cobs = ack_bytes + bytes.fromhex(rider)
        rider_len = bytes.fromhex(entry["lenWithoutCrc"])[1:]
        on_len = ack_bytes + rider_len
        out.append({
            "name": name, "ack": ack_name, "rider": rider_name,
            "cobs": cobs.encode(on_cobs + crc(on_cobs)).hex() + "00",
            "len": (varint(len(on_len)) + on_len + crc(on_len)).hex(),
            "lenWithoutCrc": (varint(len(on_len)) + on_len).hex(),
        })
    return out


def refused() -> list:
    """Contents that arrive whole and mean nothing."""
    cases = [
        ("type 0", "00"), ("type 0 with flags", "0f 01 02"), ("a request that ends inside its fields", "11 07"),
        ("a sid longer than it needs to be", "11 07 8900 05"), ("a sid of six bytes", "11 07 8080808080 01 05"),
        ("a name longer than the frame", "15 07 09 05 61626364"), ("a name that is not UTF-8", "15 07 09 02 c328"),
        ("an extension of a later version", "19 07 09 05 43"), ("an extension without its size", "19 07 09 05 0b"),
        ("a probe with bytes", "60 0e 00"), ("a credit without a limit", "61 0f 13"), ("a credit that goes on", "61 0f 13 00 00"),
        ("priority 8", "65 13 12 08"), ("an alias without a priority", "64 12 05"), ("an ack without a number", "80"),
        ("an ack without its run", "81 05"), ("an ack with half a bitmap", "83 05 00 ffffff"), ("an ack that goes on", "80 05 05"),
        ("an ack that announces a rider", "88 05"), ("a short ping", "90 01 0000000000"), ("a long pong", "a0 01 0000000000000000 00"),
        ("a hello of thirteen bytes", "b0 4e57 01 01 04030201 000000"), ("a hello without its word", "b0 4e58 01 01 04030201 00000000 00"),
        ("a login of no step", "c0"), ("a login of step 5", "c0 05 00"), ("a short nonce", "c0 01 0001"),
        ("a proof of 31 bytes", "c0 03" + "00" * 31), ("a refusal that says ok", "c0 04 00"), ("a goodbye without a code", "d0"),
    ]
    out = []
    for name, content in cases:
        data = bytes.fromhex(content)
        out.append({
            "name": name,
            "content": data.hex(),
            "cobs": cobs.encode(data + crc(data)).hex() + "00",
            "len": (varint(len(data)) + data + crc(data)).hex(),
        })
    return out


(HERE / "primitives.json").write_text(json.dumps(primitives(), indent=1) + "\n")
(HERE / "frames.json").write_text(
    json.dumps({"madeBy": MADE_BY, "frames": FRAMES, "riding": riding(), "refused": refused()}, indent=1, ensure_ascii=False) + "\n"
)
