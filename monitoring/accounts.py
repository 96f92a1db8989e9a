"""Accounts at Zoho and at mail servers: who stopped us, how much of the budget is used, how the other side answers."""

from grafana import (FAILED, GREEN, ORANGE, RED, dashboard, graph, quantile, query, rate, series, stat, steps, timeline,
                     variable, words, working)

CHOSEN = 'provider=~"$provider",account=~"$account"'
PROVIDER = 'provider=~"$provider"'
BREAKER = series("splitdelivery_account_breaker_open", CHOSEN)
TOKENS = series("splitdelivery_token_mints_total", 'account=~"$account"')
BAD = f"{PROVIDER},{FAILED}"
BUDGET = series("splitdelivery_account_budget_used_ratio", CHOSEN)
UNCOVERED = series("splitdelivery_uncovered_domains")
REQUESTS = "splitdelivery_provider_requests_total"
DURATIONS = "splitdelivery_provider_request_duration_seconds"


def stats():
    bad = rate(REQUESTS, BAD)
    every = rate(REQUESTS, PROVIDER)
    return [
        stat("Accounts", "Accounts that are in use. Resources with the same hosts and credentials share one.",
             f"count({BREAKER})", width=5),
        stat("Stopped", "Accounts that are asked nothing at present. Zoho: refused credentials, or told to wait. DirectAdmin: "
             "refused credentials, so that no ban follows.", f"sum({BREAKER})", thresholds=steps((1, RED)), width=5),
        stat("Fullest budget", "Share of the calls of a minute that the busiest account has used. At 100 % its passes wait in "
             "line, and nothing fails.", f"max({BUDGET})", unit="percentunit", thresholds=steps((0.9, ORANGE)), width=5),
        stat("Requests that fail", "Share of all requests that had another answer than success.",
             f"({bad} or vector(0)) / ({every} > 0)", unit="percentunit", decimals=1, none="no request",
             thresholds=steps((0.1, ORANGE), (0.5, RED)), width=5),
        stat("Domains left out", "Domains that a mail server's account and Zoho's organisation both have, and that no resource is "
             "about. Looked for once an hour; the log names them.", f"max({working(UNCOVERED)})", thresholds=steps((1, ORANGE)),
             width=4),
    ]


def page():
    panels = [
        *stats(),
        timeline("Stopped, by account", "When an account was asked nothing (S9).",
                 [query(f"max by (provider, account) ({BREAKER})", "{{provider}} {{account}}")],
                 words(_0=("in use", GREEN), _1=("stopped", RED)), height=7),
        graph("Budget in use, by account", "Share of the calls that Zoho allows in a minute.",
              [query(f"max by (provider, account) ({BUDGET})", "{{provider}} {{account}}")], unit="percentunit", most=1),
        graph("Access tokens asked for", "Zoho gives 10 in 10 minutes to a client; one lasts for an hour.",
              [query(f"sum by (account) (increase({TOKENS}[$__rate_interval]))", "{{account}}")], bars=True),
        graph("Requests", "Requests by what was asked, whatever the answer.",
              [query(rate(REQUESTS, PROVIDER, "provider, endpoint"), "{{provider}} {{endpoint}}")], unit="reqps", stack=True),
        graph("Requests that failed", "By what was asked and the answer: an HTTP status, or a reason where there was none.",
              [query(f"{rate(REQUESTS, BAD, 'provider, endpoint, code')} > 0 or "
                     f"{rate(REQUESTS, PROVIDER, 'provider')} * 0", "{{provider}} {{endpoint}} {{code}}")],
              unit="reqps", stack=True),
        graph("How long requests take, median", "Half of the requests were faster. Failed ones are included.",
              [query(quantile(0.5, DURATIONS, PROVIDER, "provider, endpoint"), "{{provider}} {{endpoint}}")], unit="s"),
        graph("How long requests take, 99 %", "One request in a hundred took longer. Failed ones are included.",
              [query(quantile(0.99, DURATIONS, PROVIDER, "provider, endpoint"), "{{provider}} {{endpoint}}")], unit="s"),
    ]
    ours = 'job=~"$job",instance=~"$instance"'
    names = [variable("provider", "Provider", f"label_values(splitdelivery_provider_requests_total{{{ours}}}, provider)"),
             variable("account", "Account",
                      f'label_values(splitdelivery_account_breaker_open{{{ours},provider=~"$provider"}}, account)')]
    return dashboard("accounts", "Accounts", "Budget, breaker and answers of each account at Zoho and at mail servers.", panels,
                     names)
