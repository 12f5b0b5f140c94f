from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import Settings, load_settings
from retrieval.errors import BulletinBotError

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAF_abcdefghijklmnopqrstuvwxyz-01234"


@pytest.fixture(autouse=True)
def _nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_env_example_explains_every_setting_and_nothing_else() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^([A-Z_]+)=", text, flags=re.MULTILINE)
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)
    for paragraph in text.strip().split("\n\n")[1:]:
        assert paragraph.startswith("#"), f"no comment above {paragraph}"


def test_the_values_of_env_example_are_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = load_settings()
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    assert load_settings() == before


def test_the_token_is_in_no_printed_form_of_the_settings() -> None:
    settings = load_settings(telegram_bot_token=TOKEN)
    assert settings.token() == TOKEN
    for text in (repr(settings), str(settings), repr(settings.model_dump()), settings.model_dump_json()):
        assert TOKEN not in text
        assert TOKEN.partition(":")[2] not in text


@pytest.mark.parametrize(
    "token", ["nonsense", "99887", "998877665:", "998877665:with spaces in it", ":AAAAAAAA"]
)
def test_a_malformed_token_is_refused_without_being_repeated(token: str) -> None:
    with pytest.raises(BulletinBotError, match="is not a bot token") as refusal:
        load_settings(telegram_bot_token=token).token()
    assert token not in str(refusal.value)


def test_a_missing_token_is_one_sentence_with_two_ways_on() -> None:
    with pytest.raises(BulletinBotError, match=r"@BotFather.*bulletin-bot chat"):
        load_settings().token()


@pytest.mark.parametrize(
    "url", ["http://example.com/bot", "ftp://127.0.0.1/", "http://127.0.0.1.evil.com/bot"]
)
def test_a_bot_api_address_without_encryption_is_refused_off_this_machine(url: str) -> None:
    with pytest.raises(BulletinBotError, match="TELEGRAM_BASE_URL"):
        load_settings(telegram_base_url=url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9006/bot", "http://localhost:1/bot", "https://api.telegram.org/bot"]
)
def test_loopback_and_https_addresses_are_taken(url: str) -> None:
    assert load_settings(telegram_base_url=url).telegram_base_url == url


def test_a_wrong_setting_is_named_and_its_value_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", "not allowed: !!")
    with pytest.raises(BulletinBotError) as refusal:
        load_settings()
    assert (
        str(refusal.value) == "The setting WEBHOOK_SECRET is wrong: must be 1 to 256 letters, digits, _ or -."
    )


def test_empty_lines_of_the_environment_leave_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "")
    monkeypatch.setenv("INDEX_DIR", "")
    assert load_settings().webhook_url is None
    assert load_settings().index_dir == Path("data/index")


def test_admins_are_numbers_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().admin_ids == frozenset()
    monkeypatch.setenv("ADMIN_IDS", " 17, 4000000000 ,")
    assert load_settings().admin_ids == {17, 4_000_000_000}


@pytest.mark.parametrize("ids", ["@somebody", "17 18", "-1001", "0", "1.5"])
def test_anything_but_user_ids_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch, ids: str) -> None:
    monkeypatch.setenv("ADMIN_IDS", ids)
    with pytest.raises(BulletinBotError, match=r"ADMIN_IDS is wrong.*user ids"):
        load_settings()


def test_a_time_zone_is_one_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIME_ZONE", "Asia/Shanghai")
    assert load_settings().time_zone == "Asia/Shanghai"
    for wrong in ("Asia/Nowhere", "../etc/passwd", "8"):
        monkeypatch.setenv("TIME_ZONE", wrong)
        with pytest.raises(BulletinBotError, match="TIME_ZONE is wrong: must be the name of a time zone"):
            load_settings()


@pytest.mark.parametrize(
    ("name", "other", "given"),
    [
        ("WEB_PORT", "METRICS_PORT", {"web_port": 9100, "metrics_port": 9100}),
        ("WEB_PORT", "WEBHOOK_PORT", {"web_port": 8443, "webhook_url": "https://bot.example/hook"}),
        ("METRICS_PORT", "WEBHOOK_PORT", {"metrics_port": 8443, "webhook_url": "https://bot.example/hook"}),
    ],
)
def test_two_servers_of_a_process_are_not_given_one_port(
    name: str, other: str, given: dict[str, object]
) -> None:
    with pytest.raises(BulletinBotError, match=rf"{name} .*{other}"):
        load_settings(**given)
    assert load_settings(web_port=8443).web_port == 8443  # nothing listens there without a webhook
    assert load_settings(web_port=0, metrics_port=0).web_port == 0
