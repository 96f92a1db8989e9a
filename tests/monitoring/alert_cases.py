"""What makes each alert fire, when, and what does not. `alert_tests.py` makes promtool's file of it.

Time begins at 0, a sample comes each minute; "1x20" is the value 1 for twenty minutes more, "0+1x20" one more each minute.
"""

import dataclasses

DAY, HALF_A_DAY = 1440, 720
LEADER, STANDBY = 'job="mail",instance="a:8080"', 'job="mail",instance="b:8080"'
RESOURCE = 'namespace="shop",name="ex",domain="example.com"'
OF = {"job": "mail", "namespace": "shop", "name": "ex", "domain": "example.com"}
PASSES = 'name="splitdeliverydomain",controller="splitdeliverydomain"'
ELECTION = {f'leader_election_master_status{{{LEADER},name="splitdelivery"}}': "1x2000",
            f'leader_election_master_status{{{STANDBY},name="splitdelivery"}}': "0x2000"}


@dataclasses.dataclass
class Case:
    series: dict  # that make it fire
    labels: dict  # of the alert, besides severity
    minute: int  # when it fires first: `for` after its expression has become true
    quiet: dict  # name → series that do not
    shown: str = ""  # $value, as the annotations show it


def of(metric, value, more="", where=LEADER):
    return {f"{metric}{{{where}{',' + more if more else ''}}}": value}


def of_resource(metric, value, more="", where=LEADER):
    return of(f"splitdelivery_{metric}", value, RESOURCE + ("," + more if more else ""), where)


def domains(reason, value, where=LEADER, ready="False"):
    return of("splitdelivery_domains", value, f'ready="{ready}",reason="{reason}"', where)


def by_reason(reason, minute, with_reason=False):
    """A case of an alert that counts resources by the reason of their Ready condition."""
    labels = {"job": "mail", **({"reason": reason} if with_reason else {})}
    return Case({**domains(reason, "1x2000"), **ELECTION}, labels, minute, {
        "none any more": {**domains(reason, f"1x{minute - 2} 0x2000"), **ELECTION},
        "on the replica that stands by": {**domains(reason, "1x2000", STANDBY), **ELECTION},
        "another reason": {**domains("ConnectFailed", "1x2000"), **domains(reason, "0x2000"), **ELECTION}}, "1")


def of_one(metric, value, minute, shown="", more=""):
    """A case of an alert about one resource, with a value that is never seen where all is well."""
    return Case({**of_resource(metric, f"{value}x2000", more), **ELECTION}, OF, minute, {
        "zero where there is work, whatever the replica that stands by says": {
            **of_resource(metric, "0x2000", more), **of_resource(metric, f"{value}x2000", more, STANDBY), **ELECTION}}, shown)


def ready(value):
    return {**of_resource("domain_ready", value), **of_resource("suspended", "0x2000"), **of_resource("held_changes", "0x2000")}


def synced(value, ready_is, **more):
    return {**ready(ready_is), **of_resource("last_sync_timestamp_seconds", value), **ELECTION, **more}


def failing(values, is_ready="0x2000", where=LEADER):
    return {**of_resource("changes_total", values, 'op="create",result="failed"', where),
            **of_resource("changes_total", "0x2000", 'op="delete",result="failed"', where),
            **of_resource("changes_total", "0+1x2000", 'op="create",result="succeeded"', where),
            **of_resource("domain_ready", is_ready, where=where), **ELECTION}


def requests(good, bad):
    return {**of("splitdelivery_provider_requests_total", good, 'provider="zoho",endpoint="accounts",code="200"'),
            **of("splitdelivery_provider_requests_total", bad, 'provider="zoho",endpoint="accounts",code="TimedOut"')}


def api_server(good, bad):
    return {**BUILD, **of("rest_client_requests_total", good, 'host="h",method="GET",code="200"'),
            **of("rest_client_requests_total", good, 'host="h",method="GET",code="404"'),
            **of("rest_client_requests_total", bad, 'host="h",method="GET",code="<error>"')}


BUILD = of("splitdelivery_build_info", "1x2000", 'version="1"')
ACCOUNT = 'provider="zoho",account="mail.zoho.com/1"'
OF_ACCOUNT = {"job": "mail", "provider": "zoho", "account": "mail.zoho.com/1"}

