"""Hands one mail to the server of HELPLINE_SMTP_URL. Knows no entity; keeps and logs no address."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from helpline.api.egress import NotReached
from helpline.people.addresses import parsed

SECONDS = 8.0
_PORTS = {"smtp": 587, "smtps": 465}


def send(server: str, message: EmailMessage) -> None:
    """Hand a mail over. Raises `NotReached` with a short word or two, which hold no address."""
    parts = urlsplit(server)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    try:
        with _dialled(parts.scheme, host, port) as dialled:
            if parts.username and parts.password:
                dialled.login(unquote(parts.username), unquote(parts.password))
            dialled.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise NotReached("the mail server refused our user or password") from error
    except smtplib.SMTPRecipientsRefused as error:
        code = next((code for code, _ in error.recipients.values()), 0)
        raise NotReached(f"the mail server refused the mailbox ({code})") from error
    except smtplib.SMTPResponseException as error:
        raise NotReached(f"the mail server answered {error.smtp_code}") from error
    except ssl.SSLError as error:
        raise NotReached("certificate or TLS at fault") from error
    except TimeoutError as error:
        raise NotReached("too slow") from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotReached("no connection to the mail server") from error


def _dialled(scheme: str, host: str, port: int) -> smtplib.SMTP:
    """A connection that nobody else reads: TLS, unless the server is on this very machine."""
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
    dialled = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        safe = _encrypted(dialled) or _here(host)
    except BaseException:
        dialled.close()
        raise
    if not safe:
        dialled.close()
        raise NotReached("the mail server has no TLS")
    return dialled


def _encrypted(dialled: smtplib.SMTP) -> bool:
    dialled.ehlo()
    if not dialled.has_extn("starttls"):
        return False
    dialled.starttls(context=ssl.create_default_context())
    dialled.ehlo()
    return True


def _here(host: str) -> bool:
    known = parsed(host)
    return host == "localhost" or (known is not None and known.is_loopback)
