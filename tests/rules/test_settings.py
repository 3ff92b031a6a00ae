"""Start-up refuses bad settings with one clear sentence each."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from core.config import load
from core.errors import SettingsError

SECRET = "a" * 16


@pytest.fixture(scope="module")
def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def problems(tmp_path: Path, **given: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load({"POTLUCK_VAR": str(tmp_path), **given})
    return caught.value.problems


def test_nothing_given_is_a_sandbox_on_this_machine(tmp_path: Path) -> None:
    settings = load({"POTLUCK_VAR": str(tmp_path)})

    assert settings.mode == "sandbox"
    assert settings.is_local
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path}/potluck.db"
    assert settings.inbox_database_url == f"sqlite:///{tmp_path}/inbox.db"


def test_on_postgresql_the_inbox_is_in_the_same_database(tmp_path: Path) -> None:
    url = "postgresql://me@localhost/potluck"
    settings = load({"POTLUCK_VAR": str(tmp_path), "DATABASE_URL": url})

    assert settings.inbox_database_url == url


def test_the_secret_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    first = load({"POTLUCK_VAR": str(tmp_path)}).secret_key
    second = load({"POTLUCK_VAR": str(tmp_path)}).secret_key

    assert first == second
    assert len(first) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_credentials_make_it_live_and_two_secrets_may_overlap(tmp_path: Path, pem: str) -> None:
    path = tmp_path / "app.pem"
    path.write_text(pem)
    settings = load(
        {
            "POTLUCK_VAR": str(tmp_path),
            "GITHUB_APP_ID": "7",
            "GITHUB_APP_PRIVATE_KEY": str(path),
            "GITHUB_WEBHOOK_SECRET": f"{SECRET}new, {SECRET}old",
        }
    )

    assert settings.mode == "live"
    assert settings.github is not None
    assert settings.github.webhook_secrets == (f"{SECRET}new".encode(), f"{SECRET}old".encode())
    assert settings.github.private_key == pem


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("PORT", "0", "from 1 to 65535"),
        ("PORT", "http", "from 1 to 65535"),
        ("PUBLIC_URL", "potluck.example", "address such as"),
        ("TRUSTED_PROXIES", "10", "0 to 9"),
        ("DATABASE_URL", "mysql://root@db/x", "sqlite:///"),
        ("DATABASE_URL", "nonsense", "postgresql://"),
        ("SECRET_KEY", "short", "at least 32"),
        ("GITHUB_API_URL", "ftp://api", "address such as"),
        ("STRIPE_API_KEY", "sk_test_1", "STRIPE_WEBHOOK_SECRET is missing"),
        ("GITHUB_APP_ID", "7", "GITHUB_APP_PRIVATE_KEY is missing"),
    ],
)
def test_a_bad_value_is_told_with_its_name_and_the_remedy(
    tmp_path: Path, name: str, value: str, word: str
) -> None:
    told = problems(tmp_path, **{name: value})

    assert any(name.partition("_")[0] in sentence and word in sentence for sentence in told), told
    assert all(value not in sentence for sentence in told if "SECRET" in name)


@pytest.mark.parametrize("secret", ["", "short", f"{SECRET},{SECRET},{SECRET}", f"{SECRET},"])
def test_an_empty_short_or_third_webhook_secret_is_refused(
    tmp_path: Path, pem: str, secret: str
) -> None:
    told = problems(
        tmp_path,
        GITHUB_APP_ID="7",
        GITHUB_APP_PRIVATE_KEY=pem,
        GITHUB_WEBHOOK_SECRET=secret,
    )

    assert any("GITHUB_WEBHOOK_SECRET" in sentence for sentence in told)


def test_half_of_what_signing_in_needs_is_refused(tmp_path: Path, pem: str) -> None:
    app = {"GITHUB_APP_ID": "1", "GITHUB_APP_PRIVATE_KEY": pem, "GITHUB_WEBHOOK_SECRET": SECRET}
    names = ("GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET")
    for name, other in (names, names[::-1]):
        (said,) = problems(tmp_path, **app, **{name: "something"})
        assert said.startswith(f"{other} is missing while {name} is set")
    assert load({"POTLUCK_VAR": str(tmp_path), **app, **dict.fromkeys(names, "x")}).github


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    told = problems(tmp_path, PORT="x", SECRET_KEY="y", PUBLIC_URL="z")

    assert len(told) == 3


def test_a_key_that_cannot_be_read_is_told_without_showing_it(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        GITHUB_APP_ID="7",
        GITHUB_APP_PRIVATE_KEY="-----BEGIN PRIVATE KEY-----\nsecret-part\n-----END",
        GITHUB_WEBHOOK_SECRET=SECRET,
    )

    assert any("GITHUB_APP_PRIVATE_KEY" in sentence for sentence in told)
    assert not any("secret-part" in sentence for sentence in told)
