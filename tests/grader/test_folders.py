"""The folders of an assignment: read with suspicion, written as nbgrader writes them."""

import os
import socket
import tracemalloc
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from volens.errors import GradingError, SubmissionError
from volens.grader.folders import Folders, Submission
from volens.grader.limits import Limits
from volens.grader.whole_files import write_whole
from volens.grading.gradebook import coursedir

SMALL = Limits(notebook_bytes=100, scratch_bytes=100)


@pytest.fixture(name="folders")
def _folders(tmp_path: Path) -> Folders:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    return Folders(coursedir(tmp_path), "a1")


def hand_in(folders: Folders, **files: bytes) -> Path:
    """Put files into the submission of s01; `__` stands for a dot and `_in_` for a slash."""
    folder = folders.root / "submitted" / "s01" / "a1"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_whole(folder / name.replace("__", ".").replace("_in_", "/"), content)
    return folder


def read(folders: Folders, *names: str, limits: Limits | None = None) -> Submission:
    return folders.submission("s01", list(names or ["a1"]), limits or Limits())


def refused(folders: Folders, *names: str, limits: Limits | None = None) -> str:
    with pytest.raises(SubmissionError) as caught:
        read(folders, *names, limits=limits)
    assert "\n" not in str(caught.value)
    return caught.value.reason


# Reading


def test_a_submission_is_its_notebooks_and_what_goes_along(folders: Folders) -> None:
    hand_in(folders, a1__ipynb=b"{}", data_in_rows__csv=b"1", other__ipynb=b"[]", x__pyc=b"")
    found = read(folders)

    assert found.notebooks == {"a1": b"{}"}
    assert found.files == {"data/rows.csv": b"1"}
    assert set(found.digests) == {"a1.ipynb", "data/rows.csv", "other.ipynb", "x.pyc"}
    assert found.notes == ()


def test_copies_that_jupyter_keeps_are_left_alone(folders: Folders) -> None:
    folder = hand_in(folders, a1__ipynb=b"{}")
    write_whole(folder / ".ipynb_checkpoints" / "a1-checkpoint.ipynb", b"[]")

    assert set(read(folders).digests) == {"a1.ipynb"}


def test_the_time_of_handing_in_is_read_as_nbgrader_writes_it(folders: Folders) -> None:
    hand_in(folders, a1__ipynb=b"{}", timestamp__txt=b"2022-01-05 18:30:00.250000 UTC\n")

    assert read(folders).time == datetime(2022, 1, 5, 18, 30, 0, 250000, UTC)


def test_a_time_that_cannot_be_read_is_noted(folders: Folders) -> None:
    hand_in(folders, a1__ipynb=b"{}", timestamp__txt=b"yesterday, I think \xff")
    found = read(folders)

    assert found.time is None
    assert [note.code for note in found.notes] == ["timestamp-unreadable"]


def test_the_only_notebook_is_taken_whatever_its_name(folders: Folders) -> None:
    folder = hand_in(folders)
    write_whole(folder / "a1 (2).ipynb", b"{}")
    found = read(folders)

    assert found.notebooks == {"a1": b"{}"}
    assert [note.code for note in found.notes] == ["file-renamed"]
    assert "`a1 (2).ipynb` was taken for `a1.ipynb`" in found.notes[0].message


def test_nobody_guesses_between_several(folders: Folders) -> None:
    hand_in(folders, mine__ipynb=b"{}", copy__ipynb=b"{}")

    assert refused(folders) == "which-file"


def test_a_folder_without_a_notebook_is_named(folders: Folders) -> None:
    hand_in(folders, answers__txt=b"12")

    assert refused(folders) == "no-notebook"


def test_of_several_notebooks_one_may_be_missing_but_not_all(folders: Folders) -> None:
    hand_in(folders, a1__ipynb=b"{}")
    assert read(folders, "a1", "b1").notebooks == {"a1": b"{}"}

    assert refused(folders, "c1", "d1") == "which-file"


@pytest.mark.parametrize("name", ["a1.ipynb", "data.csv", "deep/data.csv"])
def test_a_link_is_refused_and_not_followed(folders: Folders, name: str, tmp_path: Path) -> None:
    folder = hand_in(folders, a1__ipynb=b"{}", deep_in_x__csv=b"")
    secret = tmp_path / "gradebook.db"
    secret.write_bytes(b"secret")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(secret)

    assert refused(folders) == "link"


