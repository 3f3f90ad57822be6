"""Intake: files from a learning platform become ``submitted/<student>/<assignment>/``.

Whatever a student sends, and however it is named, it is read and never unpacked, and it
ends as collected, unchanged, older or refused.

- :mod:`~volens.grader.collecting.sources`: zip files and folders, read with care
- :mod:`~volens.grader.collecting.names`, :mod:`~volens.grader.collecting.layouts`: what
  a file's name says
- :mod:`~volens.grader.collecting.students`: the platform's ids and the students'
- :mod:`~volens.grader.collecting.choosing`: which of several files counts
- :mod:`~volens.grader.collecting.placing`: into ``submitted/``, with earlier files kept
- :mod:`~volens.grader.collecting.exchange`: nbgrader's own exchange
"""

__all__: list[str] = []
