"""An SSH server for tests: it takes passwords, and misbehaves on demand. Usage: double.py MODE KEYFILE

It prints "port N" first and then a line for each thing that it sees.
"""

import socket
import struct
import sys
import threading

import paramiko

MODE, KEYFILE = sys.argv[1], sys.argv[2]
USER, PASSWORD = "tester", "correct horse"
LOCK = threading.Lock()


def say(*words):
    with LOCK:
        print(*words, flush=True)


class Door(paramiko.ServerInterface):
    def __init__(self, transport):
        self.transport = transport

    def get_allowed_auths(self, username):
        return {"keyboard": "keyboard-interactive", "prompts": "keyboard-interactive"}.get(
            MODE, "password"
        )

    def check_auth_none(self, username):
        return paramiko.AUTH_FAILED

    def check_auth_password(self, username, password):
        say("password", username, password)
        good = (username, password) == (USER, PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username, key):
        say("key")
        return paramiko.AUTH_FAILED

    def check_auth_interactive(self, username, submethods):
        say("interactive", username)
        if MODE == "prompts":
            return paramiko.InteractiveQuery("", "", ("Password: ", False), ("Token: ", False))
        return paramiko.InteractiveQuery("", "", ("Password: ", False))

    def check_auth_interactive_response(self, responses):
        say("responses", *[repr(text) for text in responses])
        return paramiko.AUTH_SUCCESSFUL if responses == [PASSWORD] else paramiko.AUTH_FAILED

    def check_channel_request(self, kind, chanid):
        say("channel", kind)
        if MODE == "no-channels":
            return paramiko.OPEN_FAILED_RESOURCE_SHORTAGE
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel, command):
        say("exec", command.decode())
        if MODE == "no-exec":
            return False
        threading.Thread(target=self.serve, args=(channel, command.decode()), daemon=True).start()
        return True

    def check_channel_x11_request(self, *_):
        say("x11-request")
        return False

    def check_channel_forward_agent_request(self, channel):
        say("agent-request")
        return False

    def serve(self, channel, command):
        if command == "no status":
            channel.sendall(b"done\n")
            channel.close()
        elif command == "status 7":
            channel.send_exit_status(7)
            channel.close()
        elif command == "never ends":
            channel.sendall(b"begun\n")
        elif command == "end but no close":
            channel.sendall(b"half\n")
            channel.shutdown_write()
        elif command == "open channels":
            for kind in ("x11", "auth-agent@openssh.com", "forwarded-tcpip", "session"):
                self.open(kind)
            channel.send_exit_status(0)
            channel.close()
        elif command == "vanish":
            channel.sendall(b"so far\n")
            self.transport.close()
        elif command == "ignore flood":
            message = paramiko.Message()
            message.add_byte(b"\x02")
            message.add_string(b"x" * 30000)
            while self.transport.is_active():
                self.transport._send_message(message)
        elif command == "global flood":
            message = paramiko.Message()
            message.add_byte(b"\x51")
            message.add_bytes(b"x" * 30000)
            while self.transport.is_active():
                self.transport._send_message(message)

    def open(self, kind):
        try:
            self.transport.open_channel(kind, ("127.0.0.1", 1), ("127.0.0.1", 1), timeout=10)
            say("opened", kind)
        except Exception as problem:
            say("refused", kind, type(problem).__name__)


def speak(connection):
    transport = paramiko.Transport(connection)
    transport.add_server_key(paramiko.ECDSAKey(filename=KEYFILE))
    transport.start_server(server=Door(transport))
    transport.join()


def banner(connection):
    connection.sendall(b"SSH-2.0-double\r\n")


def packet(payload):
    padding = 8 - (len(payload) + 5) % 8
    padding += 8 if padding < 4 else 0
    return struct.pack(">IB", len(payload) + padding + 1, padding) + payload + b"\0" * padding


def raw(connection):
    if MODE == "silence":
        connection.recv(1 << 16)
        say("greeted")
        while connection.recv(1 << 16):
            pass
    elif MODE == "silence after banner":
        banner(connection)
        while connection.recv(1 << 16):
            pass
    elif MODE == "endless banner":
        while True:
            connection.sendall(b"welcome to this host\r\n" * 1000)
    elif MODE == "endless line":
        while True:
            connection.sendall(b"x" * 65536)
    elif MODE == "no ssh":
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    elif MODE == "huge packet":
        banner(connection)
        connection.sendall(b"\xff\xff\xff\xff" + b"\x41" * 4096)
        while connection.recv(1 << 16):
            pass
    elif MODE == "zero packet":
        banner(connection)
        connection.sendall(b"\0\0\0\0\0" + b"\0" * 4096)
        while connection.recv(1 << 16):
            pass
    elif MODE == "padding":
        banner(connection)
        connection.sendall(struct.pack(">IB", 12, 255) + b"\x14" * 11 + b"\0" * 4096)
        while connection.recv(1 << 16):
            pass
    elif MODE == "short kexinit":
        banner(connection)
        connection.sendall(packet(b"\x14" + b"\0" * 16 + b"\xff\xff\xff\xff"))
        while connection.recv(1 << 16):
            pass
    elif MODE == "disconnect":
        banner(connection)
        connection.sendall(packet(b"\x01" + struct.pack(">I", 2) + struct.pack(">I", 2) + b"no" + b"\0" * 4))
    elif MODE == "hang up":
        pass
    connection.close()


def serve(connection):
    paramiko_modes = {
        "password", "keyboard", "prompts", "no-channels", "no-exec",
    }
    try:
        (speak if MODE in paramiko_modes else raw)(connection)
    except Exception as problem:
        say("over", type(problem).__name__)


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(16)
say("port", listener.getsockname()[1])
while True:
    client, _ = listener.accept()
    say("connection")
    threading.Thread(target=serve, args=(client,), daemon=True).start()
