"""The page that a student gets back.

``nbgrader generate_feedback`` writes it, because ``nbgrader_config.py`` names
:class:`FeedbackExporter`. For each question the page says how many points there are,
what was right, what was wrong and why, and what to read again; below free text, which
level was reached. No test cell and no key is on it.

The page holds what students wrote, so nothing from a notebook is trusted: every piece
of HTML goes through a list of what is allowed, and the page forbids scripts and anything
from elsewhere. It needs no network.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from importlib import resources as package_files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets import default

from volens.errors import AssignmentError, PracticeError
from volens.grading.literals import dictionary_in
from volens.grading.notebooks import NOTED, read_notebook
from volens.grading.rubric import Rubric, read_rubrics, rubric_file
from volens.grading.typed_html import rendered, safe
from volens.practice import asked, sentences
from volens.practice.explorations import SCHEMA
from volens.practice.telling import filter_line, title

__all__ = [
    "FeedbackExporter",
    "Mark",
    "Page",
    "Part",
    "Question",
    "answer_table",
    "feedback_page",
    "points",
    "render",
]

_WIDGET = "application/vnd.jupyter.widget-view+json"
_ERROR_SHOWN = 120
# What nbgrader itself notes where an answer was left as it was.
_NO_RESPONSE = "No response."
_FOUND = "What was right, and what was not"
_HEADING = re.compile(r"^##[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_TITLE = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_YOU_WROTE = re.compile(r'^(.{1,80}?): (?=you wrote ")')
_LABEL = re.compile(r"^(Right|Read again)(?=: )")
_CODE = re.compile(r"(?<!`)`([^`\s](?:[^`\n]*[^`\s])?)`(?!`)")


@dataclass(frozen=True)
class Mark:
    """What the gradebook says about one cell.

    Attributes
    ----------
    points, possible
        What it earned, and what it could.
    waits
        Whether a person still has to look at it.
    by_person
        Whether a person has set the points.
    by_program
        Whether a program has.
    """

    points: float
    possible: float
    waits: bool = False
    by_person: bool = False
    by_program: bool = False

    @property
    def unread(self) -> bool:
        """Whether its points wait for a person who has not read it yet."""
        return self.waits and not (self.by_person or self.by_program) and self.possible > 0


@dataclass(frozen=True)
class Part:
    """One piece of a question's feedback.

    Attributes
    ----------
    heading
        What it is.
    content
        Safe HTML.
    folded
        Whether it is shut until somebody opens it.
    """

    heading: str
    content: Markup
    folded: bool = False


@dataclass(frozen=True)
class Question:
    """The feedback on one question.

    Attributes
    ----------
    anchor, title
        Its place on the page, and its heading.
    points, possible
        What it earned, and what it could.
    waits
        Whether a person still has to look at it.
    unread
        Whether nobody has read it yet, so that it has no points.
    parts
        What is said, in order.
    """

    anchor: str
    title: str
    points: float
    possible: float
    waits: bool
    unread: bool
    parts: tuple[Part, ...]

    @property
    def mark(self) -> str:
        """The points in words."""
        if not self.possible:
            return "waits for a person" if self.waits else "decided"
        if self.unread:
            return f"not read yet; up to {points(self.possible)}"
        return f"{self.points:g} of {points(self.possible)}"


@dataclass(frozen=True)
class Page:
    """A student's feedback on one assignment.

    Attributes
    ----------
    title, student
        The assignment's heading, and whose work it is.
    questions
        Those that were marked, in the order of the notebook.
    penalty
        Points taken off for handing in late.
    notes
        What the grader had to mend or to stop in the file, in words.
    """

    title: str
    student: str
    questions: tuple[Question, ...]
    penalty: float = 0
    notes: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """The points in all, in words; what nobody has read yet is left out."""
        read = [question for question in self.questions if not question.unread]
        earned = sum(question.points for question in read) - self.penalty
        so_far = "" if len(read) == len(self.questions) else " so far"
        return f"{earned:g} of {points(sum(question.possible for question in read))}{so_far}"

    @property
    def open(self) -> tuple[str, ...]:
        """What a person still has to do before the mark is final."""
        lines = []
        for question in self.questions:
            if question.unread:
                more = points(question.possible)
                lines.append(f"Not final yet: nobody has read {question.title} ({more} more).")
            elif question.waits and question.possible:
                lines.append(f"Not final yet: a person looks at {question.title} again.")
            elif question.waits:
                lines.append("Not final yet: a person still has to decide about what you dispute.")
        return tuple(lines)


class FeedbackExporter(Exporter):
    """Writes the feedback page of one notebook that nbgrader has marked."""

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override] # a page, as other exporters return one
        self,
        nb: NotebookNode,
        resources: Any | None = None,  # noqa: ANN401 (nbconvert's own type)
        **options: Any,  # noqa: ANN401 (nbconvert's own types)
    ) -> tuple[str, dict[str, Any]]:
        """Return the page for a notebook, as nbconvert asks for it."""
        notebook, resources = super().from_notebook_node(nb, resources, **options)
        named = resources["nbgrader"]
        directory: CourseDirectory = self.parent.coursedir  # type: ignore[union-attr] # nbgrader sets it
        released = Path(
            directory.format_path(directory.release_directory, ".", named["assignment"])
        ) / (named["notebook"] + ".ipynb")
        marks, comments = _from_gradebook(named)
        page = feedback_page(
            notebook,
            released=read_notebook(released) if released.is_file() else notebook,
            marks=marks,
            comments=comments,
            rubrics=_rubrics(Path(directory.root), named["assignment"]),
            student=named["student"],
            penalty=named.get("late_penalty") or 0,
        )
        return render(page), resources


def _from_gradebook(named: Mapping[str, str]) -> tuple[dict[str, Mark], dict[str, str]]:
    with Gradebook(named["db_url"]) as gradebook:
        notebook = gradebook.find_submission_notebook(
            named["notebook"], named["assignment"], named["student"]
        )
        marks = {
            grade.name: Mark(
                grade.score,
                grade.max_score,
                grade.needs_manual_grade,
                grade.manual_score is not None,
                grade.auto_score is not None,
            )
            for grade in notebook.grades
        }
        comments = {one.name: one.comment for one in notebook.comments if one.comment}
    return marks, comments


def _rubrics(course: Path, assignment: str) -> tuple[Rubric, ...]:
    try:
        return read_rubrics(rubric_file(course, assignment))
    except AssignmentError:
        return ()


def feedback_page(
    notebook: Mapping[str, Any],
    *,
    released: Mapping[str, Any],
    marks: Mapping[str, Mark],
    comments: Mapping[str, str],
    rubrics: Sequence[Rubric],
    student: str,
    penalty: float = 0,
) -> Page:
    """Put a student's feedback together.

    Parameters
    ----------
    notebook
        The marked notebook, with what its cells printed.
    released
        The assignment as students were given it. Headings and prompts are taken from
        here: the student may have changed the others.
    marks, comments
        What the gradebook has for each cell.
    rubrics
        How the free text is marked.
    student
        Whose work it is.
    penalty
        Points taken off for handing in late.
    """
    work = {name: cell for cell in notebook["cells"] for name in _names(cell)}
    title = next((found for cell in released["cells"] for found in _found(_TITLE, cell)), student)
    questions: list[Question] = []
    for heading, cells in _sections(released):
        parts = _Parts(work, comments, {one.question: one for one in rubrics}, marks)
        for cell in cells:
            parts.add(cell)
        graded = [marks[name] for name in parts.graded if name in marks]
        if graded and (any(mark.possible for mark in graded) or parts.said_something):
            questions.append(
                Question(
                    anchor=f"question-{len(questions) + 1}",
                    title=_words(heading),
                    points=sum(mark.points for mark in graded),
                    possible=sum(mark.possible for mark in graded),
                    waits=any(mark.waits for mark in graded),
                    unread=any(mark.unread for mark in graded),
                    parts=parts.in_order(),
                )
            )
    return Page(_words(title), student, tuple(questions), penalty, _notes(notebook))


def _notes(notebook: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the grader has noted in a notebook; stock nbgrader notes nothing."""
    noted = notebook.get("metadata", {}).get(NOTED, {})
    return tuple(str(note) for note in noted.get("notes", ()))


