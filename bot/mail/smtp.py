"""Carries mail to a server by SMTP (RFC 5321), and says apart what will never arrive."""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage

from core.mail_settings import MailSettings

TIMEOUT_S = 20.0
PERMANENT = 500


class Bounced(Exception):
    """No server will ever take mail for that address."""


class NotTaken(Exception):
    """The server cannot be reached, or does not take the mail now; it may later."""


Carry = Callable[[EmailMessage, str], None]
"""Brings a mail to an address. Raises `Bounced` or `NotTaken`."""


def by_smtp(settings: MailSettings) -> Carry:
    """Give what carries mail to that server; one connection for each mail."""

    def carry(message: EmailMessage, address: str) -> None:
        try:
            with _connected(settings) as server:
                server.send_message(message, settings.address, [address])
        except smtplib.SMTPRecipientsRefused as error:
            code, _said = error.recipients[address]
            raise (Bounced if code >= PERMANENT else NotTaken)(f"recipient: {code}") from None
        except smtplib.SMTPNotSupportedError:
            # The address has letters that this server does not know.
            raise Bounced("address not supported") from None
        except smtplib.SMTPResponseException as error:
            raise NotTaken(f"{type(error).__name__}: {error.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as error:
            # Its words may repeat the address: only the kind is kept.
            raise NotTaken(type(error).__name__) from None

    return carry


def _connected(settings: MailSettings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=TIMEOUT_S, context=context
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S)
    try:
        if settings.tls == "starttls":
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, settings.password)
    except BaseException:
        server.close()
        raise
    return server


def keep(message: EmailMessage, address: str) -> None:
    """Carry nothing: in the sandbox a mail is only shown, whoever it is for."""
    del message, address
