# make        set up .venv and run the default study
# make test   set up .venv and run the tests
# make report the same study as one page, results/report.html
# make readme benchmark, best estimates; their tables and the figure go into README.md (3 h)
PYTHON ?= python3
CORES ?= all
BIN := .venv/bin
# The benchmark joins the report once it has been run: it takes minutes.
ENGINE := $(if $(wildcard results/figures/engine.svg),engine_figure results/tables/engine.html)

.PHONY: all setup test check report readme clean

all: setup
	$(BIN)/snakemake --cores $(CORES)
	$(BIN)/snakemake --report results/report.html
	@cat results/tables/energies.md
	@echo "table    results/tables/energies.csv (units in energies.units.json)"
	@echo "figures  results/figures/*.svg, *.png"
	@echo "report   results/report.html"

setup: .venv/ready

# pip takes either hashes or a folder, not both in one call.
.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
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
	$(BIN)/snakemake all $(ENGINE) --report results/report.html

readme: setup
	$(BIN)/snakemake --cores $(CORES)
	$(BIN)/snakemake --cores 1 engine_figure
	$(BIN)/snakemake best_table --cores $(CORES) --resources mem_mb=20000 \
		--configfile study-reference.yaml
	cp results/tables/best.md results/tables/best_second_row.md
	$(BIN)/snakemake best_table --cores 1 --resources mem_mb=20000 \
		--configfile study-third-row.yaml
	$(BIN)/snakemake bracket_table --cores $(CORES) --resources mem_mb=20000 \
		--configfile study-certified.yaml
	cp results/figures/energies.svg workflow/report/energies.svg
	$(BIN)/python -m comotion.readme --readme README.md \
		--blocks engine=results/benchmarks/engine.md best=results/tables/best_second_row.md \
		third_row=results/tables/best.md \
		bracket=results/tables/bracket.md

clean:
	rm -rf .venv .snakemake
