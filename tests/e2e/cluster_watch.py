"""A watch on a collection, as a list of events that a test can wait for."""

import http.client
import json
import threading
import time
import urllib.parse

AGAIN_SECONDS = 0.05


class Watch(threading.Thread):
    """Collects events until close(), over restarts of the API server: it goes on from the last resourceVersion.

    Without a resource_version it begins with an ADDED for each object that is there. An error that ends the watch,
    410 above all, is its last event: {"type": "ERROR", "object": the Status}.
    """

    def __init__(self, cluster, path, user, resource_version=None):
        super().__init__(daemon=True)
        self.cluster, self.path, self.user = cluster, path, user
        self.resource_version = resource_version
        self.events = []
        self.changed = threading.Condition()
        self.closed = False
        self.connection = None
        self.answered = threading.Event()
        self.start()
        self.answered.wait(10)  # from now on nothing is missed

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.closed = True
        connection = self.connection
        if connection is not None and connection.sock is not None:
            try:
                connection.sock.shutdown(2)  # wakes the reader
            except OSError:
                pass  # it is already gone
        self.join(10)

    def wait_for(self, wanted, seconds=20):
        """The first event so far, or from now on, of which `wanted` is true."""
        end = time.monotonic() + seconds
        seen = 0
        with self.changed:
            while True:
                for event in self.events[seen:]:
                    if wanted(event):
                        return event
                seen = len(self.events)
                if not self.changed.wait(max(0.0, end - time.monotonic())) and time.monotonic() >= end:
                    last = [(event["type"], event["object"].get("metadata", {}).get("name")) for event in self.events]
                    raise AssertionError(f"no such event within {seconds} s on {self.path}; last seen: {last[-5:]}")

    def run(self):
        while not self.closed:
            try:
                if not self._follow():
                    return
            except (OSError, ValueError, AttributeError, http.client.HTTPException):
                # The server went away in the middle of a line, or close() took the socket from under the reader.
                pass
            time.sleep(AGAIN_SECONDS)

    def _follow(self):
        """One request; false when there is nothing more to come."""
        query = {"watch": "1", "timeoutSeconds": "300"}
        if self.resource_version is not None:
            query["resourceVersion"] = self.resource_version
        self.connection = self.cluster.connect(310)
        try:
            joint = "&" if "?" in self.path else "?"
            self.connection.request("GET", self.path + joint + urllib.parse.urlencode(query),
                                    headers={"Authorization": f"Bearer {self.cluster.tokens[self.user]}"})
            answer = self.connection.getresponse()
            self.answered.set()
            if answer.status == 429 or answer.status >= 500:
                return True  # overloaded, or just starting
            if answer.status != 200:
                self._take({"type": "ERROR", "object": json.loads(answer.read())})
                return False
            while line := answer.readline():
                if not self._take(json.loads(line)):
                    return False
            return True
        finally:
            self.connection.close()

    def _take(self, event):
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()
        if event["type"] == "ERROR":
            return False
        self.resource_version = event["object"]["metadata"]["resourceVersion"]
        return True
