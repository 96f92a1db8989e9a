"""One resource: what it wants, what stands there, what waits, and what was done."""

from fleet import state
from grafana import (BLUE, GREEN, ORANGE, RED, by_resource, dashboard, graph, query, series, stat, steps, timeline,
                     variable, words, working)

CHOSEN = 'domain=~"$domain",name=~"$name"'
RESOURCE = "{{namespace}}/{{name}}"
STATES = (("desired", "wanted", BLUE), ("in_sync", "right", GREEN), ("managed", "made by us", "purple"),
          ("found", "found", "yellow"), ("unmanaged", "unmanaged", "text"), ("conflict", "conflict", ORANGE))


def chosen(metric, more=""):
    return series(metric, CHOSEN + ("," + more if more else ""))


def address(name):
    return chosen("splitdelivery_addresses", f'state="{name}"')


def number(title, description, metric, **options):
    return stat(title, description, f"sum({working(metric)})", **options)


def stats():
    ready, sync = chosen("splitdelivery_domain_ready"), chosen("splitdelivery_last_sync_timestamp_seconds")
    missing = f"{address('desired')} - ignoring(state) {address('in_sync')}"
    return [
        stat("Ready", "The condition Ready. Its reason and the fix: kubectl sdd status NAME, or the status file of a folder.",
             f"min({working(ready)})", mappings=words(_0=("no", RED), _1=("yes", GREEN))),
        number("Wanted", "Addresses that Zoho has and that are to be forwarded.", address("desired")),
        number("Not forwarded", "Wanted addresses without a forwarder that is right.", missing, thresholds=steps((1, ORANGE))),
        number("Changes held", "Changes and deletes that wait for approval: kubectl sdd plan NAME shows them.",
               chosen("splitdelivery_held_changes"), thresholds=steps((1, ORANGE))),
        stat("Held for", "How long changes have been waiting.", f"max({working(chosen('splitdelivery_plan_age_seconds'))})",
             unit="s", thresholds=steps((86400, ORANGE), base="text")),
        number("Conflicts", "Wanted addresses that somebody else's forwarder or a mailbox takes; nothing is changed there.",
               address("conflict"), thresholds=steps((1, ORANGE))),
        stat("Last good pass", "How long ago a pass last found it ready. None since the program started: never.",
             f"max({working(f'time() - {sync} and {sync} > 0')})", unit="s", none="never",
             thresholds=steps((3600, ORANGE), (7200, RED))),
        stat("Suspended", "Whether spec.suspend is set: then nothing is asked and nothing written.",
             f"max({working(chosen('splitdelivery_suspended'))})",
             mappings=words(_0=("no", None), _1=("yes", ORANGE))),
    ]


def changes(result, title, description):
    counted = chosen("splitdelivery_changes_total", f'result="{result}"')
    return graph(title, description, [query(f"sum by (op) (increase({counted}[$__rate_interval]))", "{{op}}")], bars=True,
                 stack=True, colors={"create": GREEN, "update": BLUE, "delete": ORANGE})


def page():
    panels = [
        *stats(),
        timeline("Ready over time", "When the resource was ready.",
                 [query(by_resource(chosen("splitdelivery_domain_ready")), RESOURCE)],
                 words(_0=("not ready", RED), _1=("ready", GREEN)), height=5),
        graph("Addresses", "Forwarders, by how they stand. Made by us: what may be changed or deleted. Found: right before we "
              "came. Unmanaged: on the routing host and not ours, left alone.",
              [query(f"sum({working(address(name))})", legend) for name, legend, _ in STATES],
              colors={legend: color for _, legend, color in STATES}),
        graph("Held", "Changes and deletes that waited for approval.",
              [query(by_resource(chosen("splitdelivery_held_changes")), RESOURCE)]),
        changes("succeeded", "Changes made", "Forwarders created, updated and deleted."),
        changes("failed", "Changes that failed", "Writes that the mail server refused or did not answer; they are tried again."),
    ]
    names = [variable("domain", "Domain", 'label_values(splitdelivery_domain_ready{job=~"$job",instance=~"$instance"}, domain)',
                      multi=False),
             variable("name", "Resource", 'label_values(splitdelivery_domain_ready{job=~"$job",instance=~"$instance",'
                      'domain=~"$domain"}, name)')]
    return dashboard("domain", "One domain", "One domain: what is wanted, what stands there, what waits, what was done.",
                     panels, names, since="now-24h")