def render(page: Page) -> str:
    """Return the page as HTML that needs nothing from elsewhere."""
    files = package_files.files("volens.grading")
    style = files.joinpath("feedback.css").read_text(encoding="utf-8")
    template = files.joinpath("feedback.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    # The style is known by its digest, so that no other style and no script can run.
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return environment.from_string(template).render(
        page=page,
        points=points,
        with_code=_with_code,
        policy=Markup(policy),  # noqa: S704 (ours)
        style=Markup(style),  # noqa: S704 (ours)
    )


def points(number: float) -> str:
    """Return a number of points in words.

    Examples
    --------
    >>> points(1), points(4.5)
    ('1 point', '4.5 points')
    """
    return f"{number:g} point" if number == 1 else f"{number:g} points"


def answer_table(source: str) -> Markup:
    """Return an answer cell as a table where it is a dictionary of words, else as typed.

    Examples
    --------
    >>> ">a State</td>" in answer_table('capacity = {"C004": "a State"}')
    True
    """
    given = dictionary_in(source)
    if not given:
        return Markup("<pre>{}</pre>").format(source)
    if given.get("schema") == SCHEMA:
        return _query_in_words(given)
    columns = list(
        dict.fromkeys(
            str(column) for row in given.values() if isinstance(row, dict) for column in row
        )
    )
    rows = []
    for item, value in given.items():
        row = {str(key): one for key, one in value.items()} if isinstance(value, dict) else None
        cells = [value] if row is None else [row.get(column, "") for column in columns]
        rows.append((item, *cells))
    heads = ("Item", *(columns or ["Your answer"]))
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in heads)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                # On a phone each row is a block, and each cell says what it is.
                Markup('<td data-label="{}">{}</td>').format(name, _shown(cell))
                for name, cell in zip(heads, row, strict=False)
            )
        )
        for row in rows
    )
    table = '<table class="answer"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    return Markup('<div class="wide" tabindex="0">{}</div>').format(
        Markup(table).format(head, body)  # noqa: S704 (a constant)
    )


