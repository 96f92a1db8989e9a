"""The controller as a process, with its log in a file: nobody has to read it for the controller to go on."""

import http.client
import re
import subprocess


class Controller(subprocess.Popen):
    def __init__(self, command, log):
        self.log = log
        with open(log, "wb") as file:
            super().__init__(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=file)

    def text(self):
        return self.log.read_text(errors="replace")

    def ask(self, path):
        """The status and the text that its port answers; (0, "") while it does not listen, or no longer does."""
        address = re.search(r'\bstarted\b.*\blisten(?:=|":")([^\s"]+)', self.text())  # text or JSON
        if address is None:
            return 0, ""
        connection = http.client.HTTPConnection(address.group(1), timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except ConnectionRefusedError:
            return 0, ""
        finally:
            connection.close()

    def readiness(self):
        """What /readyz says stands in the way; empty when it is ready."""
        status, text = self.ask("/readyz?verbose")
        return "" if status == 200 else text
