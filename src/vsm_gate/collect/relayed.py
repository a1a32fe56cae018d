"""Whether a bundle is of the run that it says it is of, as the forge tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vsm_gate.api.client import ApiError, Client, field
from vsm_gate.errors import InputError
from vsm_gate.model.change import Context


def relayed(said: Context, real: Context, event: Mapping[str, Any], client: Client) -> Context:
    """Where results of a bundle belong: what the forge says, once the bundle says the same.

    `said` comes from the bundle, `real` is this job's own, `event` its `workflow_run`. The number
    of the pull request is the bundle's word alone (the forge leaves it out for forks), and so the
    pull request must be at the commit and from the repository of the run. Raises `InputError`.
    """
    run = event.get("workflow_run")
    try:
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
            hint="publish it in a job of a workflow on `workflow_run`, with a token for the API",
        ) from None
    for what, (told, found) in facts.items():
        if told != found:
            raise InputError(f"the bundle is not of this run: its {what} is another")
    return Context(
        real.repository,
        event=real.event,
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


def _target(pull: object) -> Any:
    return field(pull, "base", "repo", "full_name")
