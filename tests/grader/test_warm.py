"""What the warm process has done before any notebook comes, and that no notebook sees it."""

from collections.abc import Iterator

import pytest

from volens.grader.inside.warm import REHEARSED
from volens.grader.kernel import Kernel, Room


@pytest.fixture(name="room", scope="module")
def _room() -> Iterator[Room]:
    with Room() as room:
        yield room


@pytest.fixture(name="kernel")
def _kernel(room: Room) -> Iterator[Kernel]:
    with room.kernel() as kernel:
        yield kernel


def test_a_notebook_finds_no_names_but_those_of_every_notebook(kernel: Kernel) -> None:
    found = kernel.run("print([name for name in dir() if name[0] != '_'])").outputs

    assert found[0]["text"] == "['In', 'Out', 'exit', 'get_ipython', 'open', 'quit']\n"


def test_a_notebook_finds_no_error_widget_or_picture_from_before(kernel: Kernel) -> None:
    left = """\
import sys, ipywidgets, matplotlib.pyplot
print(hasattr(sys, "last_value"), matplotlib.pyplot.get_fignums())
print(ipywidgets.widgets.widget._instances, len(In), Out)"""

    assert kernel.run(left).outputs[0]["text"] == "False []\n{} 2 {}\n"


def test_whatever_is_rehearsed_works_up_to_the_error_at_its_end(kernel: Kernel) -> None:
    *fine, last = [kernel.run(cell) for cell in REHEARSED]

    assert [run.status for run in fine] == ["ok"] * len(fine)
    assert last.status == "error"


def test_a_warning_is_shown_although_it_came_up_before(kernel: Kernel) -> None:
    warns = "import warnings\nwarnings.warn('look here', UserWarning)"
    first, second = (kernel.run(warns).outputs for _ in range(2))

    assert [shown[0]["name"] for shown in (first, second)] == ["stderr", "stderr"]
