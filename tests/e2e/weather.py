"""Bad weather between a controller and its API server: a TLS proxy on loopback that cuts connections, answers 429 in
the server's place, or lets nothing through any more. It counts what it sees.
"""

import collections
import json
import pathlib
import random
import socket
import ssl
import subprocess
import tempfile
import threading

MOST_CONNECTIONS = 200
STATUS_429 = json.dumps({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "TooManyRequests",
                         "message": "the server has received too many requests", "code": 429})
BROKEN = (OSError, ValueError, AttributeError)  # a connection that was cut under the thread that reads it


def certificates(folder):
    """An authority of our own, and a certificate of it for 127.0.0.1."""
    key = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run([*key, "-keyout", folder / "ca.key", "-out", folder / "ca.pem", "-subj", "/CN=weather"], check=True,
                   capture_output=True)
    subprocess.run([*key, "-keyout", folder / "server.key", "-out", folder / "server.pem", "-subj", "/CN=127.0.0.1",
                    "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-addext", "basicConstraints=critical,CA:false"], check=True, capture_output=True)


class Weather:
    """Each connection has a thread and a connection of its own to the API server."""

    def __init__(self, plane):
        self.plane = plane
        self.folder = tempfile.TemporaryDirectory(prefix="splitdelivery-weather.")
        folder = pathlib.Path(self.folder.name)
        certificates(folder)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "server.pem", folder / "server.key")
        self.requests = collections.Counter()  # by method
        self.refused = self.cuts = 0
        self.share = 0.0  # of requests that get 429
        self.dice = random.Random(1)
        self.ended = threading.Event()
        self.passable = threading.Event()
        self.passable.set()
        self.lock = threading.Lock()
        self.connections, self.watches = set(), set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.server = (f"127.0.0.1:{self.listener.getsockname()[1]}", (folder / "ca.pem").read_bytes())
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.ended.set()
        self.passable.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()
        self.folder.cleanup()

    def storm(self, share):
        """From now on that share of all requests is answered with 429 and "Retry-After: 1"."""
        self.share = share

    def swallow(self):
        """From now on nothing comes through, in either direction, and no connection is closed: a partition."""
        self.passable.clear()

    def cut(self, watches_only=False):
        """Ends connections, in the middle of whatever they carry."""
        with self.lock:
            connections = list(self.watches if watches_only else self.connections)
            self.cuts += len(connections)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it ended by itself

    def cut_every(self, seconds):
        """Watches each time, everything else each fifth time."""
        def cutting():
            number = 0
            while not self.ended.wait(seconds):
                number += 1
                self.cut(watches_only=number % 5 > 0)
        threading.Thread(target=cutting, daemon=True).start()

    def _accept(self):
        while True:
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                full = len(self.connections) >= MOST_CONNECTIONS
                if not full:
                    self.connections.add(raw)
            if full:
                raw.close()
            else:
                threading.Thread(target=self._serve, args=(raw,), daemon=True).start()

    def _serve(self, raw):
        upstream = None
        try:
            self._pass()
            raw.settimeout(10)
            client = self.context.wrap_socket(raw, server_side=True)
            client.settimeout(None)
            with self.lock:
                self.connections.discard(raw)  # wrapping has taken it over
                self.connections.add(client)
            raw = client
            upstream = self._dial()
            ways = client.makefile("rwb"), upstream.makefile("rwb")
            while self._exchange(client, *ways):
                pass
        except BROKEN:
            pass
        finally:
            with self.lock:
                self.connections.discard(raw)
                self.watches.discard(raw)
            for each in (raw, upstream):
                if each is not None:
                    each.close()

    def _dial(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        host, port = self.plane.host.split(":")
        return context.wrap_socket(socket.create_connection((host, int(port)), timeout=320))

    def _pass(self):
        self.passable.wait()
        if self.ended.is_set():
            raise OSError("the weather is over")

    def _exchange(self, connection, client, upstream):
        """One request and its answer; false when no other can follow."""
        head = self._head(client)
        if not head:
            return False
        method = head[0].split()[0].decode()
        body = client.read(int(self._field(head, b"content-length") or 0))
        with self.lock:
            self.requests[method] += 1
            if b"watch=1" in head[0]:
                self.watches.add(connection)
            refuse = self.dice.random() < self.share
            self.refused += refuse
        self._pass()
        if refuse:
            text = STATUS_429.encode()
            client.write(b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: 1\r\n"
                         b"Content-Length: %d\r\n\r\n" % len(text) + text)
            client.flush()
            return True
        upstream.write(b"".join(head) + body)
        upstream.flush()
        return self._relay(upstream, client)

    def _relay(self, upstream, client):
        head = self._head(upstream)
        if not head:
            return False
        self._send(client, b"".join(head))
        if self._field(head, b"transfer-encoding") == b"chunked":
            while True:
                size = upstream.readline()
                if not size:
                    return False
                length = int(size, 16)
                self._send(client, size + upstream.read(length + 2))
                if length == 0:
                    return True
        self._send(client, upstream.read(int(self._field(head, b"content-length") or 0)))
        return self._field(head, b"connection") != b"close"

    def _send(self, client, data):
        self._pass()
        client.write(data)
        client.flush()

    @staticmethod
    def _head(stream):
        """The lines of a head, the empty one included; nothing at the end of the connection."""
        lines = []
        while line := stream.readline(65536):
            lines.append(line)
            if line in (b"\r\n", b"\n"):
                return lines
        return []

    @staticmethod
    def _field(head, name):
        for line in head[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name:
                return value.strip().lower()
        return None
