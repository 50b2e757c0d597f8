"""Our stylesheet and scripts, packed: with them every page stays under 120 KB on a slow line (ui.md).

Pages themselves are not packed: they hold the form token, and the length of a packed page could give it away (BREACH).
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request


def register(app: Flask) -> None:
    """Pack the static files of an application for browsers that can unpack them."""

    def pack(answer: Response) -> Response:
        if request.endpoint == "static":
            answer.vary.add("Accept-Encoding")
            if answer.status_code == 200 and request.accept_encodings.quality("gzip") > 0:
                return _packed(answer)
        return answer

    app.after_request(pack)


def _packed(answer: Response) -> Response:
    answer.direct_passthrough = False
    answer.set_data(_gzip(answer.get_data()))
    answer.headers["Content-Encoding"] = "gzip"
    tag, _ = answer.get_etag()
    if tag:
        # Packed and plain bytes share the tag, so that either is known again: such a tag is weak (RFC 9110, 8.8.3).
        answer.set_etag(tag, weak=True)
    return answer


@lru_cache(maxsize=16)
def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
