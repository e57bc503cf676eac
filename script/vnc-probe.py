# vncdotool, to measure against: vnc-probe.py ADDRESS reads and prints what `vnc-probe ADDRESS -` does.
import sys
import time

from vncdotool import api

address = sys.argv[1]
for line in sys.stdin:
    began, had = time.monotonic(), time.process_time()
    client = api.connect(address)
    client.refreshScreen()
    if line.startswith("k"):
        # What others have changed since would be taken for the answer: a new connection has seen it all.
        time.sleep(0.07)
        began = time.monotonic()
        client.keyDown("x")
        client.refreshScreen(True)
        print("key", time.monotonic() - began, flush=True)
        client.keyUp("x")
    else:
        print("connect", time.monotonic() - began, time.process_time() - had, flush=True)
    client.disconnect()
api.shutdown()
