"""Flask that answers each path with bytes it was given: the limit that a search can come near to."""

import os
from pathlib import Path

from flask import Flask, Response

app = Flask(__name__)
KEPT = {path.name: path.read_bytes() for path in Path(os.environ["BENCH_STORED"]).iterdir()}


@app.get("/<name>")
def stored(name: str) -> Response:
    """Give stored bytes."""
    return Response(KEPT[name], mimetype="application/json")
