from __future__ import annotations

from io import BytesIO

import pytest

from vsm_gate.model.evidence import Unreadable
from vsm_gate.model.tests import TestReport
from vsm_gate.readers import registry

TEXT = '<testsuite name="s"><testcase name="{0}"><failure message="{0}"/></testcase></testsuite>'


def read(raw: bytes) -> TestReport | Unreadable:
    found = registry.read("report.xml", BytesIO(raw))
    assert isinstance(found, TestReport | Unreadable)
    return found


@pytest.mark.parametrize(
    ("encoding", "codec", "word"),
    [
        ("UTF-8", "utf-8", "größer ☃ 𐍈"),
        ("utf8", "utf-8-sig", "größer"),
        ("utf8", "utf-8", "größer ☃"),
        ("latin1", "latin-1", "größer"),
        ("UTF-16", "utf-16", "größer ☃ 𐍈"),
        ("UTF-16", "utf-16-le", "größer"),
        ("UTF-16BE", "utf-16-be", "größer"),
        ("ISO-8859-1", "latin-1", "größer"),
        ("ISO-8859-15", "iso8859-15", "3 €"),
        ("windows-1252", "cp1252", "„3 €“"),
        ("windows-1251", "cp1251", "больше"),
        ("KOI8-R", "koi8-r", "больше"),
        ("GB2312", "gb2312", "大于"),
        ("GBK", "gbk", "大於"),
        ("gb18030", "gb18030", "𐍈"),
        ("Big5", "big5", "大於"),
        ("Shift_JIS", "shift_jis", "大きい"),
        ("EUC-JP", "euc_jp", "大きい"),
        ("EUC-KR", "euc_kr", "더크다"),
    ],
)
def test_encodings(encoding: str, codec: str, word: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?>\n{TEXT.format(word)}"
    found = read(text.encode(codec))
    assert isinstance(found, TestReport), found.reason
    assert [(detail.name, detail.message) for detail in found.details] == [(word, word)]


@pytest.mark.parametrize("encoding", ["rot13", "base64", "idna", "utf-7", "unicode_escape", "x-y"])
def test_what_is_no_encoding_of_text(encoding: str) -> None:
    found = read(f'<?xml version="1.0" encoding="{encoding}"?>{TEXT.format("a")}'.encode())
    assert isinstance(found, Unreadable)
    assert (found.reason, found.line) == (f"the encoding {encoding} is not known", 1)


@pytest.mark.parametrize("declared", ["gbk", "ISO-8859-1", "us-ascii", "utf-8"])
def test_a_mark_says_more_than_the_declaration(declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + TEXT.format("größer")
    found = read(text.encode("utf-8-sig"))
    assert isinstance(found, TestReport)
    assert found.details[0].name == "größer"


def test_a_character_that_spans_two_reads_is_read() -> None:
    long = "大" * 200_001
    text = f'<?xml version="1.0" encoding="gbk"?><testsuite name="{long[:9]}"><!--a{long}-->'
    found = read((text + "</testsuite>").encode("gbk"))
    assert isinstance(found, TestReport)


def test_text_that_is_not_in_its_encoding() -> None:
    head = b'<?xml version="1.0" encoding="gbk"?><testsuite name="s">\n'
    found = read(head + b"<testcase name='\xff'/></testsuite>")
    assert isinstance(found, Unreadable)
    assert found.reason == "the text is not gbk, as the file declares"


@pytest.mark.parametrize("spaces", [300, 70_000])
@pytest.mark.parametrize("name", ["x" * 50, "utf-8" + "." * 60 + "8", "gbk"])
def test_a_declaration_of_any_length_is_answered(spaces: int, name: str) -> None:
    text = f'<?xml version="1.0"{" " * spaces}encoding="{name}"?><testsuite name="s"/>'
    found = read(text.encode())
    assert isinstance(found, Unreadable) == (name != "gbk" or spaces > 65_536)
