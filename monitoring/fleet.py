"""Is mail safe, what is held, what is failing and why: all resources on a page."""

from grafana import (BLUE, COLORED, FAILED, GREEN, ORANGE, RED, UID, by_resource, dashboard, graph, override, query, rate, row,
                     series, stat, steps, table, words, working)

ACTIVE = f"(1 - {series('splitdelivery_suspended')})"
READY = series("splitdelivery_domain_ready")
SYNC = series("splitdelivery_last_sync_timestamp_seconds")
NOT_READY = 'ready!="True"'
AT_RISK = 'reason=~"RoutingNotReady|ForwardersVanished|ApplyFailed"'
RESOURCE = "{{namespace}}/{{name}}"
ONE_DOMAIN = (f"/d/{UID}domain?${{datasource:queryparam}}&${{job:queryparam}}&${{instance:queryparam}}"
              "&var-domain=${__data.fields.Domain}&var-name=${__data.fields.Resource}")


def state(name):
    return series("splitdelivery_addresses", f'state="{name}"')


def missing():
    """Wanted addresses whose mail does not go to Zoho by a forwarder that is right."""
    return f"{state('desired')} - ignoring(state) {state('in_sync')}"


def reasons(more):
    return f"sum by (ready, reason) ({working(series('splitdelivery_domains', more))})"


def stats():
    return [
        stat("Resources", "SplitDeliveryDomains that the working replica knows. No value: no replica works.",
             f"count({working(READY)})"),
        stat("Not ready", "Resources whose Ready condition is not True, without those that are suspended.",
             f"sum({working(f'(1 - {READY}) * {ACTIVE}')})", thresholds=steps((1, RED))),
        stat("Mail at risk", "Resources whose forwarded mail may not arrive: the routing host does not lead to Zoho, the mail "
             "server lost forwarders, or writes fail.",
             f"sum({working(series('splitdelivery_domains', AT_RISK))})", thresholds=steps((1, RED))),
        stat("Addresses wanted", "Addresses that Zoho has and that are to be forwarded, as last seen.",
             f"sum({working(state('desired'))})"),
        stat("Not forwarded", "Wanted addresses without a forwarder that is right: conflicts, held changes, policies that only "
             "look, and what is still to do.", f"sum({working(missing())})", thresholds=steps((1, ORANGE))),
        stat("Changes held", "Changes and deletes that wait until a person approves them. Mail goes on as before.",
             f"sum({working(series('splitdelivery_held_changes'))})", thresholds=steps((1, ORANGE))),
        stat("Oldest good pass", "How long ago the resource that waits longest was last found ready, without suspended and "
             "new ones. An interval longer than an hour may stand here in orange while all is well.",
             f"max({working(f'(time() - {SYNC} and {SYNC} > 0) * ({ACTIVE} > 0)')})", unit="s",
             thresholds=steps((3600, ORANGE), (7200, RED))),
        stat("Accounts stopped", "Accounts at Zoho or a mail server that are asked nothing at present: refused credentials, or "
             "told to wait.", f"sum({series('splitdelivery_account_breaker_open')})", thresholds=steps((1, RED))),
    ]


def why():
    return table("Why resources are not ready",
                 "Reasons of Ready conditions that are not True. docs/status.md says what each means and what to do.",
                 {"ready": "Ready", "reason": "Reason", "Value": "Resources"},
                 [query(f"{reasons(NOT_READY)} > 0", instant=True, table=True)],
                 [override("Resources", thresholds=steps((1, RED)), cell=COLORED)], [("Resources", True)], width=8, height=8)


def ready_by_reason():
    return graph("Not ready, by reason", "How many resources were not ready, and why.",
                 [query(f"{reasons(NOT_READY)} > 0", "{{reason}}")], width=8, stack=True)


def held_over_time():
    return graph("Changes held", "Changes and deletes that waited for approval, by resource.",
                 [query(f"{by_resource(series('splitdelivery_held_changes'))} > 0", RESOURCE)], width=8, stack=True)


def resources():
    columns = {"domain": "Domain", "name": "Resource", "namespace": "Namespace", "Value #A": "Ready",
               "Value #B": "Wanted", "Value #C": "Not forwarded", "Value #D": "Held", "Value #E": "Conflicts",
               "Value #F": "Last good pass", "Value #G": "Suspended"}
    values = [READY, state("desired"), missing(), series("splitdelivery_held_changes"), state("conflict"),
              f"time() - {SYNC} and {SYNC} > 0", series("splitdelivery_suspended")]
    yes_no = words(_0=("no", None), _1=("yes", None))
    overrides = [
        override("Domain", links=[{"title": "This domain", "url": ONE_DOMAIN, "targetBlank": False}]),
        override("Ready", mappings=words(_0=("no", RED), _1=("yes", GREEN)), cell=COLORED),
        override("Not forwarded", thresholds=steps((1, ORANGE), base="text"), cell=COLORED),
        override("Held", thresholds=steps((1, ORANGE), base="text"), cell=COLORED),
        override("Conflicts", thresholds=steps((1, ORANGE), base="text"), cell=COLORED),
        override("Last good pass", unit="s", decimals=0, none="never"),
        override("Suspended", mappings=yes_no)]
    return table("Resources", "Each resource as the working replica last saw it; those that are not ready come first. The "
                 "domain leads to its own page.", columns,
                 [query(by_resource(value), instant=True, table=True) for value in values], overrides, [("Ready", False)])


def changes():
    done = series("splitdelivery_changes_total", 'result="succeeded"')
    failed = series("splitdelivery_changes_total", 'result="failed"')
    return [
        graph("Changes made", "Forwarders created, updated and deleted on mail servers.",
              [query(f"sum by (op) (increase({done}[$__rate_interval]))", "{{op}}")], bars=True, stack=True, width=8,
              colors={"create": GREEN, "update": BLUE, "delete": ORANGE}),
        graph("Changes that failed", "Writes that a mail server refused or did not answer; they are tried again.",
              [query(f"sum by (domain, op) (increase({failed}[$__rate_interval])) > 0 or "
                     f"sum(increase({failed}[$__rate_interval])) * 0", "{{op}} {{domain}}")], bars=True, stack=True, width=8),
        graph("Forwarders left behind", "Forwarders that should have been deleted with their resource and stayed, since the "
              "server or the Secret was gone: a person has to remove them.",
              [query(rate("splitdelivery_left_forwarders_total", function="increase"), "left")], bars=True, width=8,
              colors={"left": RED}),
    ]


def addresses():
    colors = {"wanted": BLUE, "right": GREEN, "conflict": ORANGE}
    return graph("Addresses", "Addresses of all resources: wanted, forwarded as wanted, and taken by somebody else.",
                 [query(f"sum({working(state(name))})", legend)
                  for name, legend in (("desired", "wanted"), ("in_sync", "right"), ("conflict", "conflict"))],
                 colors=colors)


def requests():
    bad = f"{rate('splitdelivery_provider_requests_total', FAILED, 'provider, endpoint, code')} > 0"
    return graph("Requests that failed", "Requests to Zoho and to mail servers, by what was asked and the answer: an HTTP "
                 "status, or a reason where there was none.",
                 [query(f"{bad} or {rate('splitdelivery_provider_requests_total', by='provider')} * 0",
                        "{{provider}} {{endpoint}} {{code}}")], unit="reqps", stack=True)


def page():
    return dashboard("fleet", "Fleet", "Is mail safe, what is held, what is failing and why.",
                     [*stats(), why(), ready_by_reason(), held_over_time(), resources(), row("What happens"), *changes(),
                      addresses(), requests()])
