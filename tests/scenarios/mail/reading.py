"""What stands in a mail that arrived."""

from email.message import EmailMessage


def plain(mail: EmailMessage) -> str:
    """Give its plain text."""
    return _text(mail, "plain")


def html(mail: EmailMessage) -> str:
    """Give its HTML."""
    return _text(mail, "html")


def _text(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
