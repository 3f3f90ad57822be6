# The tasks of the course. `make help` lists them.
# The work is done by the programs in tools/, which also run without make.

PYTHON = python3
PORT = 8888
BROWSER = yes

# Settings of another project or shell must not reach the tools.
unexport BROWSER PORT PYTHON PYTHONHOME PYTHONPATH PYTHONSAFEPATH PYTHONSTARTUP PYTHONWARNINGS
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help course test test-all assignments attacks badges bench-data bench-engine bench-grading \
	bench-kernels bench-lessons bench-widgets differential faults handbook marks nbgrader-tests pages pictures pins \
	lock class format clean python

help: ## list these tasks
	@echo 'Tasks: make TASK'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r task words; \
		do printf '  %-14s %s\n' "$$task" "$$words"; done

course: python ## open the course in JupyterLab; PORT=8890 for another port, BROWSER=no for no browser
	@$(PYTHON) tools/course.py --port '$(PORT)' --browser '$(BROWSER)'

test: python ## set up what the checks need and run every check
	@$(PYTHON) tools/check.py

test-all: test attacks differential nbgrader-tests faults ## every check and the longer proofs: about forty minutes

attacks: python ## show what hostile submissions achieve against the grader
	@$(PYTHON) tools/check.py --only-set-up
	@.venv/bin/python tools/attacks.py

differential: python ## mark the whole stock of answers by stock nbgrader and by this grader, and compare
	@$(PYTHON) tools/check.py --only-set-up
	@.venv/bin/python tools/differential.py

faults: python ## kill the grader again and again and show that nothing is lost
	@$(PYTHON) tools/check.py --only-set-up
	@.venv/bin/python tools/faults.py

nbgrader-tests: python ## run nbgrader's own tests of autograding with this grader
	@$(PYTHON) tools/check.py --only-set-up
	@.venv/bin/python tools/nbgrader_tests.py

assignments: python ## make the students' versions in assignments/ anew from source/
	@$(PYTHON) tools/environment.py instructor
	@.venv/bin/python tools/release.py

badges: python ## write the badges of the README from [project.urls] in pyproject.toml
	@$(PYTHON) tools/badges.py

bench-engine: python ## measure the doctrine engine and print the figures
	@$(PYTHON) tools/environment.py development
	@.venv/bin/python tools/bench_engine.py

bench-grading: python ## measure the grader beside stock nbgrader and print the figures
	@$(PYTHON) tools/check.py --only-set-up
	@.venv/bin/python tools/bench_grading.py

bench-kernels: python ## measure the ways to run a notebook and print the figures
	@$(PYTHON) tools/environment.py development
	@.venv/bin/python tools/bench_kernels.py

bench-widgets: python ## measure the widgets in a real browser and print the figures
	@$(PYTHON) tools/environment.py development
	@.venv/bin/python tools/bench_widgets.py

bench-data: python ## measure how long the tables take to load and print the figures
	@$(PYTHON) tools/environment.py development
	@.venv/bin/python tools/bench_data.py

bench-lessons: python ## measure how long each lesson takes to run and print the figures
	@$(PYTHON) tools/environment.py development
	@.venv/bin/python tools/bench_lessons.py

pages: python ## make the lessons' other forms in build/pages/: web pages, slides and print
	@$(PYTHON) tools/environment.py development
	@.venv/bin/python tools/pages.py

pins: python ## run the lessons and keep the outputs of the cells tagged for it
	@$(PYTHON) tools/environment.py development
	@.venv/bin/python tools/pins.py

handbook: python ## make the pages of docs/ that come from the data: codebook, glossary, accounts
	@$(PYTHON) tools/environment.py development
	@.venv/bin/python tools/handbook.py

pictures: ## take the README's picture of the board from the last run of the browser tests
	@cp build/pictures/weighing-board.png docs/weighing-board.png

lock: python ## renew the locked requirements from pyproject.toml
	@$(PYTHON) tools/environment.py development
	@$(PYTHON) tools/lock.py

marks: python ## prove the marks: every graded cell against right and wrong answers
	@$(PYTHON) tools/environment.py development
	@.venv/bin/python tools/marks.py

class: python ## play a class through every assignment, from release to feedback, in a temporary folder
	@$(PYTHON) tools/environment.py instructor
	@.venv/bin/python tools/play_class.py

format: python ## put the code into the house style
	@$(PYTHON) tools/environment.py development
	@.venv/bin/python -m ruff format .
	@.venv/bin/python -m ruff check --fix .

clean: ## remove what these tasks made; your work stays
	@rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'Removed .venv, build, dist and the caches.'

python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo 'No $(PYTHON) was found. Install Python 3.11 or newer (Debian: sudo apt-get install python3 python3-pip), or name yours: make TASK PYTHON=/path/to/python3.' >&2; exit 1; }
