"""One request = one transaction, opened and closed here."""

from typing import Any

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue

from aftercare.core.db import begin_reading, begin_writing, transaction

SAFE = {"GET", "HEAD", "OPTIONS"}


class Service(Flask):
    """Flask, with every request in one transaction: committed when the view returns, undone when it raises."""

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Choose the kind of lock before anything reads; turn away addresses that PostgreSQL could not look up."""
        if self._only_reads():
            begin_reading()
        else:
            begin_writing()
        if "\0" in request.path:
            abort(404)
        return super().preprocess_request()

    def dispatch_request(self) -> Any:
        """Run the view in the request's transaction."""
        with transaction(reading=self._only_reads()):
            return super().dispatch_request()

    def _only_reads(self) -> bool:
        view = self.view_functions.get(request.endpoint or "")
        return request.method in SAFE and not getattr(view, "writes", False)