CASES = {
    "SplitDeliveryRoutingNotReady": by_reason("RoutingNotReady", 10),
    "SplitDeliveryForwardersVanished": by_reason("ForwardersVanished", 5),
    "SplitDeliveryChangesFailing": Case(
        failing("0+2x2000"), OF, 31, {
            "it has become ready": failing("0+2x2000", "0x20 1x2000"),
            "no write failed": failing("0x2000"),
            "on the replica that stands by": failing("0+2x2000", where=STANDBY),
            "failed two hours ago": failing("0 2x20 2x2000", "0x10 1x120 0x2000")}, "62"),
    "SplitDeliveryNotReady": Case(
        {**ready("0x2000"), **ELECTION}, OF, 30, {
            "ready": {**ready("1x2000"), **ELECTION},
            "ready again in time": {**ready("0x28 1x2000"), **ELECTION},
            "suspended": {**ready("0x2000"), **of_resource("suspended", "1x2000"), **ELECTION},
            "the leader says that it is ready": {**of_resource("domain_ready", "0x2000", "", STANDBY), **ready("1x2000"),
                                                 **ELECTION}}),
    "SplitDeliverySyncStale": Case(
        synced("60x2000", "0x2000"), OF, 122 + 15, {
            "ready, with an interval of a day": synced(f"60x{DAY} 86460x700", "1x2140"),
            "in step": synced("0+60x2000", "1x2000"),
            "what is missing is held": {**synced("60x1500", "0x1500"), **of_resource("held_changes", "3x1500")},
            "suspended": {**synced("60x2000", "0x2000"), **of_resource("suspended", "1x2000")},
            "never yet": synced("0x2000", "0x2000"),
            "on the replica that stands by": {
                **of_resource("last_sync_timestamp_seconds", "60x2000", where=STANDBY),
                **of_resource("domain_ready", "0x2000", where=STANDBY), **ELECTION}}, "2h 16m 0s"),
    "SplitDeliveryDeletionsHeld": of_one("held_changes", 1, 15, "1"),
    "SplitDeliveryOwnershipConflict": of_one("addresses", 1, 60, "1", 'state="conflict"'),
    "SplitDeliveryDomainClaimed": by_reason("DomainClaimed", 15),
    "SplitDeliveryLeftForwarders": Case(
        of("splitdelivery_left_forwarders_total", "0x9 1x2000"), {"job": "mail"}, 11, {
            "none": of("splitdelivery_left_forwarders_total", "0x2000"),
            "started anew": of("splitdelivery_left_forwarders_total", "4x100 0x2000")}, "1"),
    "SplitDeliveryUncoveredDomains": Case(
        {**of("splitdelivery_uncovered_domains", "0 2x2000"), **ELECTION}, {"job": "mail"}, 181, {
            "none": {**of("splitdelivery_uncovered_domains", "0x2000"), **ELECTION},
            "covered within three hours": {**of("splitdelivery_uncovered_domains", "2x170 0x2000"), **ELECTION},
            "on the replica that stands by": {**of("splitdelivery_uncovered_domains", "2x2000", where=STANDBY), **ELECTION}}, "2"),
    "SplitDeliverySuspended": of_one("suspended", 1, HALF_A_DAY),
    "SplitDeliveryAuthFailed": by_reason("BadCredentials", 5, True),
    "SplitDeliveryBreakerOpen": Case(
        of("splitdelivery_account_breaker_open", "1x2000", ACCOUNT), OF_ACCOUNT, 15, {
            "closed": of("splitdelivery_account_breaker_open", "0x2000", ACCOUNT),
            "closed in time": of("splitdelivery_account_breaker_open", "1x13 0x2000", ACCOUNT)}),
    "SplitDeliveryRateLimited": by_reason("TokenThrottled", 15, True),
    "SplitDeliveryBudgetExhausted": Case(
        of("splitdelivery_account_budget_used_ratio", "0.5 1x2000", ACCOUNT), OF_ACCOUNT, 31, {
            "room now and then": of("splitdelivery_account_budget_used_ratio", "1x9 0.9 1x9 0.9 1x9 0.9 1x9 0.9 1x9", ACCOUNT),
            "half of it": of("splitdelivery_account_budget_used_ratio", "0.5x2000", ACCOUNT)}),
    "SplitDeliveryProviderErrors": Case(
        requests("0+1x2000", "0+3x2000"), {"job": "mail", "provider": "zoho"}, 16, {
            "half of them": requests("0+1x2000", "0+1x2000"),
            "no request at all": requests("0x2000", "0x2000")}, "75%"),
    "SplitDeliveryAbsent": Case({**of("up", "1x2000", where='job="another",instance="c:9"')}, {}, 10, {
        "one replica is there": BUILD,
        "away for a scrape": {key: "1x20 _x4 1x2000" for key in BUILD}}),
    "SplitDeliveryTargetDown": Case(
        {**of("up", "1x4 0x2000"), **{key: "1x4 stale" for key in BUILD}}, {"job": "mail", "instance": "a:8080"}, 15, {
            "up": {**of("up", "1x2000"), **BUILD},
            "somebody else's": of("up", "0x2000")}),
    "SplitDeliveryLeaderMissing": Case(
        {**BUILD, **of("leader_election_master_status", "0x2000", 'name="splitdelivery"')},
        {"job": "mail", "name": "splitdelivery"}, 5, {
            "one of two leads": {**BUILD, **ELECTION},
            "another program's": of("leader_election_master_status", "0x2000", 'name="other"'),
            "no election": BUILD}),
    "SplitDeliveryStateUnusable": by_reason("StateNotWritable", 10, True),
    "SplitDeliveryPanics": Case(
        of("splitdelivery_panics_total", "0x9 1x2000"), {"job": "mail"}, 11, {
            "none": of("splitdelivery_panics_total", "0x2000")}, "1"),
    "SplitDeliveryPassTimeouts": Case(
        of("controller_runtime_reconcile_timeouts_total", "0x9 1x9 2x2000", 'controller="splitdeliverydomain"'), {"job": "mail"},
        25, {
            "one": of("controller_runtime_reconcile_timeouts_total", "0x100 1x2000", 'controller="splitdeliverydomain"'),
            "another controller's": of("controller_runtime_reconcile_timeouts_total", "0+1x2000", 'controller="other"')}, "2"),
    "SplitDeliveryPassHangs": Case(
        of("workqueue_longest_running_processor_seconds", "0+60x2000", PASSES), {"job": "mail", "instance": "a:8080"}, 18 + 5, {
            "ended at its deadline": of("workqueue_longest_running_processor_seconds", "0+60x15 0+60x15 0+60x15", PASSES),
            "another controller's": of("workqueue_longest_running_processor_seconds", "0+60x2000",
                                       'name="other",controller="other"')}, "23m 0s"),
    "SplitDeliveryQueueBehind": Case(
        {**of("workqueue_depth", "0 1x2000", PASSES), **ELECTION}, {"job": "mail"}, 31, {
            "empty now and then": {**of("workqueue_depth", "7x9 0 7x9 0 7x9 0 7x9 0 7x9 0 7x9", PASSES), **ELECTION},
            "on the replica that stands by": {**of("workqueue_depth", "7x2000", PASSES, STANDBY), **ELECTION},
            "another controller's": of("workqueue_depth", "7x2000", 'name="other",controller="other"')}, "1"),
    "SplitDeliveryAPIServerErrors": Case(
        api_server("0+1x2000", "0+2x2000"), {"job": "mail", "instance": "a:8080"}, 16, {
            "one in six": api_server("0+5x2000", "0+2x2000"),
            "no request": api_server("0x2000", "0x2000"),
            "another program's": of("rest_client_requests_total", "0+9x2000", 'host="h",method="GET",code="503"')}, "50%"),
    "SplitDeliveryRestarting": Case(
        {**BUILD, **of("process_start_time_seconds", "0x4 300x4 600x4 900x2000")}, {"job": "mail", "instance": "a:8080"}, 16, {
            "twice": {**BUILD, **of("process_start_time_seconds", "0x4 300x4 600x2000")},
            "another program": of("process_start_time_seconds", "0+60x2000")}, "3"),
}

