# SPDX-License-Identifier: Apache-2.0
"""The client of the end-to-end tests: does what the lines of its standard input say, and answers each with one line.

    open ID tcp|udp|sendto ADDRESS PORT    a socket that is kept; sendto: UDP that is never connected
    say ID SIZE                            sends so many random bytes, reads them back with the server's greeting
    end ID                                 waits until the connection ends, and says how
    close ID
    call tcp|udp|sendto ADDRESS PORT SIZE  open, say, close
    send tcp|udp ADDRESS PORT              one packet, for which no answer is waited
    too-big ADDRESS PORT SIZE              sends one datagram that may not be cut, waits for the error, says the path's MTU
    reversed ADDRESS PORT SIZE             a datagram in fragments, the last one first; the answer as for 'say'
    load COUNT ADDRESS PORT                so many connections, each in use all the time until 'unload'
    unload                                 for each connection: server, exchanges, how it ended
    bind tcp|udp ADDRESS PORT

Answers are 'ok NAME=VALUE...' or 'failed ERRNO seconds=...'. An operation that takes longer than LIMIT fails with ETIMEDOUT.
"""
import errno
import os
import socket
import struct
import sys
import threading
import time

LIMIT = 5.0
CHUNK = 32768
FRAGMENT = 1200  # a multiple of eight
# <linux/in.h>, <linux/in6.h>: Python's socket module does not have them.
IP_MTU_DISCOVER, IP_MTU, IPV6_MTU_DISCOVER, IPV6_MTU, PMTUDISC_DO = 10, 14, 23, 24, 2


class Flow:
    """A socket, and what its server said of itself and of the client."""

    def __init__(self, kind, address, port):
        self.kind = kind
        self.to = (address, int(port))
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
        self.socket.settimeout(LIMIT)
        self.greeting = []
        self.source = ""
        try:
            if kind != "sendto":
                self.socket.connect(self.to)
            if kind == "tcp":
                self.greeting = self.read_line().split()
        except OSError:
            self.socket.close()
            raise

    def read_answer(self, expected):
        answer, source = self.socket.recvfrom(65536)
        line, _, back = answer.partition(b"\n")
        self.greeting = line.decode().split()
        self.source = "%s:%d" % source[:2]
        if back != expected:
            raise OSError(errno.EBADMSG, "other bytes came back")

    def read_line(self):
        line = b""
        while not line.endswith(b"\n"):
            line += self.read(1)
        return line.decode()

    def read(self, size):
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                raise OSError(errno.EPIPE, "ended")
            data += part
        return data

    def say(self, size):
        if self.kind == "tcp":
            while size > 0:
                data = os.urandom(min(size, CHUNK))
                self.socket.sendall(data)
                if self.read(len(data)) != data:
                    raise OSError(errno.EBADMSG, "other bytes came back")
                size -= len(data)
            return
        data = os.urandom(size)
        try:
            self.exchange(data)
        except OSError as error:
            # The path is narrower than the first link: the kernel knows now where to cut.
            if error.errno != errno.EMSGSIZE:
                raise
            self.exchange(data)

    def exchange(self, data):
        if self.kind == "udp":
            self.socket.send(data)
        else:
            self.socket.sendto(data, self.to)
        self.read_answer(data)

    def end(self):
        try:
            data = self.socket.recv(1)
            return "more" if data else "EOF"
        except TimeoutError:
            return "ETIMEDOUT"
        except OSError as error:
            return name_of(error)

    def describe(self):
        server, client, port = self.greeting or ("", "", "")
        peer = self.source if self.kind == "sendto" else "%s:%d" % self.socket.getpeername()[:2]
        return "server=%s client=%s port=%s peer=%s source=%s" % (server, client, port, peer, self.source)


class Load(threading.Thread):
    """A connection in use all the time."""

    def __init__(self, flow):
        super().__init__(daemon=True)
        self.flow = flow
        self.exchanges = 0
        self.ended = "none"
        self.stop = False

    def run(self):
        try:
            while not self.stop:
                self.flow.say(100)
                self.exchanges += 1
        except OSError as error:
            self.ended = name_of(error)


def name_of(error):
    if isinstance(error, TimeoutError):
        return "ETIMEDOUT"
    return errno.errorcode.get(error.errno, str(error))


