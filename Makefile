# make           set up .venv and run the default study
# make test      set up .venv and run the quick tests: the science and the workflow on small input
# make test-all  all tests: also kills, SLURM, a browser, large atoms
# make check     linters, formatters and types
# make page      the page of the reference set, reference/index.html
# make docs      the documents, docs/_build/html/index.html; their pages compute, it takes minutes
# make report    the same study as one page, results/studies/default/report.html
# make reference the studies of the reference set and their pairs into reference/: many hours
# make readme    benchmark, best estimates; their tables and the figure go into README.md and docs (3 h)
# make mutants   put faults into the sources, one at a time: docs/mutants.md; needs SEED=N
# make versions  the quick tests with the newest packages, or with VERSIONS=oldest
# make clean     remove the environment; results stay (docs/updating.md)
PYTHON ?= python3
CORES ?= all
BIN := .venv/bin
STUDIES := results/studies
MINE := $(STUDIES)/default
# The benchmark joins the report once it has been run: it takes minutes.
ENGINE := $(if $(wildcard $(MINE)/figures/engine.svg),engine_figure $(MINE)/tables/engine.html)

# At most 150 s of tests for a fault: what survives would else run them all.
MUTANTS := PYTHONPATH=tests $(BIN)/python -m mutants --most 150
VERSIONS ?= newest
DOCS := $(BIN)/python -m sphinx -W --keep-going -b html \
	-d docs/_build/doctrees docs docs/_build/html

# Said before a dependency refuses an old Python in words of its own.
define OLD_PYTHON
import sys
if sys.version_info < (3, 11):
    sys.exit("comotion needs Python 3.11 or newer, and $(PYTHON) is %d.%d: install one and name"
             " it, such as: make PYTHON=python3.12" % tuple(sys.version_info[:2]))
endef
export OLD_PYTHON

.PHONY: all setup test test-all check page docs report readme reference mutants versions clean

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

# One thread of BLAS for each process: more would wait for one another.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder
# The engine is compiled once, before tests on two cores would each compile it.
test: setup
	$(BIN)/comotion compile
	$(PYTEST) -n 2 -m "not slow"

# A third process: those of the cluster wait most of the time.
test-all: .venv/docs .venv/page
	$(BIN)/comotion compile
	$(PYTEST) -n 3

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/snakefmt --check Snakefile rules
	$(BIN)/snakemake --lint

# A lock of their own, for neither the workflow nor its quick tests need it.
.venv/docs: .venv/ready docs/requirements.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r docs/requirements.lock
	touch $@

docs: .venv/docs
	$(DOCS)

# What draws the page of the reference set, and what others check such a set with.
.venv/page: .venv/ready tests/requirements.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r tests/requirements.lock
	touch $@

page: .venv/page
	$(BIN)/comotion reference-page reference

report: setup
	$(BIN)/snakemake all $(ENGINE) --cores $(CORES)
	$(BIN)/snakemake all $(ENGINE) --report $(MINE)/report.html

readme: setup
	$(BIN)/snakemake --cores $(CORES)
	$(BIN)/snakemake --cores $(CORES) --configfile studies/brackets.yaml
	$(BIN)/snakemake --cores 1 engine_figure
	$(BIN)/snakemake best_table --cores $(CORES) --resources mem_mb=20000 \
		--configfile studies/reference.yaml
	$(BIN)/snakemake best_table --cores 1 --resources mem_mb=20000 \
		--configfile studies/reference-5Z.yaml
	$(BIN)/snakemake best_table --cores 1 --resources mem_mb=20000 \
		--configfile studies/third-row.yaml
	$(BIN)/snakemake bracket_table energies --cores $(CORES) --resources mem_mb=20000 \
		--configfile studies/certified.yaml
	$(BIN)/snakemake energies --cores $(CORES) --configfile studies/proven-heavy.yaml
	$(BIN)/snakemake kohn_sham_table --cores $(CORES) --configfile studies/kohn-sham.yaml
	$(BIN)/snakemake connection_table --cores $(CORES) --configfile studies/connection.yaml
	PYTHONPATH=workflow $(BIN)/python -m study readme --readme README.md \
		--blocks energies=$(STUDIES)/brackets/tables/energies.csv,$(STUDIES)/reference/tables/best.csv \
		--figures workflow/report/energies.svg=$(MINE)/figures/energies.svg
	PYTHONPATH=workflow $(BIN)/python -m study readme --readme docs/accuracy.md \
		--blocks engine=results/benchmarks/engine.md \
		best=$(STUDIES)/reference/tables/best.md \
		best_5Z=$(STUDIES)/reference-5Z/tables/best.md \
		third_row=$(STUDIES)/third-row/tables/best.md \
		bracket=$(STUDIES)/certified/tables/bracket.md \
		proven=$(STUDIES)/certified/tables/energies.csv \
		proven_heavy=$(STUDIES)/proven-heavy/tables/energies.csv \
		kohn_sham=$(STUDIES)/kohn-sham/tables/kohn_sham.md \
		connection=$(STUDIES)/connection/tables/connection.md

# The reference set, study by study; what is there is not computed again, and pairs of other studies
# stay. EDITION and DATE are those of the new version.
SET_STUDIES := published models periodic ions connection reference reference-5Z third-row certified
reference: setup
	set -e; for study in $(SET_STUDIES); do \
		$(BIN)/snakemake energies --cores $(CORES) --resources mem_mb=20000 \
			--configfile studies/$$study.yaml; \
		$(BIN)/comotion reference-add --results results --set reference --only-proven \
			--table $(STUDIES)/$$study/tables/energies.csv \
			$(if $(EDITION),--edition $(EDITION)) $(if $(DATE),--date $(DATE)); \
	done
	$(MAKE) page
	$(BIN)/comotion verify-reference reference --full

# make mutants SEED=N: a seed that was not used while tests were written.
mutants: setup
	@test -n "$(SEED)" || { echo "name a seed that was not used before: make mutants SEED=1234"; exit 1; }
	$(MUTANTS) look
	$(MUTANTS) together
	$(MUTANTS) sample --seed $(SEED) --size 300 --result .mutants/sources.json workflow/
	$(MUTANTS) sample --seed $(SEED) --size 40 --result .mutants/rules.json rules/ Snakefile
	$(MUTANTS) list tests/mutants/named.toml --result .mutants/named.json
	$(MUTANTS) list tests/mutants/by_hand.toml --result .mutants/by_hand.json
	$(MUTANTS) report --seed $(SEED) --output docs/mutants.md

versions:
	$(PYTHON) tests/other_versions.py $(VERSIONS)

# .snakemake stays: it knows the settings that the results were made with. Without it results of
# other settings would be taken for those of the study that runs.
clean:
	rm -rf .venv
