"""The least that sends texts: twilio-python's client, for whoever wants it, and as a program that sends from threads.

`python twilio_alone.py API-URL COUNT AT-ONCE`. It stands alone: the sender by Celery has an environment of
its own.
"""

import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped, unused-ignore]
from twilio.rest import Client  # type: ignore[import-untyped, unused-ignore]

BODY = "Reminder: Tue Dec 1, 6:00 PM. Reply Y if you are coming, N if not. HELP for help, STOP to end texts."
SERVICE = "MG" + "0" * 32
_TWILIO = "https://api.twilio.com"


class Elsewhere(TwilioHttpClient):  # type: ignore[misc, unused-ignore]
    """Twilio's own client, with the time-outs that everybody should set, asking another address."""

    def __init__(self, api_url: str, at_once: int) -> None:
        super().__init__(timeout=30)
        self.api_url = api_url
        self.session.mount("http://", HTTPAdapter(pool_maxsize=at_once))

    def request(self, method: str, url: str, *parameters: Any, **options: Any) -> Any:
        """Ask the address of the benchmark."""
        return super().request(method, url.replace(_TWILIO, self.api_url, 1), *parameters, **options)


def client_for(api_url: str, at_once: int) -> Any:
    """Make a client that may be shared by so many threads."""
    return Client("AC" + "0" * 32, "token", http_client=Elsewhere(api_url, at_once))


def send(client: Any, number: int) -> str:
    """Send one text, each to somebody else."""
    sent = client.messages.create(
        to=f"+1303{2000000 + number}",
        body=BODY,
        messaging_service_sid=SERVICE,
        status_callback=f"https://meet.example.org/sms/status?m={number}",
        validity_period=36000,
        smart_encoded=True,
    )
    return str(sent.sid)


def main(api_url: str, count: int, at_once: int) -> None:
    """Send so many texts, so many at once; then stay till stopped, so that the cost can be read."""
    client = client_for(api_url, at_once)
    with ThreadPoolExecutor(at_once) as threads:
        assert sum(1 for _ in threads.map(lambda number: send(client, number), range(count))) == count
    signal.pause()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
