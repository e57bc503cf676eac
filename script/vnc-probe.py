# vncdotool, to measure against: vnc-probe.py ADDRESS RUNS prints what vnc-probe.c prints.
import sys
import time

from vncdotool import api

address, runs = sys.argv[1], int(sys.argv[2])
for run in range(runs + 1):
    began = time.monotonic()
    client = api.connect(address)
    client.refreshScreen()
    if run > 0:
        print("connect", time.monotonic() - began)
    client.disconnect()
client = api.connect(address)
client.refreshScreen()
for run in range(runs + 1):
    time.sleep(0.07)
    began = time.monotonic()
    client.keyDown("x")
    client.refreshScreen(True)
    if run > 0:
        print("key", time.monotonic() - began)
    client.keyUp("x")
client.disconnect()
api.shutdown()
