"""The sandbox for a user who is not root, which is what most instructors are."""

import json
import os
import subprocess
import sys

from volens.grader import sandbox

PROGRAM = """
import json, os, sys
from volens.grader.inside import cage
if os.geteuid() == 0:
    cage.become_nobody()
from volens.grader import sandbox
from volens.grader.kernel import Room
from volens.grader.limits import Limits

attempts = {
    "adds": "print(1 + 1)",
    "processes": "import os\\nprint([p for p in os.listdir('/proc') if p.isdigit()])",
    "forks": "import os, time\\nwhile os.fork(): pass\\ntime.sleep(600)",
    "network": "print(open('/proc/net/dev').read().split('lo:')[0].count(':'))",
    "rights": "print(open('/proc/self/status').read().split('CapBnd:')[1].split()[0])",
    "writes": "open('/usr/x', 'w')",
    "devices": "open('/dev/x', 'w')",
}
found = {"walls": sandbox.walls(), "user": os.geteuid()}
with Room(Limits(processes=16)) as room:
    for name, source in attempts.items():
        with room.kernel() as kernel:
            output = kernel.run(source).outputs[-1]
            found[name] = output.get("text", output.get("ename"))
print(json.dumps(found))
"""


def as_another_user() -> list[str]:
    """What starts Python as a user without any rights, on a machine that shows what root sees."""
    if os.geteuid() != 0:
        return [sys.executable]
    return [*sandbox.command("root", 0)[: -len(sandbox.command("none", 0))], sys.executable]


def test_the_same_walls_stand_without_root() -> None:
    done = subprocess.run(
        [*as_another_user(), "-c", PROGRAM], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.pop("user") != 0
    assert found == {
        "walls": "user",
        "adds": "2\n",
        "processes": "['1']\n",
        "forks": "BlockingIOError",
        "network": "0\n",
        "rights": "0" * 16 + "\n",
        "writes": "OSError",
        "devices": "OSError",
    }
