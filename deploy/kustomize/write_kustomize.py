#!/usr/bin/env python3
"""Writes the manifests below this folder, from the chart: `make kustomize` does it, tests/chart holds them current.

Needs Helm: the environment's HELM, else the one in PATH.
"""

import json
import os
import pathlib
import subprocess

import yaml

HERE = pathlib.Path(__file__).resolve().parent
CHART = HERE.parents[1] / "charts" / "split-delivery-operator"
HEAD = "# Written by `make kustomize` from charts/split-delivery-operator.\n"
OURS_ALONE = ("helm.sh/chart", "app.kubernetes.io/managed-by", "helm.sh/resource-policy")  # Helm's own notes

OPERATOR = "monitoring.coreos.com/v1"

BASE = {"fullnameOverride": "splitdelivery", "helmTest": {"enabled": False}}
NAMESPACED = {**BASE, "rbac": {"scope": "Namespaced"}, "watchNamespaces": ["mail"]}
MONITORING = {**BASE, "serviceMonitor": {"enabled": True, "renderMode": "always"},
              "prometheusRule": {"enabled": True, "renderMode": "always"}, "grafanaDashboards": {"enabled": True}}


def without_helm(each):
    """The object, and a pod's template in it, without the labels and annotations that are Helm's."""
    for metadata in (each["metadata"], each.get("spec", {}).get("template", {}).get("metadata", {})):
        for field in ("labels", "annotations"):
            kept = {key: value for key, value in metadata.get(field, {}).items() if key not in OURS_ALONE}
            metadata.pop(field, None)
            if kept:
                metadata[field] = kept
    return each


def rendered(values):
    """The chart's objects with these values, as kustomize is to have them."""
    command = [os.environ.get("HELM", "helm"), "template", "splitdelivery", str(CHART), "--namespace",
               "splitdelivery-system", "--values", "-"]
    done = subprocess.run(command, input=json.dumps(values), text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return [without_helm(each) for each in yaml.safe_load_all(done.stdout) if each]


class _Dumper(yaml.SafeDumper):
    """Long texts as people write them."""


_Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar(
    "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None))


def text_of(objects):
    return HEAD + "---\n".join(yaml.dump(each, Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)
                               for each in objects)


MONITORING_HEAD = """\
# Besides: what the Prometheus Operator and Grafana's sidecar take up (kube-prometheus-stack has both). It looks for its own
# release's label, so give it in a kustomization of your own:
#
#   labels: [{pairs: {release: kube-prometheus-stack}}]
"""


def kustomization(content):
    return yaml.dump({"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", **content}, Dumper=_Dumper,
                     sort_keys=False, width=120)


def dashboards(maps):
    """A kustomization beside the chart's dashboards, which makes of them what the chart does: kustomize reads files of its
    own folder alone."""
    generators = []
    for each in maps:
        metadata = each["metadata"]
        generators.append({"name": metadata["name"], "namespace": metadata["namespace"], "files": list(each["data"]),
                           "options": {"disableNameSuffixHash": True, "labels": metadata["labels"],
                                       "annotations": metadata["annotations"]}})
    return HEAD + kustomization({"configMapGenerator": generators})


def written():
    """{path: text} of everything that this program writes."""
    base, monitoring = rendered(BASE), rendered(MONITORING)
    files = {"base/crds.yaml": [each for each in base if each["kind"] == "CustomResourceDefinition"],
             "base/controller.yaml": [each for each in base if each["kind"] in ("Deployment", "Service")],
             "overlays/namespaced/roles.yaml": [each for each in rendered(NAMESPACED)
                                                if each["metadata"].get("namespace") == "mail"],
             "overlays/monitoring/monitoring.yaml": [each for each in monitoring if each["apiVersion"] == OPERATOR]}
    files["base/rights.yaml"] = [each for each in base
                                 if each not in files["base/crds.yaml"] + files["base/controller.yaml"]]
    maps = [each for each in monitoring if each["kind"] == "ConfigMap"]
    texts = {HERE / name: text_of(objects) for name, objects in files.items()}
    if maps:
        texts[CHART / "dashboards" / "kustomization.yaml"] = dashboards(maps)
    folders = [os.path.relpath(CHART / "dashboards", HERE / "overlays" / "monitoring")] if maps else []
    texts[HERE / "overlays" / "monitoring" / "kustomization.yaml"] = HEAD + MONITORING_HEAD + kustomization(
        {"resources": ["../../base", "monitoring.yaml", *folders]})
    return texts


if __name__ == "__main__":
    for _path, _text in written().items():
        _path.write_text(_text)
