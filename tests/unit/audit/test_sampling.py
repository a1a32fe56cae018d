from __future__ import annotations

import hashlib

from vsm_gate.audit import sampling

COMMITS = [f"{number:040x}" for number in range(500)]


def test_a_rank_is_what_sha256sum_says_of_seed_and_commit() -> None:
    expected = hashlib.sha256(b"2026 Q3:" + b"a" * 40).hexdigest()

    assert sampling.rank("2026 Q3", "a" * 40) == expected


def test_the_sample_is_the_lowest_ranks_whatever_the_order() -> None:
    drawn = sampling.draw(COMMITS, 25, "seed")

    assert drawn == sampling.draw(reversed(COMMITS), 25, "seed")
    assert drawn == sorted(COMMITS, key=lambda each: sampling.rank("seed", each))[:25]
    assert drawn != sampling.draw(COMMITS, 25, "another seed")


def test_a_sample_of_fewer_is_all_of_them() -> None:
    assert sorted(sampling.draw(COMMITS[:3], 25, "seed")) == COMMITS[:3]