@pytest.mark.parametrize("place", ["s01", "s01/a1", "s01/a1/data"])
def test_a_folder_that_is_a_link_is_refused(folders: Folders, place: str, tmp_path: Path) -> None:
    hand_in(folders, a1__ipynb=b"{}", data_in_x__csv=b"")
    folder = folders.root / "submitted" / place
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")

    assert folders.students() == ["s01"]
    assert refused(folders) == "link"


def test_pipes_and_sockets_are_left_out_and_never_waited_for(folders: Folders) -> None:
    folder = hand_in(folders, a1__ipynb=b"{}")
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(folder / "socket"))
        found = read(folders)

    assert found.files == {}
    assert [note.message.split("`")[1] for note in found.notes] == ["pipe", "socket"]


def test_a_pipe_in_the_place_of_the_notebook_is_no_notebook(folders: Folders) -> None:
    os.mkfifo(hand_in(folders) / "a1.ipynb")

    assert refused(folders) == "no-notebook"


@pytest.mark.parametrize(
    "files",
    [{"a1__ipynb": b"x" * 101}, {"a1__ipynb": b"{}", "b__csv": b"x" * 60, "c__csv": b"x" * 60}],
)
def test_what_is_too_large_is_refused(folders: Folders, files: dict[str, bytes]) -> None:
    hand_in(folders, **files)

    assert refused(folders, limits=SMALL) == "too-large"


def test_what_is_too_large_says_what_there_is_and_what_there_may_be(folders: Folders) -> None:
    hand_in(folders, a1__ipynb=b"x" * 101)

    with pytest.raises(SubmissionError, match=r"`a1\.ipynb` has 101 bytes, .* room for 100"):
        read(folders, limits=SMALL)


def test_notebooks_are_too_large_together_where_one_more_would_not_fit(folders: Folders) -> None:
    hand_in(folders, a1__ipynb=b"x" * 100, b1__ipynb=b"x" * 100, copy__ipynb=b"x" * 100)
    assert set(read(folders, "a1", "b1", limits=SMALL).notebooks) == {"a1", "b1"}

    with pytest.raises(SubmissionError, match=r"up to `copy\.ipynb` together have 300 bytes") as no:
        read(folders, "a1", limits=SMALL)
    assert no.value.reason == "too-large"


def test_of_notebooks_that_do_not_count_the_digest_alone_is_kept(folders: Folders) -> None:
    """Two hundred copies, 20 MB in all, take a fraction of that."""
    folder = hand_in(folders, a1__ipynb=b"{}")
    for number in range(200):
        with (folder / f"copy {number}.ipynb").open("wb") as copy:
            copy.truncate(100_000 + number)
    tracemalloc.start()
    try:
        found = read(folders)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 4_000_000
    assert found.notebooks == {"a1": b"{}"}
    assert found.digests["copy 7.ipynb"] == sha256(bytes(100_007)).hexdigest()
    assert len(found.digests) == 201


def test_a_copy_that_changes_changes_the_submission(folders: Folders) -> None:
    folder = hand_in(folders, a1__ipynb=b"{}", b__ipynb=b"1", c__ipynb=b"1")
    before = read(folders).digests
    (folder / "c.ipynb").write_bytes(b"2")

    assert {path for path, digest in read(folders).digests.items() if before[path] != digest} == {
        "c.ipynb"
    }


@pytest.mark.parametrize("name", ["A first.ipynb", "z last.ipynb", "deep/in/a folder.ipynb"])
def test_the_only_notebook_is_read_in_full_wherever_it_lies(folders: Folders, name: str) -> None:
    folder = hand_in(folders, data__csv=b"1")
    write_whole(folder / name, b"[1]")

    assert read(folders).notebooks == {"a1": b"[1]"}


def test_an_endless_number_of_folders_and_pipes_is_refused(folders: Folders) -> None:
    folder = hand_in(folders, a1__ipynb=b"{}")
    for number in range(2_000):
        (folder / f"{number}").mkdir()

    assert refused(folders) == "too-many-files"


def test_too_many_files_are_refused(folders: Folders) -> None:
    folder = hand_in(folders, a1__ipynb=b"{}")
    for number in range(501):
        (folder / f"{number}.csv").touch()

    assert refused(folders) == "too-many-files"


