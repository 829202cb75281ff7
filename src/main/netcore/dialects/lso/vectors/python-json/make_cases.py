"""Writes cases.json: JSON texts and what Python's own json module makes of them.

    python3 make_cases.py > cases.json

`output` is json.dumps(json.loads(input)), or null when json.loads refuses the input. Left out is what JavaScript
numbers and objects cannot tell apart: floats without a fraction below 2**53, and keys that look like array indexes.
"""
import json
import random
import struct
import sys

random.seed(20261121)


def loads(text):
    def number(token):
        value = float(token)
        if value.is_integer() and abs(value) < 2**53 and (value != 0 or token[0] != "-"):
            raise KeyError("not distinct in JavaScript")
        return value
    return json.loads(text, parse_float=number)


def case(text):
    try:
        value = loads(text)
    except KeyError:
        return None
    except (ValueError, RecursionError):
        return {"input": text, "output": None}
    return {"input": text, "output": json.dumps(value)}


def some_text():
    ranges = [(0, 0x1f), (0x20, 0x7f), (0x20, 0x7f), (0x80, 0x2ff), (0x2000, 0x20ff), (0xd800, 0xdfff), (0xfff0, 0xffff),
              (0x1f300, 0x1f6ff)]
    return "".join(chr(random.randint(*random.choice(ranges))) for _ in range(random.randint(0, 8)))


def some_float():
    kind = random.randint(0, 3)
    if kind == 0:
        return struct.unpack("<d", random.randbytes(8))[0]
    if kind == 1:
        return random.uniform(-1e3, 1e3)
    return random.randint(1, 99999) * 10.0 ** random.randint(-12, 25)


def some_value(depth=0):
    kind = random.randint(0, 9)
    if depth < 4 and kind < 2:
        return [some_value(depth + 1) for _ in range(random.randint(0, 4))]
    if depth < 4 and kind < 4:
        return {"k" + some_text(): some_value(depth + 1) for _ in range(random.randint(0, 4))}
    if kind < 6:
        return some_float()
    if kind < 7:
        return random.randint(-10 ** random.randint(1, 30), 10 ** random.randint(1, 30))
    return random.choice([None, True, False, some_text(), some_text()])


FIXED = [
    "null", " true ", "[false]", "0", "-0", "-0.0", "1.5", "1e16", "1e22", "123456789012345.6", "1e-4", "1e-5", "1.5E-7",
    "5e-324", "1.7976931348623157e308", "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993",
    "9007199254740994.0", "9.1e15", "1e17", "12345678901234567890123456789", '"\\u00e9\u00e9\\ud83d\\ude00"', '"\\ud800"',
    '"\\udc00\\ud800x"', '"\x7f/\\/\u2028"', '"\\b\\f\\n\\r\\t\\"\\\\"', '{"a":1,"a":2}', '{"b":1,"a":2,"b":3}',
    '{"__proto__":{"x":1},"constructor":null}', '{"":""}', "[]", "{}", "[[],{}]", "\t[\n1 ,\r2 ]",
    "", " ", "01", "-", "+1", ".5", "1.", "1e", "0x10", "tru", "nul", "None", "'a'", '"a', '"\\x"', '"\\u12"', '"\\u12g4"',
    '"\n"', '"\x00"', "[1,]", "[,1]", "[1 2]", "{,}", '{"a"}', '{"a":}', '{"a":1,}', "{1:2}", "{'a':1}", "[1]]", "1 2",
    "\ufeff1", "[", "{", "]", "\u00a01", '{"a":1}x', "9" * 4300, "9" * 4301, "-" + "9" * 4300, "Infinit", "NaNs",
]

cases = [case(text) for text in FIXED]
for _ in range(300):
    value = some_value()
    text = json.dumps(value, ensure_ascii=random.random() < 0.5, indent=random.choice([None, None, 1]))
    cases.append(case(text))
    if text:  # the same, damaged in one place
        at = random.randrange(len(text))
        cases.append(case(text[:at] + random.choice(['', '"', ',', '\\', '}', '0', 'e', '\x01']) + text[at + 1:]))
kept = [each for each in cases if each is not None and "NaN" not in (each["output"] or "") and
        "Infinity" not in (each["output"] or "")]
json.dump({"python": sys.version.split()[0], "cases": kept}, sys.stdout, indent=0)
