"""What a status may say, by the rules of kstatus and of the API conventions. Every status that a test's controller
writes is held against them.

https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md
"""

import datetime
import re

TYPES = {"Ready", "Reconciling", "Stalled", "ZohoReady", "MailServerReady", "RoutingReady", "InSync", "DeletionsHeld",
         "Conflicted"}
ABNORMAL = {"Reconciling", "Stalled"}  # there only while they are true
REASON = re.compile(r"[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?")
FUTURE = datetime.timedelta(seconds=2)


def conditions_of(resource):
    return {each["type"]: each for each in resource.get("status", {}).get("conditions", [])}


def kstatus(resource):
    """What Argo CD and Flux make of it: InProgress, Failed, Current or Terminating."""
    if resource["metadata"].get("deletionTimestamp"):
        return "Terminating"
    status, conditions = resource.get("status", {}), conditions_of(resource)
    if status.get("observedGeneration", resource["metadata"]["generation"]) != resource["metadata"]["generation"]:
        return "InProgress"
    if conditions.get("Stalled", {}).get("status") == "True":
        return "Failed"
    if conditions.get("Reconciling", {}).get("status") == "True":
        return "InProgress"
    return "Current" if conditions.get("Ready", {"status": "True"})["status"] == "True" else "InProgress"


def illegal(resource, before=None):
    """What is wrong with a status, alone and after `before`, an older state of the same resource; or None."""
    if not resource.get("status"):
        return None
    return _illegal_alone(resource) or (_illegal_after(before, resource) if before else None)


def _illegal_alone(resource):
    conditions = conditions_of(resource)
    true = {kind for kind, each in conditions.items() if each["status"] == "True"}
    if "Ready" not in conditions:
        return "there is no Ready"
    if "Ready" in true and true & ABNORMAL:
        return "it is Ready, and Stalled or Reconciling"
    if ABNORMAL <= true:
        return "it is Stalled and Reconciling"
    if resource["status"].get("observedGeneration", 0) > resource["metadata"]["generation"]:
        return "it has observed the future"
    if not resource["status"].get("observedGeneration"):
        return "it does not say which generation it has observed"
    return next(filter(None, (_illegal_condition(each, resource) for each in conditions.values())), None)


def _illegal_condition(each, resource):
    kind = each["type"]
    if kind not in TYPES:
        return f"nobody knows the condition {kind}"
    if each["status"] not in ("True", "False", "Unknown"):
        return f"{kind} is neither true nor false nor unknown"
    if kind in ABNORMAL and each["status"] != "True":
        return f"{kind} is there without being true"
    if not REASON.fullmatch(each.get("reason", "")) or len(each["reason"]) > 1024:
        return f"{kind} has no reason for machines"
    if kind in ABNORMAL | {"Ready"} and not each.get("message"):
        return f"{kind} has no message"
    if each.get("observedGeneration", 0) > resource["metadata"]["generation"]:
        return f"{kind} has observed the future"
    if _time_of(each) > datetime.datetime.now(datetime.timezone.utc) + FUTURE:
        return f"{kind} has changed in the future"
    return None


def _time_of(condition):
    return datetime.datetime.strptime(condition["lastTransitionTime"], "%Y-%m-%dT%H:%M:%S%z")


def _illegal_after(before, resource):
    if before["metadata"]["uid"] != resource["metadata"]["uid"]:
        return None
    old = before.get("status", {})
    if resource["status"]["observedGeneration"] < old.get("observedGeneration", 0):
        return "observedGeneration went back"
    known = conditions_of(before)
    for kind, each in conditions_of(resource).items():
        was = known.get(kind)
        if was is None:
            continue
        if each.get("observedGeneration", 0) < was.get("observedGeneration", 0):
            return f"observedGeneration of {kind} went back"
        if each["status"] == was["status"] and each["lastTransitionTime"] != was["lastTransitionTime"]:
            return f"lastTransitionTime of {kind} moved, and its status did not"
        if each["status"] != was["status"] and _time_of(each) < _time_of(was):
            return f"lastTransitionTime of {kind} went back"
    if set(known) - set(conditions_of(resource)) - ABNORMAL:
        return "a condition that is not abnormal vanished"
    return None


class Checker:
    """Goes through what a watch has seen."""

    def __init__(self):
        self.by_hand = []  # statuses that a test wrote

    def faults(self, events):
        """Each illegal status: what is wrong, and the status."""
        before = {}
        for event in events:
            resource = event["object"]
            if event["type"] not in ("ADDED", "MODIFIED"):
                continue
            uid = resource["metadata"]["uid"]
            if resource.get("status") in self.by_hand:
                before.pop(uid, None)
                continue
            fault = illegal(resource, before.get(uid))
            if fault:
                yield fault, resource["status"]
            if resource.get("status"):
                before[uid] = resource
