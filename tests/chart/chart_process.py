"""What the chart's pods would run, run here: the real binary, with the arguments that stand in the API server and the
rights of the chart's service account. A kubelet would do the same in a container."""

import os
import pathlib
import subprocess
import tempfile

import chart  # noqa: F401
from cluster_process import Controller
from world import BINARY

_names = tempfile.TemporaryDirectory(prefix="splitdelivery-chart.")


def kubeconfig_of(plane, pod, namespace):
    """A file that logs in as the pod's service account."""
    user = f"{namespace}-{pod['serviceAccountName']}"
    done = plane.kubectl("create", "token", pod["serviceAccountName"], "--namespace", namespace, "--duration=1h")
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    plane.tokens[user] = done.stdout.strip()
    return plane.kubeconfig(user, namespace)


def start_controller(plane, deployment, log):
    """The Deployment's one container. It listens on loopback, on a port that is free."""
    pod = deployment["spec"]["template"]["spec"]
    args = pod["containers"][0]["args"]
    listen = [each for each in args if each.startswith("--listen=")]
    if len(listen) != 1:
        raise RuntimeError(f"where does it listen? {args}")
    args = ["--listen=127.0.0.1:0" if each in listen else each for each in args]
    return Controller([BINARY, *args, "--kubeconfig",
                       kubeconfig_of(plane, pod, deployment["metadata"]["namespace"])], log)


def run_test_pod(plane, pod):
    """Each container of the pod of `helm test`, one after the other: exit code and output of each."""
    results = []
    for container in pod["spec"]["containers"]:
        program = pathlib.Path(_names.name) / container["command"][0]
        if not program.exists():
            os.symlink(os.path.abspath(BINARY), program)
        done = subprocess.run([str(program), *container["args"], "--kubeconfig",
                               kubeconfig_of(plane, pod["spec"], pod["metadata"]["namespace"])],
                              capture_output=True, text=True, timeout=60, check=False)
        results.append((done.returncode, done.stdout + done.stderr))
    return results
