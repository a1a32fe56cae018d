"""Whether a bundle is of the run that it says it is of, as the forge tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vsm_gate.api.client import STRANGE, ApiError, Client, field
from vsm_gate.errors import InputError
from vsm_gate.model.change import Context


def relayed(said: Context, real: Context, event: Mapping[str, Any], client: Client) -> Context:
    """Where results of a bundle belong: what the forge says, once the bundle says the same.

    `said` comes from the bundle, `real` is this job's own. The run is the one of the `event` where
    that is a `workflow_run`, else the one that the bundle names, as the forge knows it. The number
    of the pull request is the bundle's word alone (the forge leaves it out for forks), and so the
    pull request must be at the commit and from the repository of the run. Raises `InputError`.

    What a fork's run says never has the event, and so the name, of a run that could be trusted.
    """
    after = "workflow_run" in event
    try:
        run = event["workflow_run"] if after else _run(said, client)
        head, source = str(field(run, "head_sha")), str(field(run, "head_repository", "full_name"))
        facts = {
            "repository": (said.repository, real.repository),
            "commit": (said.head, head),
            "run": (said.run, str(field(run, "id"))),
            "attempt": (said.attempt, field(run, "run_attempt")),
            "event": (said.event, str(field(run, "event"))),
        }
        if said.pull_request is not None:
            pull = client.get(f"/pulls/{int(said.pull_request)}")
            facts |= {
                "commit of the pull request": (head, str(field(pull, "head", "sha"))),
                "source of the pull request": (source, field(pull, "head", "repo", "full_name")),
                "target of the pull request": (real.repository, _target(pull)),
            }
    except ApiError as refused:
        raise InputError(
            f"the bundle cannot be verified: {refused.problem.said}",
            hint="it takes a token for the API with `actions: read` and `pull-requests: read`",
        ) from None
    for what, (told, found) in facts.items():
        if told != found:
            raise InputError(f"the bundle is not of this run: its {what} is another")
    return Context(
        real.repository,
        event=said.event if not after and source == real.repository else "workflow_run",
        branch=str(field(run, "head_branch") or ""),
        head=head,
        tested=said.tested,
        pull_request=said.pull_request,
        run=said.run,
        attempt=said.attempt,
        job=said.job,
        server_url=real.server_url,
        api_url=real.api_url,
    )


def _run(said: Context, client: Client) -> Any:
    """The attempt of the run that a bundle names."""
    if not (said.run.isascii() and said.run.isdecimal()):
        raise ApiError(STRANGE)
    return client.get(f"/actions/runs/{int(said.run)}/attempts/{int(said.attempt)}")


def _target(pull: object) -> Any:
    return field(pull, "base", "repo", "full_name")
