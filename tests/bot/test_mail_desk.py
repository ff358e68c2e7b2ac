"""Tickets by e-mail over a server that insists on encryption and a login: a real one, with a certificate of its own."""

from __future__ import annotations

import ssl
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desks.mail import MailDesk
from inbox.errors import SendFailed
from tests.bot.test_desks import a_ticket
from tests.builders import AClock
from tests.end_to_end.helpdesks import OnMail

LOGIN = ("vigie", "correct horse")


def make_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """A certificate that signs itself, for one host, good for a day; its file, and that of its key."""
    certificate, key = folder / f"{host}.pem", folder / f"{host}.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "1", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


def a_server(files: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context


@pytest.fixture(scope="module")
def localhost(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"), "localhost")


@pytest.fixture
def trusted(localhost: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server shows that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(localhost[0]))
    return a_server(localhost)


def a_desk(url: str, *, user: str | None = LOGIN[0], password: str | None = LOGIN[1]) -> MailDesk:
    return MailDesk(
        "support",
        url,
        sender="vigie@loriot.example",
        to="help@loriot.example",
        user=user,
        password=password,
        put=str,
        clock=AClock(),
        patience=timedelta(seconds=5),
    )


@pytest.mark.parametrize("smtps", [False, True], ids=["STARTTLS", "TLS"])
async def test_f68_a_ticket_leaves_by_encrypted_mail_after_signing_in(trusted: ssl.SSLContext, smtps: bool):
    async with OnMail(tls=trusted, smtps=smtps, login=LOGIN) as mailbox:
        desk = a_desk(mailbox.url)
        remarks = await desk.examine()
        opened = await desk.open_ticket(a_ticket())

    assert all(remark.is_well for remark in remarks)
    assert list(mailbox.mails) == [opened.external_id]
    assert mailbox.under_tls == [True]


@pytest.mark.parametrize("smtps", [False, True], ids=["STARTTLS", "TLS"])
async def test_f68_a_wrong_password_is_told_with_what_to_do(trusted: ssl.SSLContext, smtps: bool):
    async with OnMail(tls=trusted, smtps=smtps, login=LOGIN) as mailbox:
        with pytest.raises(SendFailed, match="support refuses our token") as refused:
            await a_desk(mailbox.url, password="another").open_ticket(a_ticket())

    assert refused.value.permanent
    assert mailbox.mails == {}


async def test_f68_a_server_that_wants_a_login_takes_no_mail_without_one(trusted: ssl.SSLContext):
    async with OnMail(tls=trusted, login=LOGIN) as mailbox:
        with pytest.raises(SendFailed, match="support refuses this: 530") as refused:
            await a_desk(mailbox.url, user=None).open_ticket(a_ticket())

    assert refused.value.permanent


@pytest.mark.parametrize("smtps", [False, True], ids=["STARTTLS", "TLS"])
async def test_f68_a_certificate_that_nobody_trusts_gets_neither_the_password_nor_the_mail(
    localhost: tuple[Path, Path], smtps: bool
):
    async with OnMail(tls=a_server(localhost), smtps=smtps, login=LOGIN) as mailbox:
        with pytest.raises(SendFailed, match="SSLCertVerificationError") as failed:
            await a_desk(mailbox.url).open_ticket(a_ticket())

    assert not failed.value.outcome_unknown
    assert mailbox.mails == {}


@pytest.mark.parametrize("smtps", [False, True], ids=["STARTTLS", "TLS"])
async def test_f68_a_certificate_for_another_host_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, smtps: bool):
    files = make_certificate(tmp_path, "elsewhere.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    async with OnMail(tls=a_server(files), smtps=smtps) as mailbox:
        with pytest.raises(SendFailed, match="SSLCertVerificationError"):
            await a_desk(mailbox.url, user=None).open_ticket(a_ticket())

    assert mailbox.mails == {}
