"""The figures that a monitoring system reads: of the queue and of this process, of no person."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, exposition
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from aftercare import config
from aftercare.core import clock
from aftercare.core.db import database_now
from aftercare.messaging import beats, queue_figures, senders
from aftercare.messaging.queue_figures import Figures
from aftercare.people import organisations

CONTENT_TYPE = exposition.CONTENT_TYPE_LATEST
#: What is said of each organisation's queue, by name: its meaning.
OF_QUEUE = {
    "aftercare_texts_due": "Texts that are due and have not left.",
    "aftercare_texts_late": "Texts that have been due for more than five minutes.",
    "aftercare_texts_oldest_due_seconds": "For how long the oldest text has been due.",
    "aftercare_texts_sending": "Texts that a worker has in hand.",
    "aftercare_texts_unknown": "Texts of which nobody knows whether the carrier has them.",
    "aftercare_people_stopped_30d": "People who stopped texts in 30 days.",
}
FAILED, PAUSED = "aftercare_texts_failed_24h", "aftercare_sender_paused"
LIVING, HEARD = "aftercare_workers_living", "aftercare_worker_heard_seconds"
#: What is said of sending: its meaning.
OF_SENDING = {
    FAILED: "Texts that failed in 24 hours, by class of trouble and the carrier's code.",
    PAUSED: "1 while texts are held back, with class and code.",
    LIVING: "Workers heard of in five minutes.",
    HEARD: "For how long no worker has been heard of; none if none ever was.",
}


def written() -> bytes:
    """Write all figures down."""
    registry = CollectorRegistry()
    for collector in (_Queue(), _Sending()):
        registry.register(collector)
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return exposition.generate_latest(registry)


class _Queue(Collector):
    """The queue of each organisation."""

    def collect(self) -> Iterable[Metric]:
        """Give one gauge for each figure."""
        slugs = organisations.slugs()
        gauges = [_gauge(name, said, "organisation") for name, said in OF_QUEUE.items()]
        failed = _gauge(FAILED, OF_SENDING[FAILED], "organisation", "failure", "code")
        for organisation_id, figures in queue_figures.of(list(slugs)).items():
            for gauge, value in zip(gauges, _values(figures), strict=True):
                gauge.add_metric([slugs[organisation_id]], value)
            for (failure, code), count in figures.failed.items():
                failed.add_metric([slugs[organisation_id], failure, str(code)], count)
        return [*gauges, failed]


class _Sending(Collector):
    """Whether texts can go at all."""

    def collect(self) -> Iterable[Metric]:
        """Give the state of the sender and of the workers."""
        paused = _gauge(PAUSED, OF_SENDING[PAUSED], "channel", "failure", "code")
        living, heard = _gauge(LIVING, OF_SENDING[LIVING]), _gauge(HEARD, OF_SENDING[HEARD])
        for sender in senders.all_from(config.current()):
            pause = senders.find_pause(sender)
            if pause is not None:
                paused.add_metric([sender.channel, str(pause.failure), str(pause.code or 0)], 1)
        now, signs = database_now(), beats.latest()
        living.add_metric([], sum(sign.is_living(now) for sign in signs))
        for newest in signs[:1]:
            heard.add_metric([], (now - newest.beat_at).total_seconds())
        return [paused, living, heard]


def _gauge(name: str, said: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, labels=list(labels))


def _values(figures: Figures) -> tuple[float, ...]:
    oldest = figures.oldest_due
    age = (clock.now() - oldest).total_seconds() if oldest else 0.0
    return (figures.due, figures.late, age, figures.sending, figures.unknown, figures.stopped)
