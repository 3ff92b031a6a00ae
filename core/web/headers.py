"""Security headers on every answer: nothing from other sites; no scripts and frames unless allowed."""

from flask import Flask, Response, g, request

from core.config import Settings

POLICY = (
    "default-src 'none';{scripts} style-src 'self'; img-src 'self'; form-action 'self'{forms};"
    " frame-ancestors {frames}; base-uri 'none'"
)
SCRIPTS = " script-src 'self'; connect-src 'self';"
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # GitHub needs to see the origin of the /setup form; nobody needs the path.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(),"
        " gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT_TRANSPORT = "max-age=31536000"


def prepare(app: Flask, settings: Settings) -> None:
    """Set the headers on every answer of `app`."""
    fixed = dict(FIXED)
    if settings.public_url.startswith("https://"):
        fixed["Strict-Transport-Security"] = STRICT_TRANSPORT

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        frames = "'none'"
        if g.get("frames_allowed", False):
            # This header knows no "everywhere"; the policy below says it.
            response.headers.remove("X-Frame-Options")
            frames = "http: https:"
        forms = "".join(f" {origin}" for origin in g.get("form_origins", ()))
        scripts = SCRIPTS if g.get("scripts_allowed", False) else ""
        policy = POLICY.format(forms=forms, frames=frames, scripts=scripts)
        response.headers["Content-Security-Policy"] = policy
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-cache")
            response.vary.update(("Accept-Language", "Cookie"))
        _stay_here(response)
        return response


def allow_form_to(origin: str) -> None:
    """Let a form of the present page post to another site, such as `https://github.com`."""
    g.form_origins = (origin,)


def allow_frames() -> None:
    """Let any site show the present page in a frame: nothing can be done or seen there by a cookie."""
    g.frames_allowed = True


def allow_scripts() -> None:
    """Let the present page run a script of ours, which may ask this site; it must work without, too."""
    g.scripts_allowed = True


def _stay_here(response: Response) -> None:
    """Make redirects within this site relative: the Host header is the visitor's to forge."""
    location = response.headers.get("Location", "")
    if location.startswith(request.host_url):
        response.headers["Location"] = "/" + location.removeprefix(request.host_url).lstrip("/")
        response.data = b""
