"""The measurements of our benchmark (bench/measure), done by the real netconduit at both ends."""

import asyncio
import math
import time

REQUEST_BYTES = 100
WARM_BYTES = 4 << 20


class Bench:
    def __init__(self, client, pattern):
        self.client = client
        self.pattern = pattern
        self.waiting = []

        @client.on("sink_response")
        async def sunk(data):
            self.waiting.pop(0).set_result(data)

    async def bulk(self, body):
        """One message, and the answer that says how much of it arrived."""
        answer = asyncio.get_running_loop().create_future()
        self.waiting.append(answer)
        await self.client.send("sink", body)
        if (received := await answer) != len(body):
            raise RuntimeError(f"{received} of {len(body)} bytes arrived")

    async def ask(self, index):
        body = index.to_bytes(4, "little") + b"\x05" * (REQUEST_BYTES - 4)
        if (await self.client.rpc.call("echo", args={"value": body}))["data"] != body:
            raise RuntimeError("wrong echo")

    async def rate(self, lanes, for_ms):
        start = time.perf_counter()
        done = 0

        async def lane():
            nonlocal done
            while (time.perf_counter() - start) * 1000 < for_ms:
                done += 1
                await self.ask(done)

        await asyncio.gather(*(lane() for _ in range(lanes)))
        return done / (time.perf_counter() - start)

    async def run(self, command):
        return await getattr(self, "measure_" + command["job"])(command)

    async def measure_bulk(self, command):
        await self.bulk(self.pattern(WARM_BYTES, 1))
        body = self.pattern(command["bytes"], 7)
        rates = []
        for _ in range(3):
            start = time.perf_counter()
            await self.bulk(body)
            rates.append(len(body) / 1e6 / (time.perf_counter() - start))
        return {"megabytesPerSecond": sorted(rates)[1]}

    async def measure_rate(self, command):
        for lanes in (1, 64):
            await self.rate(lanes, command["forMs"])
        return {
            "sequentialPerSecond": await self.rate(1, command["forMs"]),
            "concurrentPerSecond": await self.rate(64, command["forMs"]),
        }

    async def measure_latency(self, command):
        """Requests at fixed times, whether or not earlier ones were answered; an unanswered one counts with its age."""
        for index in range(100):
            await self.ask(index)
        transfers = None
        if command["isUnderBulk"]:
            await self.bulk(self.pattern(WARM_BYTES, 1))
            body = self.pattern(command["bytes"], 7)

            async def again():
                while True:
                    await self.bulk(body)

            transfers = asyncio.create_task(again())
        start = time.perf_counter() + 0.02
        called, answered = [], {}

        async def one(index):
            await self.ask(index)
            answered[index] = time.perf_counter()

        running = []
        for index in range(command["requests"]):
            await asyncio.sleep(max(0, start + index * command["everyMs"] / 1000 - time.perf_counter()))
            called.append(time.perf_counter())
            running.append(asyncio.create_task(one(index)))
        await asyncio.wait(running, timeout=0.5)
        end = time.perf_counter()
        if transfers is not None and transfers.done():
            transfers.result()
        for task in running:
            if task.done():
                task.result()
        ages = sorted((answered.get(index, end) - at) * 1000 for index, at in enumerate(called))
        return {
            "answered": len(answered),
            "p50Ms": ages[math.ceil(len(ages) * 0.5) - 1],
            "p99Ms": ages[math.ceil(len(ages) * 0.99) - 1],
        }
