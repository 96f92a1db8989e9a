"""The CRDs on a real API server: what they refuse, what they fill in, and what kubectl shows and explains.

tests/documents/splitdeliverydomains.json is the table that tests/source/documents_test.cpp holds against the parser.
"""

import copy
import json
import pathlib
import re
import time
import unittest

import control_plane

control_plane.require()
ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = json.loads((ROOT / "tests/documents/splitdeliverydomains.json").read_text())
GROUP = "/apis/splitdelivery.dev/v1alpha1/namespaces/default"
DOMAINS = f"{GROUP}/splitdeliverydomains"
BOOKS = f"{GROUP}/addressbooks"
MERGE = "application/merge-patch+json"
NOW = "2026-01-02T03:04:05Z"
STATUS = {  # as controller/source/status_document.cpp writes it, each field at its largest
    "observedGeneration": 2**63 - 1, "lastHandledReconcileAt": "x" * 200_000, "firstReceiver": "MailServer",
    "zoho": {"users": 2**32 - 1, "aliases": 7, "groups": 2, "skipped": 1,
             "incomplete": ["accounts", "groups", "domains"]},
    "forwarders": {"desired": 2**32 - 1, "inSync": 19, "managed": 18, "found": 1, "unmanaged": 1, "conflicts": 1},
    "changes": {"created": 2**32 - 1, "updated": 0, "deleted": 0, "failed": 0},
    "plan": {"id": "9f3c" * 16, "creates": 2**32 - 1, "updates": 0, "deletes": 1, "held": True, "heldCount": 1,
             "sample": ["- delete bob@example.com → bob@zoho.example.com"] * 20},
    "conflicts": [{"address": "kim@example.com", "reason": "MailboxExists", "message": "m" * 30_000}] * 20,
    "lastSyncTime": NOW, "lastChangeTime": NOW,
    "conditions": [{"type": kind, "status": "True", "observedGeneration": 3, "lastTransitionTime": NOW,
                    "reason": "LoginKeyLacksCommand", "message": "m" * 30_000}
                   for kind in ("Conflicted", "DeletionsHeld", "InSync", "MailServerReady", "Ready", "Reconciling",
                                "RoutingReady", "Stalled", "ZohoReady")]}


def expanded(value):
    """{"$times": n, "of": x} is a string or a list, n times."""
    if not isinstance(value, dict):
        return value
    if "$times" in value:
        return value["of"] * value["$times"]
    return {key: expanded(child) for key, child in value.items()}


def merged(base, change):
    """RFC 7386."""
    if not isinstance(change, dict):
        return change
    result = dict(base) if isinstance(base, dict) else {}
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def document_of(row):
    document = merged(copy.deepcopy(TABLE["base"]), expanded(row["change"]))
    for field in row.get("nulls", ()):
        document["spec"][field] = None
    return document


def document(name="example-com", **spec):
    return merged(TABLE["base"], {"metadata": {"name": name}, "spec": spec})


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plane = control_plane.ControlPlane.shared()
        applied = cls.plane.kubectl("apply", "-f", ROOT / "crds")
        assert applied.returncode == 0, applied.stderr
        # An estimated cost that is over the budget, or a field that is not structural, shows as a condition.
        for condition in ("Established", "NamesAccepted"):
            waited = cls.plane.kubectl("wait", "--for", f"condition={condition}", "--timeout=30s", "crd",
                                       "splitdeliverydomains.splitdelivery.dev", "addressbooks.splitdelivery.dev")
            assert waited.returncode == 0, waited.stderr
        give_up = time.monotonic() + 30
        while any(cls.plane.raw("GET", path)[0] != 200 for path in (DOMAINS, BOOKS)):
            assert time.monotonic() < give_up, "the new kinds are not served"
            time.sleep(0.05)

    def kubectl(self, *arguments, code=0, **options):
        result = self.plane.kubectl(*arguments, **options)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def create(self, body, path=DOMAINS):
        status, answer = self.plane.raw("POST", path, body)
        self.assertEqual(status, 201, answer)
        self.addCleanup(self.plane.raw, "DELETE", f"{path}/{body['metadata']['name']}")
        return answer

    def patch(self, path, change, status=200):
        got, answer = self.plane.raw("PATCH", path, change, content_type=MERGE)
        self.assertEqual(got, status, answer)
        return answer


