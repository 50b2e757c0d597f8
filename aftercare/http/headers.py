"""What every answer says to the browser: what it may load, keep and tell others (ui.md, reliability.md V3)."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
OVER_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def of_every_answer(*, is_https: bool) -> dict[str, str]:
    """Give the headers of every answer that says nothing else."""
    return ALWAYS | OVER_TLS if is_https else ALWAYS


def register(app: Flask, *, is_https: bool) -> None:
    """Set the headers of every answer of an application."""
    always = of_every_answer(is_https=is_https)

    def protect(answer: Response) -> Response:
        for name, value in always.items():
            answer.headers.setdefault(name, value)
        if request.endpoint != "static":
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    app.after_request(protect)
