"""The Flask application that our doors are compared with: it reads the body and does nothing."""

from flask import Flask, request

app = Flask(__name__)


@app.post("/webhooks/github")
def webhook() -> tuple[str, int]:
    """Read the body, as anybody must who checks a signature."""
    request.get_data()
    return "", 202
