"""What several tests share: a copy of the data that a test may damage."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from volens import codebook

# No test depends on wall time: a busy machine is not a failure.
settings.register_profile("volens", deadline=None)
settings.load_profile("volens")

Damage = Callable[[str, str, str], None]


def forget() -> None:
    """Let everything be read anew: whatever module of ours keeps what it read."""
    ours = [module for name, module in sys.modules.items() if name.startswith("volens")]
    for module in ours:
        for found in vars(module).values():
            if hasattr(found, "cache_clear"):
                found.cache_clear()


@pytest.fixture(name="data")
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the data, which is read in place of the real ones."""
    folder = tmp_path / "data"
    shutil.copytree(codebook.data_directory(), folder)
    monkeypatch.setattr(codebook, "data_directory", lambda: folder)
    forget()
    yield folder
    monkeypatch.undo()
    forget()


@pytest.fixture(name="damage")
def _damage(data: Path) -> Damage:
    """Replace the first place of a text in a file of the copied data."""

    def damage(old: str, new: str, file: str) -> None:
        path = data / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        forget()

    return damage
