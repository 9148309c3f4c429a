# make        set up .venv and run the default study
# make test   set up .venv and run the tests
# make report the same study as one page, results/studies/default/report.html
# make readme benchmark, best estimates; their tables and the figure go into README.md (3 h)
PYTHON ?= python3
CORES ?= all
BIN := .venv/bin
STUDIES := results/studies
MINE := $(STUDIES)/default
# The benchmark joins the report once it has been run: it takes minutes.
ENGINE := $(if $(wildcard $(MINE)/figures/engine.svg),engine_figure $(MINE)/tables/engine.html)

# Said before a dependency refuses an old Python in words of its own.
define OLD_PYTHON
import sys
if sys.version_info < (3, 11):
    sys.exit("comotion needs Python 3.11 or newer, and $(PYTHON) is %d.%d: install one and name"
             " it, such as: make PYTHON=python3.12" % tuple(sys.version_info[:2]))
endef
export OLD_PYTHON

.PHONY: all setup test check report readme clean

all: setup
	$(BIN)/snakemake --cores $(CORES)
	$(BIN)/snakemake --report $(MINE)/report.html
	@cat $(MINE)/tables/energies.md
	@echo "table    $(MINE)/tables/energies.csv (units in energies.units.json)"
	@echo "figures  $(MINE)/figures/*.svg, *.png"
	@echo "report   $(MINE)/report.html"

setup: .venv/ready

# pip takes either hashes or a folder, not both in one call.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c "$$OLD_PYTHON"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/comotion compile
	touch $@

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/snakefmt --check Snakefile rules
	$(BIN)/snakemake --lint

report: setup
	$(BIN)/snakemake all $(ENGINE) --cores $(CORES)
	$(BIN)/snakemake all $(ENGINE) --report $(MINE)/report.html

readme: setup
	$(BIN)/snakemake --cores $(CORES)
	$(BIN)/snakemake --cores 1 engine_figure
	$(BIN)/snakemake best_table --cores $(CORES) --resources mem_mb=20000 \
		--configfile studies/reference.yaml
	$(BIN)/snakemake best_table --cores 1 --resources mem_mb=20000 \
		--configfile studies/third-row.yaml
	$(BIN)/snakemake bracket_table --cores $(CORES) --resources mem_mb=20000 \
		--configfile studies/certified.yaml
	PYTHONPATH=workflow $(BIN)/python -m study readme --readme README.md \
		--blocks engine=results/benchmarks/engine.md \
		best=$(STUDIES)/reference/tables/best.md \
		third_row=$(STUDIES)/third-row/tables/best.md \
		bracket=$(STUDIES)/certified/tables/bracket.md \
		--figures workflow/report/energies.svg=$(MINE)/figures/energies.svg

clean:
	rm -rf .venv .snakemake
