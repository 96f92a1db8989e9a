#!/usr/bin/env python3
"""Writes an SPDX 2.3 bill of materials, as JSON, of what is in the container image: each Debian package of its records,
and each file under the package that it is from.

sbom.py VERSION SOURCE: SOURCE is a folder with the image's files, or a tar archive of them (- is standard input), as
`docker export` writes it. SOURCE_DATE_EPOCH is taken as the time where it is set.
"""

import datetime
import email.parser
import hashlib
import json
import os
import pathlib
import re
import sys
import tarfile
import urllib.parse
import uuid

RECORDS = "var/lib/dpkg/status.d/"
OURS = "splitdelivery"
# Made by whoever starts a container, and so in an export of one; no part of the image.
OF_THE_RUNTIME = re.compile(r"(dev|proc|sys|run)/|etc/(hosts|hostname|resolv\.conf|mtab)$|\.dockerenv$")


def files_of(source):
    """Path and content of each file; no folders, no links."""
    if os.path.isdir(source):
        for path in sorted(pathlib.Path(source).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(source).as_posix(), path.read_bytes()
        return
    stream = sys.stdin.buffer if source == "-" else open(source, "rb")
    with stream, tarfile.open(fileobj=stream, mode="r|*") as archive:
        for member in archive:
            if member.isfile():
                yield member.name.removeprefix("./").lstrip("/"), archive.extractfile(member).read()


def spdx_id(kind, name):
    """Letters, digits, dots and dashes are all that SPDX takes; a digest keeps apart what that makes alike."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-")
    return f"SPDXRef-{kind}-{plain}" + ("" if plain == name else "-" + hashlib.sha256(name.encode()).hexdigest()[:8])


class Image:
    """What the files tell: packages by name, and which of them each file is from."""

    def __init__(self, files):
        self.digests, self.records, self.owners = {}, {}, {}
        release = {}
        for path, content in files:
            if OF_THE_RUNTIME.match(path):
                continue
            self.digests[path] = {each: hashlib.new(each, content).hexdigest() for each in ("sha1", "sha256")}
            if path == "usr/lib/os-release":
                release = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', content.decode(), re.MULTILINE))
            if not path.startswith(RECORDS):
                continue
            name = path[len(RECORDS):]
            if name.endswith(".md5sums"):
                for line in content.decode().splitlines():
                    self.owners[line.split("  ", 1)[1]] = name.removesuffix(".md5sums")
            else:
                self.records[name] = email.parser.Parser().parsestr(content.decode())
        if not self.records or not release:
            raise SystemExit(f"no package records in {RECORDS} or no usr/lib/os-release: give the files of the image that the "
                             "project's Dockerfile builds")
        unknown = sorted(set(self.owners.values()) - set(self.records))
        if unknown:
            raise SystemExit(f"files without their package's record: {', '.join(unknown)}; build the image anew")
        self.distribution = f"{release['ID']}-{release['VERSION_ID']}"

    def files_from(self, package):
        return sorted(path for path in self.digests if self.owners.get(path, OURS) == package)


def purl(record, distribution):
    version = urllib.parse.quote(record["Version"], safe="")
    return (f"pkg:deb/debian/{urllib.parse.quote(record['Package'], safe='')}@{version}"
            f"?arch={record['Architecture']}&distro={distribution}")


def package_entry(image, name, version, **more):
    files = image.files_from(name)
    code = hashlib.sha1("".join(sorted(image.digests[path]["sha1"] for path in files)).encode()).hexdigest()
    return {"SPDXID": spdx_id("Package", name), "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
            "filesAnalyzed": True, "packageVerificationCode": {"packageVerificationCodeValue": code},
            "licenseConcluded": "NOASSERTION", "licenseDeclared": "NOASSERTION", "licenseInfoFromFiles": ["NOASSERTION"],
            "copyrightText": "NOASSERTION", "hasFiles": [spdx_id("File", path) for path in files], **more}


def debian_entry(image, record):
    source, _, source_version = (record["Source"] or record["Package"]).partition(" ")
    source_version = source_version.strip("()") or record["Version"]
    return package_entry(
        image, record["Package"], record["Version"],
        supplier="Organization: Debian", originator=f"Organization: {record['Maintainer'].split(' <')[0]}",
        homepage=record["Homepage"] or "NOASSERTION", sourceInfo=f"built from Debian's source package {source} {source_version}",
        externalRefs=[{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                       "referenceLocator": purl(record, image.distribution)}])


def file_entry(image, path):
    kind = "BINARY" if re.search(r"\.so(\.|$)|^usr/bin/", path) else "TEXT"
    return {"SPDXID": spdx_id("File", path), "fileName": "./" + path, "fileTypes": [kind],
            "checksums": [{"algorithm": each.upper(), "checksumValue": value}
                          for each, value in sorted(image.digests[path].items())],
            "licenseConcluded": "NOASSERTION", "licenseInfoInFiles": ["NOASSERTION"], "copyrightText": "NOASSERTION"}


def document(image, version, created):
    content = hashlib.sha256(json.dumps(image.digests, sort_keys=True).encode()).hexdigest()
    ours = package_entry(image, OURS, version, licenseDeclared="Apache-2.0", primaryPackagePurpose="CONTAINER")
    debian = [debian_entry(image, image.records[name]) for name in sorted(image.records)]
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{OURS}-{version}",
        "documentNamespace": f"https://splitdelivery.dev/spdx/{OURS}-{version}-{uuid.uuid5(uuid.NAMESPACE_OID, content)}",
        "creationInfo": {"created": created.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": [f"Tool: {OURS}-sbom-{version}"]},
        "documentDescribes": [ours["SPDXID"]],
        "packages": [ours, *debian],
        "files": [file_entry(image, path) for path in sorted(image.digests)],
        "relationships": [{"spdxElementId": ours["SPDXID"], "relationshipType": "CONTAINS",
                           "relatedSpdxElement": each["SPDXID"]} for each in debian]}


def main():
    if len(sys.argv) != 3:
        raise SystemExit("usage: sbom.py VERSION FOLDER|ARCHIVE|-")
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.datetime.now(datetime.timezone.utc)
    created = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc) if epoch else now
    json.dump(document(Image(files_of(sys.argv[2])), sys.argv[1], created), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
