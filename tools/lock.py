"""Pin the dependencies, with hashes and for every supported Python: `make lock`.

core.txt is what the action installs, with the extra `api`, which is small; dev.txt what the
Makefile does; engines.txt has Spark too, which is larger than all the rest; uv.txt the installer.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path("requirements")
COMMON = ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
COMMON += ["--generate-hashes", "--no-emit-index-url", "--custom-compile-command", "make lock"]
EXTRAS = ["--extra", "api", "--extra", "report", "--extra", "risk", "--extra", "postgres"]
LOCKS = {
    "core.txt": ["pyproject.toml", "--extra", "api"],
    "dev.txt": ["pyproject.toml", *EXTRAS, "--group", "dev"],
    "engines.txt": ["pyproject.toml", *EXTRAS, "--extra", "spark", "--group", "dev"],
    "uv.txt": ["requirements/uv.in"],
}


def main() -> None:
    """Write every lock anew; `--upgrade` takes the newest versions."""
    for name, arguments in LOCKS.items():
        print(f"pinning {name} …", flush=True)
        command = [str(Path(sys.executable).parent / "uv"), *COMMON, *arguments, *sys.argv[1:]]
        subprocess.run([*command, "--output-file", str(FOLDER / name)], check=True)


if __name__ == "__main__":
    main()
