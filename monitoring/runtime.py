"""The controller itself: who leads, its passes and queue, the API server, its process."""

from grafana import (BLUE, GREEN, ORANGE, RED, dashboard, graph, quantile, query, rate, row, series, stat, steps, timeline,
                     words, working)

LEADER = series("leader_election_master_status")
PASSES = "controller_runtime_reconcile_total"
API = "rest_client_requests_total"


def stats():
    return [
        stat("Replicas", "Replicas that are scraped.", f"count({series('splitdelivery_build_info')})", width=4),
        stat("Leading", "Replicas that lead: one, where they elect a leader. No value: they do not.",
             f"sum({LEADER})", width=4, none="no election",
             thresholds={"mode": "absolute", "steps": [{"color": RED, "value": None}, {"color": GREEN, "value": 1},
                                                       {"color": RED, "value": 2}]}),
        stat("Passes that fail", "Share of passes that failed.",
             f"{rate('controller_runtime_reconcile_errors_total')} / ({rate(PASSES)} > 0)", unit="percentunit", decimals=1,
             thresholds=steps((0.1, ORANGE), (0.5, RED)), width=4, none="no pass"),
        stat("Waiting for a worker", "Resources that are due and have no worker yet; those of a replica that stands by wait "
             "for nothing.", f"sum({working(series('workqueue_depth'))})", width=4, thresholds=steps((100, ORANGE))),
        stat("Oldest pass under way", "A pass ends after 15 minutes at most; more than that hangs.",
             f"max({series('workqueue_longest_running_processor_seconds')})", unit="s", width=4,
             thresholds=steps((300, ORANGE), (1020, RED))),
        stat("Youngest replica", "How long the replica that was started last has been up.",
             f"time() - max({series('process_start_time_seconds')})", unit="s", width=4, thresholds=steps(base=BLUE)),
    ]


def passes():
    return [
        timeline("Who leads", "Which replica led, where they elect a leader.",
                 [query(f"max by (instance) ({LEADER})", "{{instance}}")],
                 words(_0=("stands by", BLUE), _1=("leads", GREEN)), height=5),
        row("Passes"),
        graph("Passes, by result", "requeue_after: well, and it comes again after its interval.",
              [query(rate(PASSES, by="result"), "{{result}}")], unit="ops", stack=True,
              colors={"success": GREEN, "requeue_after": BLUE, "error": RED}),
        graph("Passes that a bug or the deadline ended", "Panics are bugs of ours; a pass ends after 15 minutes at most.",
              [query(rate("controller_runtime_reconcile_panics_total", function="increase"), "panics"),
               query(rate("controller_runtime_reconcile_timeouts_total", function="increase"), "deadline")], bars=True,
              colors={"panics": RED, "deadline": ORANGE}),
        graph("How long passes take", "From the first question to the last write.",
              [query(quantile(share, "controller_runtime_reconcile_time_seconds"), legend)
               for share, legend in ((0.5, "median"), (0.9, "90 %"), (0.99, "99 %"))], unit="s"),
        graph("How long resources wait for a worker", "After they were due. More than a few seconds: raise --workers.",
              [query(quantile(share, "workqueue_queue_duration_seconds"), legend)
               for share, legend in ((0.5, "median"), (0.9, "90 %"), (0.99, "99 %"))], unit="s"),
        graph("Workers", "Passes under way, resources that wait, and how many passes may begin at a time.",
              [query(f"sum({series('controller_runtime_active_workers')})", "under way"),
               query(f"sum({working(series('workqueue_depth'))})", "waiting"),
               query(f"max({series('controller_runtime_max_concurrent_reconciles')})", "--workers")]),
        graph("Work that comes", "How often resources became due, and how often they were asked to come again later.",
              [query(rate("workqueue_adds_total"), "due"), query(rate("workqueue_retries_total"), "again later")], unit="ops"),
    ]


def api_server():
    return [
        row("The Kubernetes API server (in a cluster)"),
        graph("Requests, by answer", "`<error>`: no answer came.",
              [query(rate(API, by="code"), "{{code}}")], unit="reqps", stack=True),
        graph("Requests that were made once more", "Since the API server was restarting or overloaded, by its answer before.",
              [query(rate("rest_client_request_retries_total", by="code, verb"), "{{code}} {{verb}}")], unit="reqps", stack=True),
        graph("How long requests take, 99 %", "Without watches and without time in line.",
              [query(quantile(0.99, "rest_client_request_duration_seconds", by="verb"), "{{verb}}")], unit="s"),
        graph("Time in line for --kube-api-qps, 99 %", "More than a second: raise --kube-api-qps and --kube-api-burst.",
              [query(quantile(0.99, "rest_client_rate_limiter_duration_seconds", by="verb"), "{{verb}}")], unit="s"),
    ]


def process():
    return [
        row("The process"),
        graph("CPU", "Cores in use, by replica.",
              [query(rate("process_cpu_seconds_total", by="instance"), "{{instance}}")], unit="short", width=8),
        graph("Memory", "Resident memory, by replica.",
              [query(f"max by (instance) ({series('process_resident_memory_bytes')})", "{{instance}}")], unit="bytes", width=8),
        graph("Open files", "Open file descriptors, sockets included, by replica.",
              [query(f"max by (instance) ({series('process_open_fds')})", "{{instance}}")], width=8),
    ]


def page():
    return dashboard("runtime", "Controller", "The controller itself: leader, passes, queue, API server, process.",
                     [*stats(), *passes(), *api_server(), *process()])
