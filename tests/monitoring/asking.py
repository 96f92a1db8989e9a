"""What the tests with a real Prometheus ask it, and how long they wait for the answer."""

import re
import time

import pages
import prometheus

ANSWER_SECONDS = 60
STIR_SECONDS = 1


def settled(expression, **chosen):
    """The expression as Grafana would send it, with what a person has chosen; All by default."""
    chosen = {"job": ".+", "instance": ".+", "provider": ".+", "account": ".+", "name": ".+", "domain": ".+", **chosen}
    expression = expression.replace("$__rate_interval", prometheus.RATE_INTERVAL)
    return re.sub(r"\$([a-z]+)", lambda match: chosen[match.group(1)], expression)


def in_full(metric, matchers):
    """A selector of every series that has the metric and the labels, whatever their values."""
    labels = ",".join(f'{label}!=""' for label in matchers)
    return f"{metric}{{{labels}}}"


class Asking:
    """For test cases: what Prometheus must answer in time."""

    prometheus = None

    def stir(self):
        """Sees to it that passes end while somebody watches."""

    def until_asked(self, expression, holds=bool):
        """Asks until the answer holds, and gives it."""
        found = []

        def well():
            found[:] = self.prometheus.query(expression)
            return holds(found)
        try:
            self.until(well, ANSWER_SECONDS)
        except AssertionError:
            self.fail(f"{expression} answers {found[:5]}")
        return found

    def until_all_answer(self, expressions):
        """Each returns a series in time; those that never do are named, all of them."""
        silent, stirred = dict(expressions), 0

        def all_well():
            nonlocal stirred
            if time.monotonic() > stirred + STIR_SECONDS:  # an edit in the middle of a pass ends it
                self.stir()
                stirred = time.monotonic()
            for name, expression in list(silent.items()):
                if self.prometheus.query(expression):
                    del silent[name]
            return not silent
        try:
            self.until(all_well, ANSWER_SECONDS)
        except AssertionError:
            self.fail(f"no series: {silent}")

    def values_of_variables(self, dashboard):
        for name, variable in pages.variables(dashboard).items():
            if variable["type"] != "query":
                continue
            selector, label = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["definition"]).groups()
            values = self.prometheus.ask(f"label/{label}/values", **{"match[]": settled(selector)})
            self.assertTrue(values, f"no value for the variable {name}")
            yield name, values
