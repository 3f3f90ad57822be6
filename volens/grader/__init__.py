"""The grader: a whole class, fast, with student code in a sandbox and the tests outside.

``volens grade`` uses it. nbgrader stays the system of record: the folders, the metadata
of cells and the gradebook are its own, and its commands can be mixed in at any time.

The rooms, from what runs first to what runs last:

- :mod:`~volens.grader.collecting`: files from a learning platform become ``submitted/``
- :mod:`~volens.grader.template`: what the gradebook knows of an assignment
- :mod:`~volens.grader.opening`, :mod:`~volens.grader.repair`: a submission becomes a
  notebook whose cells are those of the assignment
- :mod:`~volens.grader.sandbox`, :mod:`~volens.grader.kernel`, :mod:`~volens.grader.inside`:
  student code, shut in
- :mod:`~volens.grader.judge`: test cells, outside
- :mod:`~volens.grader.sitting`: one run through a notebook, with both
- :mod:`~volens.grader.executing`: the same for stock ``nbgrader autograde``
- :mod:`~volens.grader.marking`: one submission, from file to marks
- :mod:`~volens.grader.crew`: many of them at once
- :mod:`~volens.grader.register`: the one writer to the gradebook
- :mod:`~volens.grader.folders`, :mod:`~volens.grader.planning`,
  :mod:`~volens.grader.running`: a run over a class, which can be taken up again
- :mod:`~volens.grader.records`, :mod:`~volens.grader.reporting`: what is written down of it
- :mod:`~volens.grader.whole_class`: the same for other programs
- :mod:`~volens.grader.whole_files`, :mod:`~volens.grader.system`: what all of them need
- :mod:`~volens.grader.exporting`: marks for a learning platform
"""

__all__: list[str] = []
