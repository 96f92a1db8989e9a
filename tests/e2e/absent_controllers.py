"""What the kube-controller-manager does elsewhere, when the test wants it and in the order that the test wants.

Mixed into ControlPlane; uses its raw().
"""

import time


class AbsentControllers:
    def namespaced(self):
        """{plural: path of the API} of all that can be deleted in a namespace, built in or not."""
        groups = ["/api/v1"] + [f"/apis/{group['preferredVersion']['groupVersion']}"
                                for group in self.raw("GET", "/apis")[1]["groups"]]
        # The core group last, so that its `events` win over those of events.k8s.io: they are the same objects.
        return {resource["name"]: path for path in reversed(groups)
                for resource in self.raw("GET", path)[1]["resources"]
                if resource["namespaced"] and {"deletecollection", "list"} <= set(resource["verbs"])}

    def finish_namespace(self, name, order=(), seconds=60):
        """Plays the namespace controller: deletes the namespace's contents and, when all of it is gone, ends it.

        The plurals in `order` go first, each gone for good before the next is touched, then all others at once. (The
        real one keeps to no order but pods first, and waits for nothing in between.) Finalizers are respected:
        TimeoutError names what they hold.
        """
        give_up = time.monotonic() + seconds
        self.raw("DELETE", f"/api/v1/namespaces/{name}")
        apis = self.namespaced()
        for step in [[plural] for plural in order] + [[plural for plural in apis if plural not in order]]:
            self._empty([f"{apis[plural]}/namespaces/{name}/{plural}" for plural in step], give_up)
        status, namespace = self.raw("GET", f"/api/v1/namespaces/{name}")
        if status == 404:
            return
        namespace["spec"]["finalizers"] = []
        status, answer = self.raw("PUT", f"/api/v1/namespaces/{name}/finalize", namespace)
        if status != 200:
            raise RuntimeError(f"namespace {name} was not finalized: {answer}")

    def _empty(self, paths, give_up):
        for path in paths:
            self.raw("DELETE", path)
        while True:
            paths = [path for path in paths if self.raw("GET", f"{path}?limit=1")[1].get("items")]
            if not paths:
                return
            if time.monotonic() > give_up:
                raise TimeoutError(f"still not empty: {paths}")
            time.sleep(0.05)

    def finish_foreground(self, path):
        """Plays the garbage collector for an object without dependents that is deleted with
        propagationPolicy=Foreground: takes off the finalizer that the API server put there for it.
        """
        found = self.raw("GET", path)[1]["metadata"]
        kept = [name for name in found.get("finalizers", []) if name != "foregroundDeletion"]
        patch = {"metadata": {"finalizers": kept, "resourceVersion": found["resourceVersion"]}}
        return self.raw("PATCH", path, patch, content_type="application/merge-patch+json")
