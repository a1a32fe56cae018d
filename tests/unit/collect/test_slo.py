"""Readings from files and from addresses, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from socket import create_server
from threading import Thread

import pytest
from tests.support.answers import Answers, answering, vector

from vsm_gate.collect import slo
from vsm_gate.collect.slo import MAX_SOURCES, SloReader
from vsm_gate.impact.slo import Source


@pytest.fixture
def answers() -> Iterator[Answers]:
    with answering() as found:
        yield found


def read(root: Path, *sources: Source, token: str = "", edited: str = "") -> list[object]:
    """What is found, then what is not."""
    found = SloReader(root, token, {edited}).read(sources)
    readings = [(each.values, each.components) for each in found.found]
    return [*readings, *found.problems]


def asking(place: str, good: str = "good", total: str = "total") -> Source:
    return Source(place, "up", "99.9", "28d", good, total, ("pay",))


UP = {"name": "up", "target": "99.9", "window": "28d"}


def test_a_prometheus_is_asked_both_queries(tmp_path: Path, answers: Answers) -> None:
    answers.queries = {"good": vector(998), "total": vector(1000)}
    found = read(tmp_path, asking(answers.address), asking(f"{answers.address}/api/v1/query"))
    assert found == [({**UP, "good": "998", "total": "1000"}, ("pay",))] * 2
    assert {path for path, _ in answers.asked} == {
        "/api/v1/query?query=good",
        "/api/v1/query?query=total",
    }


def test_counts_that_were_rounded_apart(tmp_path: Path, answers: Answers) -> None:
    answers.queries = {"good": vector("1000.6"), "total": vector("1000.4")}
    assert read(tmp_path, asking(answers.address)) == [
        ({**UP, "good": "1000", "total": "1000"}, ("pay",))
    ]


def test_readings_at_an_address_and_in_a_file(tmp_path: Path, answers: Answers) -> None:
    text = '[{"name": "a", "component": "pay"}, {"name": "b"}]'
    answers.say("/slo.json", text)
    (tmp_path / "slo.json").write_text(text)
    for place in (f"{answers.address}/slo.json", "slo.json"):
        assert read(tmp_path, Source(place, components=("shop",))) == [
            ({"name": "a"}, ("pay",)),
            ({"name": "b"}, ("shop",)),
        ]


def test_an_exposition_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "metrics.txt").write_text('r{code="200"} 9\nr{code="500"} 1\n')
    assert read(tmp_path, asking("metrics.txt", 'r{code!="500"}', "r")) == [
        ({**UP, "good": "9", "total": "10"}, ("pay",))
    ]


def test_one_that_fails_does_not_hide_the_others(tmp_path: Path, answers: Answers) -> None:
    answers.say("/gone", "no such page", 410)
    answers.say("/moved", "", 302, Location=f"{answers.address}/elsewhere")
    answers.say("/elsewhere", '{"name": "a"}')
    answers.say("/text", "hello")
    (tmp_path / "ok.json").write_text('{"name": "a"}')
    places = [f"{answers.address}{path}" for path in ("/gone", "/moved", "/text")]
    found = read(tmp_path, *map(Source, places), Source("none.json"), Source("ok.json"))
    assert found[0] == ({"name": "a"}, ())
    gone, moved, text, none = map(str, found[1:])
    assert gone == f"SLO: {places[0]} answers 410 Gone: no such page"
    assert "answers 302 Found" in moved
    assert "is not valid JSON" in text
    assert none == "SLO: none.json cannot be read: No such file or directory"
    assert "/elsewhere" not in [path for path, _ in answers.asked]


def test_nobody_listens(tmp_path: Path) -> None:
    with answering() as closed:
        address = closed.address
    (found,) = read(tmp_path, Source(address))
    assert str(found).startswith(f"SLO: {address} cannot be reached: ")


def test_too_much(tmp_path: Path, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    answers.say("/large", b" " * (slo.MAX_SIZE + 1))
    (found,) = read(tmp_path, Source(f"{answers.address}/large"))
    assert "is larger than 4 MB" in str(found)
    monkeypatch.setattr(slo, "TIMEOUT", 0.0)
    (tmp_path / "slow.json").write_text("{}")
    (found,) = read(tmp_path, Source("slow.json"))
    assert "takes more than 0 seconds" in str(found)
    many = [Source("none.json")] * (MAX_SOURCES + 1)
    assert read(tmp_path, *many)[-1] == f"only the first {MAX_SOURCES} SLO sources are read"


def test_an_answer_that_never_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slo, "TIMEOUT", 0.2)
    with create_server(("127.0.0.1", 0)) as silent:
        (found,) = read(tmp_path, Source(f"http://127.0.0.1:{silent.getsockname()[1]}"))
    assert "cannot be reached" in str(found)


def test_files_stay_in_the_repository_and_are_not_the_changes_own(tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_text("{}")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.json").symlink_to("../outside.json")
    (root / "mine.json").write_text("{}")
    sources = [Source("../outside.json"), Source("link.json"), Source("mine.json")]
    assert read(root, *sources, edited="mine.json") == [
        "SLO: ../outside.json lies outside the repository",
        "SLO: link.json lies outside the repository",
        "SLO: mine.json is edited by this change, and not believed",
    ]


def test_a_token_goes_over_https_alone(tmp_path: Path, answers: Answers) -> None:
    answers.say("/slo.json", "[]")
    read(tmp_path, Source(f"{answers.address}/slo.json"), token="secret")
    assert "secret" not in str(answers.asked)
    assert "secret" not in repr(SloReader(tmp_path, "secret"))


@pytest.mark.parametrize(
    "answer",
    [b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 300, b"HTTP/1.1 \0\r\n"],
)
def test_what_is_no_http(tmp_path: Path, answer: bytes) -> None:
    with create_server(("127.0.0.1", 0)) as server:

        def once() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answer)

        thread = Thread(target=once)
        thread.start()
        (found,) = read(tmp_path, Source(f"http://127.0.0.1:{server.getsockname()[1]}"))
        thread.join()
    assert "cannot be reached: " in str(found)


def test_addresses_that_cannot_be_asked(tmp_path: Path) -> None:
    places = [
        "https://me:secret@example.org/slo",
        "http://[::1",
        "http://host:port/",
        "http://a b/",
    ]
    found = [str(each) for each in read(tmp_path, *map(Source, places))]
    assert len(found) == len(places)
    assert found[0] == (
        "SLO: https://example.org/slo holds credentials: put a token into the environment instead"
    )
    assert "secret" not in str(found)
