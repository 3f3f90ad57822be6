"""What a widget saved is read by this course, or refused in words."""

import pytest

from volens.errors import WeighingError
from volens.saved import Form

FORM = Form("volens/note", 2, "note", WeighingError)
HEAD = {"schema": "volens/note", "version": 2, "case": "mali-2013"}


def test_the_head_is_read_again() -> None:
    assert FORM.head("mali-2013") == HEAD
    assert FORM.opened(HEAD, "mali-2013") == HEAD
    assert FORM.opened(FORM.head()) == FORM.head()


def test_an_older_version_is_read() -> None:
    assert FORM.opened({**HEAD, "version": 1}, "mali-2013")["version"] == 1


def test_an_empty_dictionary_is_an_untouched_widget() -> None:
    assert FORM.opened({}, "mali-2013") == {}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "^Note: expected a dictionary, got a list. Use "),
        (None, "got nothing"),
        ("note = {}", 'got "note = {}"'),
        ({3: "cells"}, "expected a dictionary"),
        ({"cells": {}}, '`schema`: expected "volens/note", got nothing. It is the answer of an'),
        ({**HEAD, "schema": "volens/board"}, 'got "volens/board". It is the answer of another'),
        ({**HEAD, "version": 3}, "from 1 to 2, got 3. If a newer course made it, open it there."),
        ({**HEAD, "version": 0}, "`version`: .*got 0"),
        ({**HEAD, "version": "2"}, '`version`: .*got "2"'),
        ({**HEAD, "version": True}, "`version`: .*got True"),
        ({**HEAD, "case": "atlantis"}, '`case`: expected "mali-2013", got "atlantis". It belongs'),
        ({"schema": "volens/note", "version": 2}, "`case`: .*got nothing"),
    ],
)
def test_other_data_are_refused_with_what_to_do(data: object, said: str) -> None:
    with pytest.raises(WeighingError, match=said):
        FORM.opened(data, "mali-2013")


def test_a_part_that_is_left_out_is_empty() -> None:
    assert FORM.part(HEAD, "cells") == {}
    assert FORM.text(HEAD, "act") == ""
    assert FORM.text(HEAD, "act", "entry") == "entry"


def test_a_part_of_another_type_is_refused_by_its_place() -> None:
    data = {"cells": (), "act": 3}

    with pytest.raises(WeighingError, match=r"^Note, `cells`: expected a dictionary, got a tuple"):
        FORM.part(data, "cells")
    with pytest.raises(WeighingError, match=r"^Note, `act`: expected a text, got 3"):
        FORM.text(data, "act")
    with pytest.raises(
        WeighingError, match=r"^Note, the list: expected a list of texts, got a set"
    ):
        FORM.texts({"a"}, "the list")


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(WeighingError, match=r"there is no `winner`; expected act, cells. Correct"):
        FORM.only({"act": "", "winner": ""}, ("act", "cells"))
