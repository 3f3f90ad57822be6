"""What can go wrong, as a tree.

Every error says what happened, where, what was expected, what was found and
what to do next. Errors that a course can foresee reach a student as that one
message, without a traceback.

::

    VolensError
    ├── DataError                    something in data/ is not as its codebook says
    │   ├── DataNotFoundError        (FileNotFoundError)
    │   ├── UnknownTableError        (LookupError)
    │   ├── UnknownRowError          (LookupError)
    │   ├── CellError                (ValueError)
    │   ├── DoctrineError            (ValueError) an entry of the doctrine is written wrongly
    │   │   └── UnknownDoctrineError (LookupError)
    │   └── CaseError                (ValueError) an entry of a case is written wrongly
    │       └── UnknownCaseError     (LookupError)
    ├── AnswerError                  a student's answer cannot be read
    │   ├── MissingAnswerError       (LookupError)
    │   ├── UnreadableAnswerError    (TypeError)
    │   ├── StudentCodeError         (RuntimeError)
    │   └── ConnectionLostError      (ConnectionError)
    ├── TestCellError                (ValueError) a test cell is written wrongly
    ├── AssignmentError              (ValueError) a rubric or a specimen is written wrongly
    ├── WeighingError                (ValueError) a weighing cannot be read
    ├── CodingError                  (ValueError) a coding of claims cannot be read
    ├── ExaminationError             (ValueError) an examination of a case cannot be read
    ├── PracticeError                (ValueError) a query of the incidents cannot be read
    ├── SourceDeskError              (ValueError) a source desk cannot be read
    ├── ReasoningError               (ValueError) a question that the engine cannot answer
    └── GradingError                 (RuntimeError) a step of grading cannot go on
        ├── SubmissionError          (ValueError) a submission cannot be marked as it is
        ├── SandboxError             student code cannot be run in a sandbox here
        ├── KernelStoppedError       a student's kernel has ended or was ended
        └── GradebookError           the gradebook cannot be read or written
"""

from __future__ import annotations

from collections.abc import Iterable

from volens.wording import suggestion

__all__ = [
    "AnswerError",
    "AssignmentError",
    "CaseError",
    "CellError",
    "CodingError",
    "ConnectionLostError",
    "DataError",
    "DataNotFoundError",
    "DoctrineError",
    "ExaminationError",
    "GradebookError",
    "GradingError",
    "KernelStoppedError",
    "MissingAnswerError",
    "PracticeError",
    "ReasoningError",
    "SandboxError",
    "SourceDeskError",
    "StudentCodeError",
    "SubmissionError",
    "TestCellError",
    "UnknownCaseError",
    "UnknownDoctrineError",
    "UnknownRowError",
    "UnknownTableError",
    "UnreadableAnswerError",
    "VolensError",
    "WeighingError",
]


class VolensError(Exception):
    """Anything that Volens itself reports.

    In Jupyter the message is shown alone: IPython asks an exception for
    ``_render_traceback_`` before it prints a traceback.
    """

    def __str__(self) -> str:
        """Return the message as written, also where a parent class would quote it."""
        return " ".join(str(part) for part in self.args)

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class DataError(VolensError):
    """Something in ``data/`` is not as its codebook says."""


class DataNotFoundError(DataError, FileNotFoundError):
    """The tables were not found beside the package."""


class UnknownTableError(DataError, LookupError):
    """No table has this name.

    Attributes
    ----------
    table
        The name that was asked for.
    """

    def __init__(self, table: str, known: Iterable[str]) -> None:
        self.table = table
        known = sorted(known)
        super().__init__(
            f"There is no table `{table}`.{suggestion(table, known)} "
            f"The tables are: {', '.join(known)}."
        )


class UnknownRowError(DataError, LookupError):
    """A table has no row with this id.

    Attributes
    ----------
    table, row
        Where was looked, and for what.
    """

    def __init__(self, table: str, row: str, known: Iterable[str]) -> None:
        self.table = table
        self.row = row
        super().__init__(
            f"The table `{table}` has no row `{row}`.{suggestion(row, list(known))} "
            f'`vo.evidence.rows("{table}")` has them all.'
        )


