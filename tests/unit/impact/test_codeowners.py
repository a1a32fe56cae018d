"""CODEOWNERS, by the rules that GitHub and GitLab document."""

from __future__ import annotations

import pytest

from vsm_gate.impact.codeowners import MAX_SIZE, parse


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("*", ["a", "a/b", ".github/x"], []),
        ("*.js", ["a.js", "x/y/a.js", ".js"], ["a.jsx", "a.js.map", "a.JS"]),
        ("/build/logs/", ["build/logs/a", "build/logs/x/a"], ["build/logs", "x/build/logs/a"]),
        ("docs/*", ["docs/a.md"], ["docs/deep/a.md", "x/docs/a.md"]),
        ("apps/", ["apps/a", "x/apps/a", "apps/x/y"], ["apps", "myapps/a"]),
        ("/apps/", ["apps/a", "apps/x/y"], ["x/apps/a"]),
        ("/apps/github", ["apps/github", "apps/github/a"], ["apps/githubs", "x/apps/github"]),
        ("**/logs", ["logs/a", "build/logs/a", "x/y/logs", "logs"], ["logs.txt", "mylogs/a"]),
        ("apps/api", ["apps/api/a", "apps/api"], ["x/apps/api/a"]),
        ("Makefile", ["Makefile", "x/Makefile", "Makefile/a"], ["makefile", "Makefile.am"]),
        ("/*.md", ["README.md"], ["docs/README.md"]),
        ("/src/**/test/", ["src/test/a", "src/x/y/test/a"], ["src/test", "test/a"]),
        ("/src/**", ["src/a", "src/x/a"], ["src"]),
        ("**", ["a", "a/b"], []),
        ("a?c", ["abc", "x/abc/d"], ["a/c", "abbc"]),
        ("/docs/*/index.md", ["docs/a/index.md"], ["docs/index.md", "docs/a/b/index.md"]),
        ("with\\ space/", ["with space/a"], ["with/a", "space/a"]),
        ("/", ["a", "a/b"], []),
    ],
)
def test_patterns(pattern: str, matching: list[str], others: list[str]) -> None:
    owners = parse(f"{pattern} @acme/team\n")
    assert owners.mistakes == []
    assert {path for path in matching if owners.owners_of(path) != ("@acme/team",)} == set()
    assert {path for path in others if owners.owners_of(path) != ()} == set()


def test_the_last_match_wins() -> None:
    owners = parse("* @all\n/src/ @a @b\n*.md @docs\n/src/free.md\n")
    assert owners.owners_of("README.md") == ("@docs",)
    assert owners.owners_of("src/x.py") == ("@a", "@b")
    assert owners.owners_of("src/x.md") == ("@docs",)
    assert owners.owners_of("src/free.md") == ()
    assert owners.owners_of("Makefile") == ("@all",)


def test_comments_blank_lines_and_line_ends() -> None:
    owners = parse("\ufeff# who\r\n\r\n  *  @all # everyone\r\n\t/src a@example.com\r/x # none")
    assert [(rule.pattern, rule.owners, rule.line) for rule in owners.rules] == [
        ("*", ("@all",), 3),
        ("/src", ("a@example.com",), 4),
        ("/x", (), 5),
    ]


def test_owners_may_be_people_teams_and_addresses() -> None:
    owners = parse("* @octocat @acme/the-team @short_acme me@example.com @acme/the-team\n")
    assert owners.owners_of("a") == ("@octocat", "@acme/the-team", "@short_acme", "me@example.com")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("!docs/ @acme/docs", "negated"),
        ("docs/[ab].md @acme/docs", "set"),
        ("\\#file @acme/docs", "escape"),
        ("docs/ acme", "`acme` is not an owner"),
        ("docs/ @acme/a/b", "is not an owner"),
        ("[Docs] @acme/docs", "set"),
    ],
)
def test_a_line_that_github_cannot_read_is_skipped_and_named(line: str, reason: str) -> None:
    owners = parse(f"* @all\n\n{line}\n", ".github/CODEOWNERS")
    assert [rule.pattern for rule in owners.rules] == ["*"]
    (mistake,) = owners.mistakes
    assert mistake.where == ".github/CODEOWNERS:3:1"
    assert reason in mistake.message
    assert "skipped" in mistake.message


def test_a_file_that_github_does_not_load_owns_nothing() -> None:
    owners = parse("* @all\n" + "#" * MAX_SIZE)
    assert (owners.rules, owners.owners_of("a")) == ([], ())
    assert "3 MB" in owners.mistakes[0].message


class TestGitLab:
    TEXT = """
* @default

[Documentation][2] @docs
*.md
/internal/*.md @writers
!/generated/

^[Database] @@maintainers
/db/ @dba
/db/README.md
[documentation]
*.rst
"""

    def test_each_section_adds_its_last_match(self) -> None:
        owners = parse(self.TEXT, ".gitlab/CODEOWNERS")
        assert owners.mistakes == []
        assert owners.owners_of("a.py") == ("@default",)
        assert owners.owners_of("a.md") == ("@default", "@docs")
        assert owners.owners_of("internal/a.md") == ("@default", "@writers")
        assert owners.owners_of("db/a.sql") == ("@default", "@dba")
        assert owners.owners_of("db/README.md") == ("@default", "@docs", "@@maintainers")

    def test_what_is_excluded_has_no_owner_of_that_section(self) -> None:
        owners = parse(self.TEXT, ".gitlab/CODEOWNERS")
        assert owners.owners_of("generated/a.md") == ("@default",)

    def test_a_section_that_is_named_again_goes_on(self) -> None:
        owners = parse("[Docs] @a\n*.md\n[Other] @b\n*.py\n[DOCS]\n/x.md @c\n", "CODEOWNERS")
        assert owners.owners_of("x.md") == ("@c",)

    def test_groups_may_be_nested(self) -> None:
        owners = parse("* @group/sub/project\n", ".gitlab/CODEOWNERS")
        assert owners.owners_of("a") == ("@group/sub/project",)