WELL = {**BUILD, **{key.replace("a:8080", "b:8080"): value for key, value in BUILD.items()}, **ELECTION,
        **of("up", "1x2000"), **of("up", "1x2000", where=STANDBY),
        **synced("0+60x2000", "1x2000"), **of_resource("addresses", "0x2000", 'state="conflict"'),
        **of_resource("domain_ready", "0x2000", "", STANDBY), **of_resource("suspended", "0x2000", "", STANDBY),
        **of_resource("last_sync_timestamp_seconds", "0x2000", "", STANDBY),
        **of_resource("held_changes", "0x2000", "", STANDBY), **of_resource("addresses", "0x2000", 'state="conflict"', STANDBY),
        **domains("Synced", "1x2000", ready="True"), **domains("Progressing", "1x2000", STANDBY, "Unknown"),
        **of("workqueue_depth", "0x2000", PASSES), **of("workqueue_depth", "1x2000", PASSES, STANDBY),
        **of("splitdelivery_account_breaker_open", "0x2000", ACCOUNT), **requests("0+1x2000", "0x2000"),
        **of("splitdelivery_account_budget_used_ratio", "0.2x2000", ACCOUNT), **of("splitdelivery_panics_total", "0x2000"),
        **of("splitdelivery_uncovered_domains", "0x2000"),
        **of("splitdelivery_left_forwarders_total", "0x2000"), **of("process_start_time_seconds", "5x2000"),
        **of("process_start_time_seconds", "6x2000", where=STANDBY),
        **of("workqueue_longest_running_processor_seconds", "0x2000", PASSES), **api_server("0+1x2000", "0x2000")}
