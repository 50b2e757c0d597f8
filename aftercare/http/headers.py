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


def register(app: Flask, *, is_https: bool) -> None:
    """Set the headers of every answer of an application."""

    def protect(answer: Response) -> Response:
        set_if_absent = answer.headers.setdefault
        set_if_absent("Content-Security-Policy", POLICY)
        set_if_absent("X-Content-Type-Options", "nosniff")
        set_if_absent("Referrer-Policy", "same-origin")
        set_if_absent("Cross-Origin-Opener-Policy", "same-origin")
        set_if_absent("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if request.endpoint != "static":
            set_if_absent("Cache-Control", "no-store")
        if is_https:
            set_if_absent("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return answer

    app.after_request(protect)
