"""`python -m vsm_gate` and the `vsm-gate` command."""

from vsm_gate.cli.main import main

if __name__ == "__main__":
    main()
