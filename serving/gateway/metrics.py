"""What the gateway counts and measures, in Prometheus' format; no label ever holds what a user sent.

Words per second are `rate(enface_source_words_total[1m])`, the queue's depth is `enface_requests_in_progress`.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
BATCHES = (1, 2, 4, 8, 16, 32)
STAGES = ("read", "queue", "compute", "engine", "total")


class Metrics:
    """The figures of one gateway.

    Attributes:
        requests: by route and status.
        rejects: by reason, the error's code.
        words: of the source texts that were translated or aligned.
        in_progress: requests that have a place.
        batch_size: requests answered together, counted once for each of them.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "enface_requests", "Requests by route and status.", ["route", "status"], registry=self._registry
        )
        self.rejects = Counter("enface_rejects", "Refused requests by reason.", ["reason"], registry=self._registry)
        self.words = Counter(
            "enface_source_words", "Words of the source texts that were answered.", registry=self._registry
        )
        self.in_progress = Gauge(
            "enface_requests_in_progress", "Requests that are answered or wait for it.", registry=self._registry
        )
        self.batch_size = Histogram(
            "enface_batch_size",
            "Requests answered together, once for each.",
            buckets=BATCHES,
            registry=self._registry,
        )
        stages = Histogram(
            "enface_stage_seconds",
            "Seconds by stage: read the body, queue, compute, engine (both of these and the way there), total.",
            ["stage"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._stages = {stage: stages.labels(stage) for stage in STAGES}

    def stage(self, name: str, seconds: float) -> None:
        """Adds the seconds that one request spent in one of `STAGES`."""
        self._stages[name].observe(seconds)

    def batch(self, size: int, *, queue_s: float, compute_s: float) -> None:
        """Adds one request's batch: how many it was answered with, how long it waited, how long that took."""
        self.batch_size.observe(size)
        self.stage("queue", queue_s)
        self.stage("compute", compute_s)

    def text(self) -> bytes:
        """All figures, as Prometheus reads them."""
        return generate_latest(self._registry)