def _query_in_words(given: Mapping[Any, object]) -> Markup:
    """Return a query of the practice explorer as sentences; as data where it cannot be read."""
    try:
        found = asked(given)
    except PracticeError as error:
        return Markup("<p>{}</p>").format(_with_code(str(error)))
    lines = (title(found.query), filter_line(found.query), sentences(found.table)[0])
    return Markup("").join(Markup("<p>{}</p>").format(line) for line in lines if line)


def _shown(value: object) -> str:
    """Return a value in words; an empty one says so."""
    if isinstance(value, list | tuple | set):
        return "; ".join(str(one) for one in value) or "(empty)"
    return str(value).strip() or "(empty)"


class _Parts:
    """What the page says about one question, gathered cell by cell.

    Parameters
    ----------
    work
        The student's cells by their names.
    comments, rubrics, marks
        What is known for each cell.
    """

    def __init__(
        self,
        work: Mapping[str, Mapping[str, Any]],
        comments: Mapping[str, str],
        rubrics: Mapping[str, Rubric],
        marks: Mapping[str, Mark],
    ) -> None:
        self._work = work
        self._comments = comments
        self._rubrics = rubrics
        self._marks = marks
        self._asked: list[Markup] = []
        self._found: list[Part] = []
        self._answered: list[Part] = []
        self.graded: list[str] = []
        #: Whether there is anything to say where no points are to be had.
        self.said_something = False

    def add(self, cell: Mapping[str, Any]) -> None:
        """Take one cell of the assignment into account."""
        settings = cell["metadata"].get("nbgrader")
        if settings is None:
            self._add_what_was_asked(cell)
            return
        name = settings["grade_id"]
        own = self._work.get(name, cell)
        if settings["grade"]:
            self.graded.append(name)
        if not settings["solution"]:
            self._found.append(Part(_FOUND, self._findings(name, own)))
        elif cell["cell_type"] == "markdown":
            self._add_free_text(name, cell, own)
        elif settings["grade"]:
            self._add_for_a_person(name, cell, own)
        else:
            self._add_answer(name, own)

    def in_order(self) -> tuple[Part, ...]:
        """Return what was found first, then the answer, then what was asked."""
        asked = Part("What was asked", Markup("").join(self._asked), folded=True)
        return (*self._found, *self._answered, *([asked] if self._asked else []))

    def _add_what_was_asked(self, cell: Mapping[str, Any]) -> None:
        if cell["cell_type"] == "markdown":
            self._asked.append(_markdown(_HEADING.sub("", _text(cell), count=1), lowest=3))
            return
        for name in _names(cell):
            for output in self._work.get(name, {}).get("outputs", ()):
                self._asked += _displayed(output)
            return

    def _findings(self, name: str, cell: Mapping[str, Any]) -> Markup:
        lines: list[Markup] = []
        score: list[Markup] = []
        for output in cell.get("outputs", ()):
            if output["output_type"] == "stream" and output["name"] == "stdout":
                lines += [_line(line) for line in _joined(output["text"]).splitlines() if line]
            elif output["output_type"] == "execute_result":
                score += [safe(_joined(output["data"].get("text/html", "")))]
            elif output["output_type"] == "error":
                # The traceback would show the test; its name is enough for a person to act on.
                kind = escape(str(output.get("ename", "error")))[:_ERROR_SHOWN]
                lines.append(
                    Markup(  # noqa: S704 (escaped)
                        f"<p>The marking of this question stopped ({kind}). "
                        "Tell whoever teaches your course: a person has to look at it.</p>"
                    )
                )
        mark = self._marks.get(name)
        if mark and mark.by_person:
            lines.append(Markup("<p>A person looked at this and set the points.</p>"))
        return Markup("\n").join([*score, *lines]) or Markup("<p>Nothing was recorded.</p>")

    def _add_answer(self, name: str, cell: Mapping[str, Any]) -> None:
        comment = self._comments.get(name, "")
        if comment and comment != _NO_RESPONSE:
            self._found.append(Part("Comment", _markdown(comment, lowest=4)))
        content = answer_table(_text(cell))
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                said = f"{output.get('ename', '')}: {output.get('evalue', '')}"[:_ERROR_SHOWN]
                content += Markup("<p>This cell ended in red: {}</p>").format(said)
        self._answered.append(Part("Your answer", content, folded=True))

    def _add_free_text(self, name: str, given: Mapping[str, Any], cell: Mapping[str, Any]) -> None:
        text = _text(cell).strip()
        mark = self._marks.get(name)
        if not text or text == _text(given).strip():
            self._found.append(Part("How it was marked", Markup("<p>You wrote nothing here.</p>")))
            return
        comment = self._comments.get(name, "")
        rubric = self._rubrics.get(name)
        if mark and mark.unread:
            self._found.append(
                Part("How it was marked", Markup("<p>Nobody has read this text yet.</p>"))
            )
        else:
            if comment:
                self._found.append(Part("How it was marked", _markdown(comment, lowest=4)))
            if rubric:
                # Where the comment says which levels were reached, the others are a matter of
                # interest; where it does not, they say what the points may stand for.
                reached = _reached(comment, rubric)
                levels = _levels(rubric, reached)
                self._found.append(Part("All levels of the rubric", levels, folded=bool(reached)))
        self._answered.append(Part("Your text", _markdown(text, lowest=4, quote=True, beside=cell)))

    def _add_for_a_person(
        self, name: str, given: Mapping[str, Any], cell: Mapping[str, Any]
    ) -> None:
        written = dictionary_in(_text(cell)) or {}
        kept = {item: reason for item, reason in written.items() if str(reason).strip()}
        changed = _text(cell).strip() != _text(given).strip()
        self.said_something = bool(kept) or (changed and not written)
        if not self.said_something:
            return
        comment = self._comments.get(name, "")
        said = _markdown(comment, lowest=4) if comment else Markup("<p>Nobody has read it yet.</p>")
        self._found.append(Part("What a person decided", said))
        source = f"disputes = {kept!r}" if kept else _text(cell)
        self._answered.append(Part("What you wrote", answer_table(source)))


