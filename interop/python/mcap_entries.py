"""Reads an MCAP file with the reader from PyPI and says what is in it, as JSON on one line."""

import hashlib
import json
import sys
from collections import Counter

from mcap.reader import make_reader

with open(sys.argv[1], "rb") as file:
    reader = make_reader(file, validate_crcs=True)
    summary = reader.get_summary()
    topics = Counter()
    digest = hashlib.sha256()
    entries = sorted(
        (message.sequence, channel.topic, message.log_time, message.data)
        for _, channel, message in reader.iter_messages(log_time_order=False)
    )
    for sequence, topic, log_time, data in entries:
        topics[topic] += 1
        digest.update(f"{sequence} {topic} {log_time} {len(data)} ".encode())
        digest.update(data)
    schemas = sorted(schema.name for schema in summary.schemas.values())
    print(
        json.dumps(
            {
                "entries": len(entries),
                "counted": summary.statistics.message_count,
                "topics": topics,
                "sha256": digest.hexdigest(),
                "schemas": schemas,
                "compressions": sorted({index.compression for index in summary.chunk_indexes}),
                "metadata": sorted(record.name for record in reader.iter_metadata()),
            }
        )
    )
