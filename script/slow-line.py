# A slow line to a unix socket: slow-line.py LISTEN TARGET DELAY-MS MBIT
#
# What one side writes reaches the other after the delay, at no more than so many megabits a second.
import asyncio
import sys

listen, target, delay, rate = sys.argv[1], sys.argv[2], float(sys.argv[3]) / 1000, float(sys.argv[4]) * 1e6


async def carry(reader, writer):
    clock = asyncio.get_running_loop().time
    queue = asyncio.Queue()

    async def deliver():
        while (item := await queue.get()) is not None:
            due, data = item
            await asyncio.sleep(max(due - clock(), 0))
            writer.write(data)
            await writer.drain()
        writer.close()

    delivering = asyncio.create_task(deliver())
    free = 0
    while data := await reader.read(8192):
        free = max(free, clock()) + len(data) * 8 / rate
        queue.put_nowait((free + delay, data))
        # A line holds no more than a little; who writes more has to wait.
        if free - clock() > 0.02:
            await asyncio.sleep(free - clock() - 0.02)
    queue.put_nowait(None)
    await delivering


async def connected(reader, writer):
    there = await asyncio.open_unix_connection(target)
    ways = carry(reader, there[1]), carry(there[0], writer)
    await asyncio.gather(*ways, return_exceptions=True)


async def main():
    server = await asyncio.start_unix_server(connected, listen)
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main())