def _reached(comment: str, rubric: Rubric) -> dict[str, float]:
    """Return criterion to points as an imported comment says them; none where one is missing."""
    found = {}
    for criterion in rubric.criteria:
        said = re.search(rf"\*\*{re.escape(criterion.title)}: (\d+(?:\.\d+)?) of ", comment)
        if said is None:
            return {}
        found[criterion.id] = float(said[1])
    return found


def _levels(rubric: Rubric, reached: Mapping[str, float]) -> Markup:
    """Return the criteria with all their levels, with those that were reached named."""
    parts = [Markup("<p>The points are the sum of one level for each criterion.</p>")]
    for criterion in rubric.criteria:
        levels = Markup("").join(
            Markup("<li><strong>{}{}:</strong> {}</li>").format(
                points(level.points),
                ", reached" if reached.get(criterion.id) == level.points else "",
                level.description,
            )
            for level in criterion.levels
        )
        parts.append(Markup("<h4>{}</h4><ul>{}</ul>").format(criterion.title, levels))
    return Markup("\n").join(parts)


def _line(line: str) -> Markup:
    """Return a printed line, with its beginning in bold where that is an item."""
    for pattern in (_YOU_WROTE, _LABEL):
        found = pattern.match(line)
        if found:
            return Markup('<p class="said"><strong>{}</strong>{}</p>').format(
                _with_code(found[1]), _with_code(line[found.end(1) :])
            )
    return Markup('<p class="said">{}</p>').format(_with_code(line))


