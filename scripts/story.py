"""A Super Game from end to end, in a real browser; its pictures go to docs/images/story.

    python3 scripts/story.py

Starts its servers on free ports, with data of their own. Needs Chromium: /usr/bin/chromium, or what CHROMIUM names.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import environments
import steps

PICTURES = steps.ROOT / "docs" / "images" / "story"
E2E = steps.ROOT / "web" / "e2e"
NODE = environments.NODE / "bin" / "node"


def story() -> None:
    supergame = environments.python_of(environments.RUNTIME).with_name("supergame")
    with tempfile.TemporaryDirectory() as folder:
        command = [NODE, "src/story.ts", supergame, steps.ROOT / "examples" / "starhop", folder, PICTURES]
        run = subprocess.run([str(part) for part in command], cwd=E2E, env={**os.environ, "NO_COLOR": "1"}, check=False)
    if run.returncode != 0:
        raise steps.StepFailed("  The story was not as it should be: see above.")


if sys.argv[1:]:
    sys.exit(__doc__)
steps.main(story)
