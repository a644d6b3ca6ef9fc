"""The stand-in's mail server keeps what it is given, for its page and its folder, and sends nothing on."""

import smtplib
import socket
from email.message import EmailMessage

from helpline.simulator.mailbox import Mailbox, catching
from helpline.simulator.server import create_app
from tests.unit.simulator.application import carrier_for


def sent(port):
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = (
        "Nuova richiesta: proposta 12",
        "a@example.org",
        "b@example.org",
    )
    mail.set_content("C'è una nuova richiesta:\nhttps://line.example.org/offers/12 <script>\n")
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as server:
        server.send_message(mail)


def test_a_mail_is_on_the_page_and_in_the_folder(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    box = Mailbox(tmp_path / "mail")
    with catching(f"smtp://127.0.0.1:{port}", box):
        sent(port)
        sent(port)
    carrier, _ = carrier_for({}, strict=False)
    page = create_app(carrier, mails=box).test_client().get("/mail").text
    assert page.count("<article>") == 2
    assert "Nuova richiesta: proposta 12" in page and "offers/12 &lt;script&gt;" in page
    files = sorted((tmp_path / "mail").glob("*.eml"))
    assert len(files) == 2 and b"Subject: Nuova richiesta" in files[0].read_bytes()


def test_mail_of_a_server_elsewhere_is_left_alone_and_the_page_is_empty():
    for address in (None, "smtps://mail.example.org", "smtp://mail.example.org:25"):
        with catching(address, Mailbox()):
            pass
    carrier, _ = carrier_for({}, strict=False)
    assert "No mail yet" in create_app(carrier).test_client().get("/mail").text
