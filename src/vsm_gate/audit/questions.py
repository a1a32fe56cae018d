"""What auditors ask about changes, and which columns answer it. In our own words: the standards
themselves say what they ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SOC: Final = "SOC 2 CC8.1"
ISO: Final = "ISO/IEC 27001:2022 A.8.32"
ITGC: Final = "ITGC change management"


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the columns and parts that answer it, and what each framework calls it."""

    id: str
    question: str
    columns: tuple[str, ...]
    answer: str
    frameworks: tuple[tuple[str, str], ...]


QUESTIONS: Final = (
    Question(
        "complete",
        "Is the list of changes complete and accurate?",
        ("commit", "time", "tested", "records"),
        "Every first-parent commit of the default branch is listed from git itself, not from the "
        "records; what has no record is an exception.",
        (
            (SOC, "changes are identified and tracked"),
            (ISO, "all changes go through the procedure"),
            (ITGC, "completeness of the population"),
        ),
    ),
    Question(
        "requested",
        "Was the change asked for and described?",
        ("subject", "pull_request", "pull_request_from", "proposed_by"),
        "The pull request and where it is known from; a direct push is an exception.",
        (
            (SOC, "changes are authorised and documented"),
            (ISO, "changes are planned and documented"),
            (ITGC, "initiation of the change"),
        ),
    ),
    Question(
        "tested",
        "Was it tested before it was released, and did it pass?",
        ("tested", "tested_at", "verdict", "conclusion", "tested_before_deployment"),
        "The check of the merged revision, with the digests of the reports in its record.",
        (
            (SOC, "changes are tested before they are implemented"),
            (ISO, "changes are tested and accepted"),
            (ITGC, "testing of the change"),
        ),
    ),
    Question(
        "approved",
        "Was it reviewed and approved before it was released?",
        ("approved", "approved_by", "approved_at", "approved_before_deployment"),
        "Only an approval of the final revision by somebody else counts; it is held against the "
        "moment of the release.",
        (
            (SOC, "changes are approved"),
            (ISO, "changes are authorised"),
            (ITGC, "approval of the change"),
        ),
    ),
    Question(
        "segregated",
        "Are building, approving and releasing kept apart?",
        ("author", "proposed_by", "approved_by", "merged_by"),
        "An approver who is the author is an exception, whatever the forge allowed.",
        (
            (SOC, "duties are separated"),
            (ISO, "duties in conflict are separated (A.5.3)"),
            (ITGC, "segregation of duties"),
        ),
    ),
    Question(
        "released",
        "Did only tested and approved changes reach production?",
        ("deployment", "deployed", "tested_before_deployment", "approved_before_deployment"),
        "Each change is held against the first deployment that carried it; each deployment "
        "against the check of its commit.",
        (
            (SOC, "changes are implemented under control"),
            (ISO, "deployment is controlled"),
            (ITGC, "migration to production"),
        ),
    ),
    Question(
        "emergency",
        "Were emergency changes kept to a procedure of their own and reviewed afterwards?",
        ("break_glass", "exceptions", "remarks"),
        "Break-glass is named with who, why and its review date; without a review it is an "
        "exception.",
        (
            (SOC, "emergency changes are managed"),
            (ISO, "emergency changes and contingencies"),
            (ITGC, "emergency changes"),
        ),
    ),
    Question(
        "excepted",
        "Were exceptions to the rules owned, approved and limited in time?",
        ("waivers", "exceptions", "remarks"),
        "A waiver is named with its owner, approver, reason and days; one outside its days is an "
        "exception.",
        (
            (SOC, "deviations are authorised"),
            (ISO, "deviations are authorised"),
            (ITGC, "exceptions are approved"),
        ),
    ),
    Question(
        "governed",
        "Were the rules themselves changed only by their owner, and did they act all the time?",
        ("policies", "exceptions", "remarks"),
        "Edits of the policy are named with their approval; the table of controls says since when "
        "each objective acted without a gap.",
        (
            (SOC, "the control operated over the period"),
            (ISO, "the procedure itself is under change control"),
            (ITGC, "operating effectiveness"),
        ),
    ),
    Question(
        "intact",
        "Can this evidence have been altered afterwards?",
        ("records",),
        "Each record is named by its digest; the ledger is verified from its root, and the "
        "manifest holds the digest of every file.",
        (
            (SOC, "information used as evidence is reliable"),
            (ISO, "records are protected (A.5.33)"),
            (ITGC, "integrity of the evidence"),
        ),
    ),
)
