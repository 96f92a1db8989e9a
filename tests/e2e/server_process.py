"""What it takes to run servers on loopback that never outlive the test and never lose their port."""

import fcntl
import os
import pathlib
import queue
import socket
import subprocess
import tempfile
import threading

LAUNCH_SECONDS = 30


class Port:
    """A loopback port that stays ours while its server is down, with other test processes beside us.

    Not one of those that the kernel gives to outgoing connections: a client that keeps dialling a stopped server on
    such a port ends up connected to itself, and the server cannot come back.
    """

    def __init__(self):
        locks = pathlib.Path(tempfile.gettempdir()) / f"splitdelivery-ports.{os.getuid()}"
        locks.mkdir(mode=0o700, exist_ok=True)
        for number in range(21000, 30000):
            self.lock = open(locks / str(number), "w", encoding="ascii")  # the kernel unlocks it when we die
            try:
                fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", number))
                self.number = number
                return
            except OSError:
                self.lock.close()
        raise RuntimeError("no free port between 21000 and 30000")


class Starter(threading.Thread):
    """Starts programs that the kernel kills when we die, however we die.

    That signal is tied to the thread that started the program, so it is this one, which lives as long as the process.
    """

    def __init__(self):
        super().__init__(daemon=True)
        self.orders = queue.Queue()
        self.start()

    def run(self):
        while True:
            command, log, answer = self.orders.get()
            try:
                answer.put(subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, start_new_session=True))
            except OSError as error:
                answer.put(error)

    def launch(self, command, log):
        answer = queue.Queue()
        with open(log, "ab") as file:
            self.orders.put(([str(part) for part in command], file, answer))
            started = answer.get(timeout=LAUNCH_SECONDS)
        if isinstance(started, OSError):
            raise started
        return started


def end(process, how, seconds=20):
    if process is None or process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(seconds)
