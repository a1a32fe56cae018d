import pytest

from vsm_gate.history.answers import Answer, meaning


@pytest.mark.parametrize(
    "text",
    [
        "! [rejected] a -> b (fetch first)",
        "! [rejected] a -> b (non-fast-forward)",
        "! [remote rejected] a -> b (cannot lock ref 'refs/heads/b': is at 12ab but expected 34cd)",
        "! [remote rejected] a -> b (failed to update ref)",
        "! [remote rejected] a -> b (incorrect old value provided)",
        "! [remote rejected] a -> b (reference already exists)",
        "! [rejected] a -> b (stale info)",
        "error: unable to delete 'refs/x': remote ref does not exist",
    ],
)
def test_somebody_else_was_faster(text: str) -> None:
    assert meaning(1, text) is Answer.AGAIN


@pytest.mark.parametrize(
    "text",
    [
        "remote: Permission to acme/shop.git denied to robot.",
        "fatal: unable to access 'http://x/': The requested URL returned error: 403",
        "fatal: Authentication failed for 'https://forge.invalid/acme/shop.git/'",
        "fatal: could not read Username for 'https://x': terminal prompts disabled",
        "! [remote rejected] a -> b (protected branch hook declined)",
        "! [remote rejected] a -> b (pre-receive hook declined)",
        "! [remote rejected] a -> b (deny updating a hidden ref)",
        "remote: error: GH006: Protected branch update failed for refs/heads/b.",
        "remote: Repository not found.",
        "fatal: '/x' does not appear to be a git repository",
        "! [remote rejected] a -> b (unpacker error)",
        "remote: fatal: unable to write loose object file: No space left on device",
        "! [remote rejected] a -> b (cannot lock ref 'x': Unable to create: Permission denied)",
        "something that nobody has seen before",
    ],
)
def test_no_means_no(text: str) -> None:
    assert meaning(1, text) is Answer.REFUSED


@pytest.mark.parametrize(
    "text",
    [
        "error: RPC failed; HTTP 500 curl 22 The requested URL returned error: 500",
        "fatal: the remote end hung up unexpectedly",
        "fatal: unable to access 'http://x/': The requested URL returned error: 503",
        "fatal: unable to access 'http://x/': The requested URL returned error: 429",
        "fatal: unable to access 'http://x/': Could not resolve host: x",
        "fatal: early EOF",
        "fatal: unable to access 'http://x/': Operation timed out after 60000 milliseconds",
        "fatal: unable to access 'http://x/': Failed to connect: Connection refused",
        "fatal: unable to access 'http://x/': Failed to connect to x port 80 after 133811 ms",
        "fatal: unable to access 'http://x/': Couldn't connect to server",
        "ssh: connect to host x port 22: Connection timed out",
    ],
)
def test_a_broken_line_may_have_carried_it(text: str) -> None:
    assert meaning(128, text) is Answer.BROKEN


def test_what_a_server_lacks_is_told_from_a_refusal() -> None:
    assert meaning(128, "fatal: the receiving end does not support --atomic push") is Answer.LACKING


def test_success_is_success_whatever_was_printed() -> None:
    assert meaning(0, "remote: permission to do this may be denied one day") is Answer.DONE