def _with_code(text: str) -> Markup:
    """Return plain text, with what stands between backticks as code; a student may have typed it.

    Examples
    --------
    >>> print(_with_code("There is no answer named `a<b`."))
    There is no answer named <code>a&lt;b</code>.
    """
    # What was found in brackets stands at every second place.
    pieces = enumerate(_CODE.split(text))
    forms = (Markup("{}"), Markup("<code>{}</code>"))
    return Markup("").join(forms[place % 2].format(piece) for place, piece in pieces)


def _displayed(output: Mapping[str, Any]) -> Iterator[Markup]:
    """Yield what a folded cell showed; a widget says nothing on a page without its program."""
    data = output.get("data", {})
    if not data or _WIDGET in data:
        return
    if "text/html" in data:
        yield safe(_joined(data["text/html"]))
        return
    for kind in ("image/svg+xml", "image/png", "image/jpeg"):
        if kind in data:
            content = _joined(data[kind])
            encoded = b64encode(content.encode()).decode() if "svg" in kind else content
            words = _joined(data.get("text/plain", "")) or "A picture"
            source = f"data:{kind};base64,{encoded.strip()}"
            yield safe(f'<img alt="{escape(words)}" src="{source}">')
            return
    if "text/plain" in data:
        yield Markup("<pre>{}</pre>").format(_joined(data["text/plain"]))


def _markdown(
    source: str, *, lowest: int, quote: bool = False, beside: Mapping[str, Any] | None = None
) -> Markup:
    """Return Markdown as safe HTML whose first heading has a given level.

    The words of a student are quoted: forbidden markup is shown as it was typed.
    """
    attachments = beside.get("attachments") if beside else None
    html = rendered(source, escape_html=quote, attachments=attachments)
    levels = sorted({int(level) for level in re.findall(r"<h([1-6])\b", html)})
    shift = {level: min(lowest + place, 6) for place, level in enumerate(levels)}
    html = re.sub(
        r"(</?h)([1-6])\b", lambda found: f"{found[1]}{shift.get(int(found[2]), 6)}", html
    )
    return safe(html, quote=quote)


def _sections(released: Mapping[str, Any]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Yield each second-level heading with the cells from there to the next."""
    heading = ""
    gathered: list[Mapping[str, Any]] = []
    for cell in released["cells"]:
        found = list(_found(_HEADING, cell))
        if found:
            if heading:
                yield heading, gathered
            heading, gathered = found[0], []
        gathered.append(cell)
    if heading:
        yield heading, gathered


def _found(pattern: re.Pattern[str], cell: Mapping[str, Any]) -> Iterable[str]:
    """Return the headings at the top of a cell of ours; none where it is an answer."""
    if cell["cell_type"] != "markdown" or "nbgrader" in cell["metadata"]:
        return ()
    found = pattern.match(_text(cell).strip())
    return (found[1],) if found else ()


def _names(cell: Mapping[str, Any]) -> Iterator[str]:
    """Yield by what a cell is known: its grade id if it has one, else its own id."""
    settings = cell["metadata"].get("nbgrader") or {}
    name = settings.get("grade_id") or cell.get("id")
    if name:
        yield name


def _words(heading: str) -> str:
    """Return a heading without the marks of Markdown."""
    return re.sub(r"[*_`]", "", heading).strip()


def _text(cell: Mapping[str, Any]) -> str:
    return _joined(cell["source"])


def _joined(text: object) -> str:
    return "".join(text) if isinstance(text, list) else str(text)