def too_big(address, port, size):
    six = ":" in address
    client = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
    level = socket.IPPROTO_IPV6 if six else socket.IPPROTO_IP
    client.setsockopt(level, IPV6_MTU_DISCOVER if six else IP_MTU_DISCOVER, PMTUDISC_DO)
    client.settimeout(LIMIT)
    client.connect((address, int(port)))
    try:
        client.send(bytes(int(size)))
        client.recv(1)
        return "ok error=none"
    except OSError as error:
        return "ok error=%s mtu=%d" % (name_of(error), client.getsockopt(level, IPV6_MTU if six else IP_MTU))
    finally:
        client.close()


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def fragments(flow, data):
    """The datagram as IP packets of the flow's, first to last."""
    six = flow.socket.family == socket.AF_INET6
    source, destination = (socket.inet_pton(flow.socket.family, name[0]) for name in (flow.socket.getsockname(), flow.to))
    header = struct.pack("!HHHH", flow.socket.getsockname()[1], flow.to[1], 8 + len(data), 0)
    pseudo = source + destination + struct.pack("!II", socket.IPPROTO_UDP, 8 + len(data))
    datagram = header[:6] + struct.pack("!H", checksum(pseudo + header + data)) + data
    ident = int.from_bytes(os.urandom(2), "big") or 1
    for begin in range(0, len(datagram), FRAGMENT):
        part = datagram[begin : begin + FRAGMENT]
        more = begin + FRAGMENT < len(datagram)
        if six:
            yield (
                struct.pack("!IHBB", 6 << 28, 8 + len(part), socket.IPPROTO_FRAGMENT, 64) + source + destination
                + struct.pack("!BBHI", socket.IPPROTO_UDP, 0, begin | more, ident) + part
            )
        else:
            # The kernel fills in length and checksum.
            yield (
                struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(part), ident, begin // 8 | more << 13, 64, socket.IPPROTO_UDP, 0)
                + source + destination + part
            )


class Program:
    def __init__(self):
        self.flows = {}
        self.loads = []

    def run(self, words):
        return getattr(self, "do_" + words[0].replace("-", "_"))(*words[1:])

    def do_open(self, key, kind, address, port):
        self.flows[key] = Flow(kind, address, port)
        return "ok " + self.flows[key].describe()

    def do_say(self, key, size):
        self.flows[key].say(int(size))
        return "ok " + self.flows[key].describe()

    def do_end(self, key):
        return "ok ended=" + self.flows[key].end()

    def do_close(self, key):
        self.flows.pop(key).socket.close()
        return "ok"

    def do_call(self, kind, address, port, size):
        flow = Flow(kind, address, port)
        try:
            flow.say(int(size))
            return "ok " + flow.describe()
        finally:
            flow.socket.close()

    def do_send(self, kind, address, port):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as client:
            client.setblocking(False)
            client.connect_ex((address, int(port)))
            if kind == "udp":
                client.send(b"x")
        return "ok"

    def do_too_big(self, address, port, size):
        return too_big(address, port, size)

    def do_reversed(self, address, port, size):
        flow = Flow("udp", address, port)
        data = os.urandom(int(size))
        with socket.socket(flow.socket.family, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
            for packet in reversed(list(fragments(flow, data))):
                raw.sendto(packet, (address, 0))
        flow.read_answer(data)
        return "ok " + flow.describe()

    def do_bind(self, kind, address, port):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as server:
            server.bind((address, int(port)))
        return "ok"

    def do_load(self, count, address, port):
        self.loads = [Load(Flow("tcp", address, port)) for _ in range(int(count))]
        for load in self.loads:
            load.start()
        return "ok servers=" + ",".join(load.flow.greeting[0] for load in self.loads)

    def do_unload(self):
        for load in self.loads:
            load.stop = True
        for load in self.loads:
            load.join()
            load.flow.socket.close()
        return "ok flows=" + ",".join("%s/%d/%s" % (load.flow.greeting[0], load.exchanges, load.ended) for load in self.loads)


program = Program()
print("ok", flush=True)
for line in sys.stdin:
    began = time.monotonic()
    try:
        answer = program.run(line.split())
    except OSError as error:
        answer = "failed " + name_of(error)
    print("%s seconds=%.3f" % (answer, time.monotonic() - began), flush=True)
