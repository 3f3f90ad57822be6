"""How nbgrader treats the assignments of this course.

nbgrader reads this file when it runs in the course's root. The same file serves
a real class: copy the course, or run nbgrader here.
"""

c = get_config()  # type: ignore[name-defined]  # noqa: F821 (nbgrader supplies it)

c.CourseDirectory.course_id = "volens"
# The student versions are part of the repository; nbgrader's own name is "release".
c.CourseDirectory.release_directory = "assignments"

# nbgrader copies whatever lies beside a notebook into the release. Only notebooks
# and pictures belong there: rubrics and specimens hold the answers. Assigning the
# list replaces nbgrader's own, so its entries are repeated first.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "answers",
    "feedback",
    "*.toml",
    "*.md",
    "*.py",
    "*.txt",
    "*.json",
    "*.csv",
]

# What stands in a student's copy where the solution was. It is a comment, so that
# the untouched notebook runs from top to bottom.
c.ClearSolutions.code_stub = {
    "python": "# Paste your answers over this cell, or type them in; then run it."
}
c.ClearSolutions.text_stub = "*Write your answer here, in place of this line.*"

# A submission is one file, named STUDENT_ASSIGNMENT.ipynb by the learning platform.
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/\\](?P<student_id>[A-Za-z0-9-]+)_(?P<file_id>[^/\\]+\.ipynb)$"
)

# A cell may run for half a minute; one that runs on is stopped, and the next begins.
c.Execute.timeout = 30
c.Execute.interrupt_on_timeout = True

# Each kernel warns that it talks to nbgrader over a local port without encryption.
# Nothing leaves the machine, and the warning hides what matters.
c.Execute.extra_arguments = ["--IPKernelApp.log_level=ERROR"]

# The page that a student gets back: our own, without test cells and without anything
# from elsewhere. `nbgrader generate_feedback` writes it.
c.GenerateFeedback.exporter_class = "volens.grading.feedback.FeedbackExporter"

# Formgrader puts what students wrote on a page from which marks are set. Nothing of it may
# run there: neither Markdown, which formgrader itself lets through, nor what cells show.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "markdown2html": "volens.grading.formgrader.markdown",
    "clean_html": "volens.grading.typed_html.safe",
}
