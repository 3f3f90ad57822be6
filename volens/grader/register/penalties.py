"""What the course takes off for handing in late: its own nbgrader plugin says."""

from __future__ import annotations

from nbgrader.preprocessors import AssignLatePenalties
from traitlets import TraitError
from traitlets.config import Config

from volens.errors import GradebookError
from volens.grader.register.entering import Penalty

__all__ = ["late_penalties"]


def late_penalties(config: Config) -> Penalty:
    """Return the rule of the plugin that a course configured.

    Parameters
    ----------
    config
        What nbgrader is told of the course.

    Raises
    ------
    GradebookError
        If there is no such plugin.

    Examples
    --------
    nbgrader's own plugin takes nothing off unless it is told to:

    >>> late_penalties(Config())("s01", 8.0, 3600.0) is None
    True
    >>> config = Config({"LateSubmissionPlugin": {"penalty_method": "zero"}})
    >>> late_penalties(config)("s01", 8.0, 3600.0)
    8.0
    """
    try:
        stage = AssignLatePenalties(config=config)
        stage.init_plugin()
    except (TraitError, ImportError) as error:
        raise GradebookError(
            "nbgrader_config.py: the plugin for late submissions cannot be used "
            f"({str(error).partition(chr(10))[0]}). "
            "See AssignLatePenalties.plugin_class and the settings of that plugin."
        ) from error
    rule: Penalty = stage.plugin_inst.late_submission_penalty
    return rule