class TheTableOfDocuments(Case):
    def test_is_answered_by_the_api_server_as_by_the_parser(self):
        for row in TABLE["rows"]:
            with self.subTest(row["name"]):
                status, answer = self.plane.raw("POST", f"{DOMAINS}?dryRun=All", document_of(row))
                if row.get("cluster", row["verdict"]) == "good":
                    self.assertEqual(status, 201, answer)
                    continue
                self.assertIn(status, (400, 422), answer)
                self.assertIn(row["at"], answer["message"])
                self.assertIn(row.get("inCluster", row.get("says", "")), answer["message"])
                self.assertNotIn("no such", answer["message"], "a CEL rule failed instead of saying no")

    def test_is_answered_in_the_same_way_through_kubectl(self):
        rows = [row for row in TABLE["rows"] if row.get("cluster", row["verdict"]) == row["verdict"] == "good"]
        good = [document_of(row) for row in rows]
        for number, each in enumerate(good):
            each["metadata"]["name"] = f"row-{number}"
        small = [each for each in good if len(json.dumps(each)) < 10_000]
        self.assertGreater(len(small), 40)
        output = self.kubectl("apply", "--dry-run=server", "-f", "-",
                              stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": small}))
        self.assertEqual(output.count("created (server dry run)"), len(small))
        # The API server asks CEL's rules once the rest is in order.
        for spec, words in (({"policy": "Everything"}, 'spec.policy: Unsupported value: "Everything"'),
                            ({"interval": "1s"}, "must be a duration from 30s to 24h")):
            refused = self.kubectl("apply", "--dry-run=server", "-f", "-", stdin=json.dumps(document(**spec)), code=1)
            self.assertIn(words, refused)

    def test_defaults_are_those_that_the_parser_has(self):
        _, answer = self.plane.raw("POST", f"{DOMAINS}?dryRun=All", TABLE["base"])
        self.assertEqual(answer["spec"], merged(TABLE["base"], {"spec": TABLE["defaults"]})["spec"])

    def test_unknown_fields_are_pruned_and_kubectl_refuses_them(self):
        body = merged(document(polices="x"), {"spec": {"zoho": {"credentialsSecretRef": {"namespace": "other"}}}})
        status, answer = self.plane.raw("POST", f"{DOMAINS}?dryRun=All", body)
        self.assertEqual(status, 201, answer)
        self.assertNotIn("polices", answer["spec"])
        self.assertEqual(answer["spec"]["zoho"]["credentialsSecretRef"], {"name": "zoho"})
        refused = self.kubectl("apply", "-f", "-", stdin=json.dumps(body), code=1)
        self.assertIn('unknown field "spec.polices"', refused)


class AResource(Case):
    def test_keeps_its_domain(self):
        self.create(document())
        path = f"{DOMAINS}/example-com"
        answer = self.patch(path, {"spec": {"domain": "other.example"}}, 422)
        self.assertIn("spec.domain: Invalid value", answer["message"])
        self.assertIn("cannot change: give the other domain a resource of its own", answer["message"])
        refused = self.kubectl("apply", "-f", "-", stdin=json.dumps(document(domain="other.example")), code=1)
        self.assertIn("cannot change", refused)
        self.assertEqual(self.patch(path, {"spec": {"policy": "Observe"}})["metadata"]["generation"], 2)

    def test_is_listed_as_people_want_to_read_it(self):
        self.create(document())
        self.assertRegex(self.kubectl("get", "sdd"), r"^NAME +READY +DOMAIN +DESIRED +IN SYNC +HELD +LAST SYNC +AGE\n"
                                                     r"example-com +example\.com +\S+\n$")
        self.patch(f"{DOMAINS}/example-com/status", {"status": {
            "forwarders": {"desired": 20, "inSync": 19}, "plan": {"held": True}, "lastSyncTime": NOW,
            "conditions": [{"type": "InSync", "status": "True", "reason": "InSync", "message": "",
                            "lastTransitionTime": NOW},
                           {"type": "Ready", "status": "False", "reason": "DeletionsHeld", "message": "look at it",
                            "lastTransitionTime": NOW}]}})
        self.assertRegex(self.kubectl("get", "mail"), r"example-com +False +example\.com +20 +19 +true +\S+ +\S+\n")
        wide = self.kubectl("get", "sdd", "-o", "wide")
        self.assertRegex(wide, r"AGE +REASON +MESSAGE\n")
        self.assertRegex(wide, r"DeletionsHeld +look at it\n")

    def test_is_found_by_its_domain(self):
        self.create(document("one"))
        self.create(document("two", domain="two.example"))
        names = self.kubectl("get", "sdd", "--field-selector", "spec.domain=two.example", "-o", "name")
        self.assertEqual(names, "splitdeliverydomain.splitdelivery.dev/two\n")

    def test_takes_the_largest_status_and_keeps_every_field(self):
        self.create(document())
        self.assertEqual(self.patch(f"{DOMAINS}/example-com/status", {"status": STATUS})["status"], STATUS)

    def test_has_its_status_apart(self):
        self.create(document())
        path = f"{DOMAINS}/example-com"
        self.assertNotIn("status", self.patch(path, {"status": {"observedGeneration": 9}}))
        answer = self.patch(f"{path}/status", {"spec": {"policy": "Observe"}, "status": {"firstReceiver": "Zoho"}})
        self.assertEqual((answer["spec"]["policy"], answer["metadata"]["generation"]), ("Sync", 1))

    def test_with_a_status_that_lacks_anything_can_still_be_edited_and_mended(self):
        self.create(document())
        path = f"{DOMAINS}/example-com"
        self.patch(f"{path}/status", {"status": STATUS})
        for field in STATUS:
            self.patch(f"{path}/status", {"status": {field: None}})
            self.patch(path, {"spec": {"interval": "10m"}})
        for damage in ({"plan": {}}, {"conflicts": [{}]}, {"zoho": {"later": 1}}, {"conditions": []}):
            self.patch(f"{path}/status", {"status": damage})
            self.patch(path, {"spec": {"interval": "20m"}})
        mended = self.patch(f"{path}/status", {"status": STATUS})["status"]
        self.assertEqual(mended["conditions"], STATUS["conditions"])

    def test_has_each_condition_once(self):
        self.create(document())
        twice = {"status": {"conditions": [STATUS["conditions"][0]] * 2}}
        answer = self.patch(f"{DOMAINS}/example-com/status", twice, 422)
        self.assertIn('Duplicate value: {"type":"Conflicted"}', answer["message"])


class AnAddressBook(Case):
    @staticmethod
    def book(record, name="example-com"):
        return {"apiVersion": "splitdelivery.dev/v1alpha1", "kind": "AddressBook", "metadata": {"name": name},
                "record": record}

    def test_keeps_all_that_the_controller_writes(self):
        slices = [f"example-com.slice-{number:032x}" for number in range(3)]
        for name, record in (("short", {"version": 1, "resource": "short", "data": '{"version": 1}'}),
                             ("long", {"version": 1, "resource": "long", "slices": slices}),
                             (slices[0], {"version": 1, "sliceOf": "long", "data": "ü" * (256 << 10)}),
                             (slices[1], {"version": 1, "sliceOf": "long", "data": "x" * (512 << 10)})):
            self.assertEqual(self.create(self.book(record, name), BOOKS)["record"], record)
        self.assertRegex(self.kubectl("get", "abook"), r"NAME +SLICE OF +AGE\n")
        self.assertIn("addressbook.splitdelivery.dev/short", self.kubectl("get", "mail", "-o", "name"))

    def test_can_be_emptied_and_damaged_by_hand_and_written_again(self):
        whole = {"version": 1, "resource": "example-com", "data": "{}"}
        self.create(self.book(whole), BOOKS)
        for damage in ({"data": ""}, {"data": "not JSON"}, {"version": None}, {"resource": None, "data": None}):
            self.patch(f"{BOOKS}/example-com", {"record": damage})
        self.patch(f"{BOOKS}/example-com", {"record": None})
        self.assertEqual(self.patch(f"{BOOKS}/example-com", {"record": whole})["record"], whole)


class EveryField(Case):
    def fields(self, schema, path):
        """Each field of a schema and its path, through lists."""
        for name, field in schema.get("properties", {}).items():
            yield f"{path}.{name}", field
            yield from self.fields(field, f"{path}.{name}")
            yield from self.fields(field.get("items", {}), f"{path}.{name}")

    def definitions(self):
        answer = json.loads(self.kubectl("get", "crd", "splitdeliverydomains.splitdelivery.dev",
                                         "addressbooks.splitdelivery.dev", "-o", "json"))
        for crd in answer["items"]:
            short = crd["spec"]["names"]["shortNames"][0]
            for version in crd["spec"]["versions"]:
                yield short, version["schema"]["openAPIV3Schema"]

    def test_has_a_description_a_type_and_bounds(self):
        count = 0
        for short, schema in self.definitions():
            for path, field in self.fields(schema, short):
                if path == f"{short}.metadata":
                    continue  # the API server's own
                count += 1
                self.assertGreater(len(field.get("description", "")), 6, path)
                self.assertTrue(field.get("type") or field.get("x-kubernetes-int-or-string"), path)
                bound = {"array": "maxItems", "string": "maxLength"}.get(field.get("type"))
                free = "enum" in field or field.get("format") == "date-time" or path.endswith((".apiVersion", ".kind"))
                if bound and not free:
                    self.assertIn(bound, field, path)
                if field.get("items", {}).get("type") == "string":
                    self.assertIn("maxLength", field["items"], path)
                if "default" in field and field["default"] != {}:
                    value = field["default"] if isinstance(field["default"], str) else json.dumps(field["default"])
                    self.assertRegex(field["description"], rf'Default: "?{re.escape(value)}"?\.', path)
        self.assertGreater(count, 80)

    def test_of_an_enumeration_is_explained_word_by_word(self):
        for short, schema in self.definitions():
            for path, field in self.fields(schema, short):
                if path == f"{short}.spec.zoho.dataCenter" or path.endswith("conditions.status"):
                    continue
                for word in field.get("enum", ()):
                    self.assertIn(word, field["description"], path)

    def test_is_taught_by_kubectl(self):
        text = " ".join(self.kubectl("explain", "sdd.spec.policy").split())
        for words in ("Observe CreateOnly UpsertOnly Sync", "without a default", "changes nothing", "What to fear"):
            self.assertIn(words, text)
        self.assertRegex(self.kubectl("explain", "sdd.spec"), r"policy\s+<string> -required-")
        everything = self.kubectl("explain", "sdd", "--recursive")
        for word in ("credentialsSecretRef", "maxDeletions", "lastTransitionTime"):
            self.assertIn(word, everything)
        self.assertIn("Do not edit it", " ".join(self.kubectl("explain", "abook.record").split()))


if __name__ == "__main__":
    unittest.main()
