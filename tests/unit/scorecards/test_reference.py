from __future__ import annotations

import pytest

from vsm_gate.scorecards.reference import (
    GitReference,
    SourceError,
    git_reference,
    shipped_name,
)

DIGEST = "0123456789abcdef" * 4


def test_a_pinned_file_in_git() -> None:
    text = f"git+https://example.com/acme/policies@v1.2#path=a/org.yaml&sha256={DIGEST}"
    expected = GitReference("https://example.com/acme/policies", "v1.2", "a/org.yaml", DIGEST)
    assert git_reference(text) == expected
    ssh = git_reference(f"git+ssh://git@example.com/p.git@main#path=o.yaml&sha256={DIGEST}")
    assert ssh is not None
    assert (ssh.url, ssh.ref) == ("ssh://git@example.com/p.git", "main")
    branch = git_reference(f"git+/srv/p.git@refs/tags/v1#path=o.yaml&sha256={DIGEST}")
    assert branch is not None
    assert (branch.url, branch.ref) == ("/srv/p.git", "refs/tags/v1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("git+https://x/y#path=a&sha256=" + DIGEST, "names no ref"),
        ("git+https://x/y@#path=a&sha256=" + DIGEST, "names no ref"),
        ("git+ssh://git@x/y.git#path=a&sha256=" + DIGEST, "names no ref"),
        ("git+@v1#path=a&sha256=" + DIGEST, "names no ref"),
        ("git+https://x/y@v1#sha256=" + DIGEST, "names no file"),
        ("git+https://x/y@v1#path=/etc/passwd&sha256=" + DIGEST, "names no file"),
        ("git+https://x/y@v1#path=../a&sha256=" + DIGEST, "names no file"),
        ("git+https://x/y@v1#path=a", "not pinned"),
        ("git+https://x/y@v1#path=a&sha256=" + DIGEST[1:], "not pinned"),
        ("git+https://x/y@v1#path=a&sha256=" + DIGEST.upper(), "not pinned"),
        ("git+--upload-pack=x@v1#path=a&sha256=" + DIGEST, "begins with `-`"),
        ("git+https://x/y@-v1#path=a&sha256=" + DIGEST, "begins with `-`"),
        ("git+ext::sh -c id@v1#path=a&sha256=" + DIGEST, "by no other means"),
        ("git+ext://sh/-c/id@v1#path=a&sha256=" + DIGEST, "by no other means"),
        ("git+https://x/ext::y@v1#path=a&sha256=" + DIGEST, "by no other means"),
        ("https://x/y.yaml", "read by git and pinned"),
    ],
)
def test_what_is_not_pinned_is_refused(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        git_reference(text)


def test_other_references() -> None:
    assert git_reference("../org.yaml") is None
    assert shipped_name("../org.yaml") is None
    assert shipped_name("vsm-gate:baseline") == "baseline"
    with pytest.raises(SourceError, match="another shipped scorecard"):
        shipped_name("vsm-gate:../../secret")


@pytest.mark.parametrize(
    ("written", "days"), [("", None), ("&cached=1d", 1), ("&cached=999d", 999)]
)
def test_how_old_a_copy_may_be(written: str, days: int | None) -> None:
    found = git_reference(f"git+https://x/y@v1#path=a&sha256={DIGEST}{written}")
    assert found is not None
    assert found.cached_days == days


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("&cached=", "`cached` must be days"),
        ("&cached=0d", "`cached` must be days"),
        ("&cached=7", "`cached` must be days"),
        ("&cached=1000d", "`cached` must be days"),
        ("&cache=7d", "`cache` has no meaning"),
    ],
)
def test_a_copy_that_is_allowed_unclearly_is_not(written: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        git_reference(f"git+https://x/y@v1#path=a&sha256={DIGEST}{written}")


def test_credentials_are_not_shown() -> None:
    found = git_reference(f"git+https://joe:secret@x/y@v1#path=a&sha256={DIGEST}")
    assert found is not None
    assert (found.url, found.shown_url) == ("https://joe:secret@x/y", "https://x/y")