class CellError(DataError, ValueError):
    """One cell of a table does not hold what its codebook allows.

    Attributes
    ----------
    file
        The file, as a path inside the course.
    row
        The line in the file, counted as a spreadsheet counts: the header is line 1.
    column
        The column's name; empty where the whole line cannot be read.
    """

    def __init__(
        self, file: str, row: int, column: str, *, expected: str, got: str, advice: str = ""
    ) -> None:
        self.file = file
        self.row = row
        self.column = column
        where = f", column `{column}`" if column else ""
        message = f'{file}, row {row}{where}: expected {expected}, got "{got}".'
        super().__init__(f"{message} {advice}".rstrip())


class _NoSuchName:
    """What the errors about an unknown name share.

    Attributes
    ----------
    kind, key
        What was looked for, and by which name.
    """

    def __init__(self, kind: str, key: str, known: Iterable[str]) -> None:
        self.kind = kind
        self.key = key
        super().__init__(_no_such(kind, key, list(known)))  # type: ignore[call-arg] # the next class takes a message


class DoctrineError(DataError, ValueError):
    """An entry of the doctrine is written wrongly; the message names file, entry and key."""


class UnknownDoctrineError(_NoSuchName, DoctrineError, LookupError):
    """The doctrine has no such principle or purpose; see ``kind`` and ``key``."""


class CaseError(DataError, ValueError):
    """An entry of a case is written wrongly; the message names file, entry and key."""


class UnknownCaseError(_NoSuchName, CaseError, LookupError):
    """There is no such case, or the case has no such finding; see ``kind`` and ``key``."""


class AnswerError(VolensError):
    """A student's answer cannot be read."""


class MissingAnswerError(AnswerError, LookupError):
    """The answer's name has no value.

    Attributes
    ----------
    name
        The name that the question asks for.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"There is no answer named `{name}`. "
            "Run the answer cell above, and leave the name as it was."
        )


class UnreadableAnswerError(AnswerError, TypeError):
    """An answer holds something that is not plain data."""


class StudentCodeError(AnswerError, RuntimeError):
    """A function that a student wrote stopped with an error.

    Attributes
    ----------
    name
        The function.
    kind
        The type of the error, as text.
    detail
        The error's own message.
    """

    def __init__(self, name: str, kind: str, detail: str) -> None:
        self.name = name
        self.kind = kind
        self.detail = detail
        if kind == "NotImplementedError":
            text = f"`{name}` is not written yet."
        else:
            text = f"`{name}` stopped with {kind}: {detail}"
        super().__init__(text)


class ConnectionLostError(AnswerError, ConnectionError):
    """The process with the student's work no longer answers."""


class TestCellError(VolensError, ValueError):
    """A test cell is written wrongly: a mistake of the course, not of the student."""

    __test__ = False  # pytest collects classes by this prefix


class AssignmentError(VolensError, ValueError):
    """A file beside an assignment is written wrongly: a mistake of the course.

    Attributes
    ----------
    file
        The file.
    """

    def __init__(self, file: str, problem: str) -> None:
        self.file = file
        super().__init__(f"{file}: {problem}")


class WeighingError(VolensError, ValueError):
    """A weighing, or one of its cells, cannot be read."""


class CodingError(VolensError, ValueError):
    """A coding of claims cannot be read, or not be compared with another."""


class ExaminationError(VolensError, ValueError):
    """An examination of a case cannot be read, or is not far enough for an opinion."""


class PracticeError(VolensError, ValueError):
    """A query of the incidents cannot be read, or its result is not what the tables give."""


class SourceDeskError(VolensError, ValueError):
    """A source desk, or one classing on it, cannot be read."""


class ReasoningError(VolensError, ValueError):
    """The engine was asked something that it cannot answer; the message says what it accepts."""


class GradingError(VolensError, RuntimeError):
    """A step of grading cannot go on."""


def _no_such(kind: str, key: str, known: list[str]) -> str:
    return (
        f"There is no {kind} `{key}`.{suggestion(key, known)} The {kind}s are: {', '.join(known)}."
    )


class SubmissionError(GradingError, ValueError):
    """A submission cannot be marked as it is: a person has to look at it.

    Attributes
    ----------
    reason
        A code for machines, such as ``unreadable-notebook``.
    """

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)

    def __str__(self) -> str:
        """Return the message; the code is for machines."""
        return str(self.args[0])


class SandboxError(GradingError):
    """Student code cannot be run in a sandbox here."""


class KernelStoppedError(GradingError):
    """A student's kernel has ended by itself, or was ended because it went too far.

    Attributes
    ----------
    reason
        A code for machines, such as ``time``, ``memory`` or ``ended-itself``.
    """

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class GradebookError(GradingError):
    """The gradebook cannot be read or written."""
