"""The least that sends texts by Celery and Redis: one task, no state of its own; the broker's address is in BROKER.

`python by_celery.py COUNT` posts tasks; `celery --app by_celery worker` sends them. It stands alone, in an environment
of its own (`peers.py`).
"""

import os
import sys

from celery import Celery  # type: ignore[import-not-found, import-untyped, unused-ignore]
from twilio_alone import client_for, send  # type: ignore[import-not-found, unused-ignore]

app = Celery(broker=os.environ["BROKER"])
app.conf.update(task_ignore_result=True, worker_hijack_root_logger=False, broker_connection_retry_on_startup=True)
client = client_for(os.environ["API_URL"], int(os.environ["AT_ONCE"]))


@app.task(name="send_reminder")  # type: ignore[untyped-decorator, unused-ignore]
def send_reminder(number: int) -> None:
    """Send one text."""
    send(client, number)


if __name__ == "__main__":
    with app.producer_or_acquire() as producer:
        for posted in range(int(sys.argv[1])):
            send_reminder.apply_async((posted,), producer=producer)