def test_folders_too_deep_in_one_another_are_refused(folders: Folders) -> None:
    hand_in(folders, a1__ipynb=b"{}").joinpath(*"abcdefghij").mkdir(parents=True)

    assert refused(folders) == "too-many-files"


def test_a_name_that_is_no_text_does_no_harm(folders: Folders) -> None:
    folder = hand_in(folders, a1__ipynb=b"{}")
    (folder / os.fsdecode(b"caf\xe9.csv")).write_bytes(b"1")
    (folder / "red\x1b[2J.csv").write_bytes(b"2")

    assert read(folders).files == {"caf\\udce9.csv": b"1", "red_[2J.csv": b"2"}


def test_students_come_in_the_order_of_their_names(folders: Folders) -> None:
    for place in ("s10/a1", "s02/a1", "s03/other", ".git/a1"):
        (folders.root / "submitted" / place).mkdir(parents=True)

    assert folders.students() == ["s02", "s10"]


def test_the_courses_own_files_are_those_that_nbgrader_copies(folders: Folders) -> None:
    source = folders.root / "source" / "a1"
    write_whole(source / "a1.ipynb", b"{}")
    write_whole(source / "figures" / "map.png", b"p")
    write_whole(source / "__pycache__" / "x.pyc", b"")

    assert folders.course_files() == {"figures/map.png": b"p"}


def test_a_file_that_students_may_change_is_theirs(folders: Folders, tmp_path: Path) -> None:
    with (tmp_path / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write('c.Autograde.exclude_overwriting = {"a1": ["helper.py"]}\n')
    for name in ("helper.py", "data.csv"):
        write_whole(tmp_path / "source" / "a1" / name, b"1")

    assert set(Folders(coursedir(tmp_path), "a1").course_files()) == {"data.csv"}


def test_an_assignment_that_was_not_released_is_named(folders: Folders) -> None:
    with pytest.raises(GradingError, match=r"There is no notebook in .*release/a1"):
        folders.released()


def test_a_release_that_cannot_be_read_is_named(folders: Folders) -> None:
    write_whole(folders.root / "release" / "a1" / "a1.ipynb", b"{")
    with pytest.raises(GradingError, match=r"a1\.ipynb cannot be read"):
        folders.released()


# Writing


def test_marked_notebooks_take_the_place_of_earlier_ones(folders: Folders) -> None:
    folder = folders.root / "autograded" / "s01" / "a1"
    folders.shelve("s01", {"a1": "old", "b1": "old"}, {"data/rows.csv": b"1", "x.csv": b"2"})
    folders.shelve("s01", {"a1": "new", "b1": ""}, {"x.csv": b"3"})

    assert {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()} == {
        "a1.ipynb": "new",
        "x.csv": "3",
    }
    assert (folder / "a1.ipynb").stat().st_mode & 0o777 == 0o444
    assert folders.is_shelved("s01", ["a1"])
    assert not folders.is_shelved("s01", ["a1", "b1"])


def test_a_file_is_there_in_full_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    (tmp_path / ".unfinished").write_bytes(b"half")
    write_whole(file, b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["record.json"]

    file.unlink()
    file.mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(file, b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["record.json"]


# What stands in the way of writing


def test_a_name_that_is_too_long_to_be_written_is_left_out(folders: Folders) -> None:
    folder = hand_in(folders, a1__ipynb=b"{}")
    (folder / ("x" * 250)).write_bytes(b"1")
    found = read(folders)

    assert set(found.digests) == {"a1.ipynb"}
    assert [note.code for note in found.notes] == ["not-a-file"]


def test_a_folder_where_a_notebook_belongs_is_left_out(folders: Folders) -> None:
    hand_in(folders, other__ipynb=b"{}", a1__ipynb_in_x__txt=b"1", notes__txt=b"2")
    found = read(folders)

    assert found.notebooks == {"a1": b"{}"}
    assert Folders.beside(found.files, {}, ["a1"]) == {"notes.txt": b"2"}


def test_a_file_may_become_a_folder_and_a_folder_a_file(folders: Folders) -> None:
    for path in ("a/b", "a", "a/b/c"):
        folders.shelve("s01", {"a1": "{}"}, {path: b"1"})
        kept = folders.root / "autograded" / "s01" / "a1"
        found = [file for file in kept.rglob("*") if file.is_file()]
        assert sorted(file.relative_to(kept).as_posix() for file in found) == [path, "a1.ipynb"]
