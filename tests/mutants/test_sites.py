"""Places for faults, and what is put there."""

from pathlib import Path

import pytest

from mutants.draw import by_hand, drawn
from mutants.mutant import mutant_at
from mutants.python_sites import is_python, python_sites
from mutants.rule_sites import rule_sites

_PYTHON = '''"""A docstring with 3 words."""

__all__ = ["energy"]


def energy(n: int = 2, *, radius: float = 1e-10) -> tuple[float, float]:
    """Half of 2."""
    if n < 1:
        raise ValueError("no 1")
    print(n + 1)
    check(n, radius)
    total = (n - 1) / radius if radius else -n
    total += min(n, radius)
    return total, solve(record["key"], tolerance=radius, exact=True)
'''

_RULES = """rule plan:
    input:
        density="results/{system}/{level}/density.h5",
        code=code("plan"),
    output:
        plan="results/{system}/{level}/plan.h5",
    log:
        "logs/{system}.log",
    resources:
        mem_mb=1000,
    params:
        options=f"--seeds {SEEDS} --exact",
"""


def _changes(source: str) -> set[tuple[str, str]]:
    """Every line that is changed, and as what."""
    sites = python_sites(source) if "def " in source else rule_sites(source)
    mutants = [mutant_at("x", source, site, new) for site in sites for new in site.variants]
    return {(mutant.old.strip(), mutant.new.strip()) for mutant in mutants}


def test_faults_in_python() -> None:
    total = "total = (n - 1) / radius if radius else -n"
    returned = 'return total, solve(record["key"], tolerance=radius, exact=True)'
    # By old line, what stands there instead.
    assert _changes(_PYTHON) == {
        ("def energy(n: int = 2, *, radius: float = 1e-10) -> tuple[float, float]:", new)
        for new in (
            "def energy(n: int = 3, *, radius: float = 1e-10) -> tuple[float, float]:",
            "def energy(n: int = 1, *, radius: float = 1e-10) -> tuple[float, float]:",
            "def energy(n: int = 2, *, radius: float = 1e-07) -> tuple[float, float]:",
        )
    } | {
        ("if n < 1:", "if n <= 1:"), ("if n < 1:", "if n > 1:"),
        ("if n < 1:", "if n < 2:"), ("if n < 1:", "if n < 0:"),
        ("check(n, radius)", "pass"), ("check(n, radius)", "check(radius, n)"),
        (total, "total = (n + 1) / radius if radius else -n"),
        (total, "total = (n - 2) / radius if radius else -n"),
        (total, "total = (n - 0) / radius if radius else -n"),
        (total, "total = (n - 1) * radius if radius else -n"),
        (total, "total = -n if radius else (n - 1) / radius"),
        (total, "total = (n - 1) / radius if radius else n"),
        ("total += min(n, radius)", "total -= min(n, radius)"),
        ("total += min(n, radius)", "total += max(n, radius)"),
        ("total += min(n, radius)", "total += min(radius, n)"),
        (returned, 'return solve(record["key"], tolerance=radius, exact=True), total'),
        (returned, 'return total, solve(record["energy"], tolerance=radius, exact=True)'),
        (returned, 'return total, solve(record["key"], exact=True)'),
        (returned, 'return total, solve(record["key"], tolerance=radius, )'),
        (returned, 'return total, solve(record["key"], tolerance=radius, exact=False)'),
    }  # fmt: skip


def test_faults_in_rules() -> None:
    density = 'density="results/{system}/{level}/density.h5",'
    options = 'options=f"--seeds {SEEDS} --exact",'
    changed = _changes(_RULES)
    assert changed >= {
        (density, 'density="results/{level}/{level}/density.h5",'),
        (density, 'density="results/{system}/{system}/density.h5",'),
        ('code=code("plan"),', 'code=code("plan_"),'),
        ("mem_mb=1000,", "mem_mb=1001,"),
        (options, 'options=f" --exact",'),
        (options, 'options=f"--seeds {SEEDS} ",'),
    }
    # Every entry is left out once: then its line is gone, or is what followed it.
    gone = [old for old, new in changed if new in old and new != old]
    assert any(old.startswith("density=") for old in gone)
    assert any(old.startswith("code=") for old in gone)
    assert any(old.startswith("mem_mb=") for old in gone)
    assert not any("logs/" in old and "logs/{system}" not in new for old, new in changed)


def test_what_is_no_code_has_no_place() -> None:
    assert not {old for old, _ in _changes(_PYTHON)} & {
        '"""A docstring with 3 words."""', '__all__ = ["energy"]', "print(n + 1)",
        'raise ValueError("no 1")', '"""Half of 2."""',
    }  # fmt: skip


def test_the_same_seed_draws_the_same(project: Path) -> None:
    """Other places with another seed, and only what Python can read."""
    density = "workflow/comotion/density"
    first = drawn(project, 12, 1, density)
    assert first == drawn(project, 12, 1, density)
    assert first != drawn(project, 12, 2, density)
    assert len({(mutant.path, mutant.source) for mutant in first}) == 12
    for mutant in first:
        assert mutant.path.startswith(density)
        assert is_python(mutant.source)
        lines = mutant.source.split("\n")
        assert lines[mutant.line - 1] == mutant.new.split("\n")[0]


def test_a_fault_made_by_hand_stands_where_it_says(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("a = 1\nb = 2\nc = 2\n")
    table = '[[fault]]\npath = "x.py"\nold = "{old}"\nnew = "b = 3"\nsays = "b is wrong"\n'
    (tmp_path / "faults.toml").write_text(table.format(old="b = 2"))
    (mutant,) = by_hand(tmp_path, tmp_path / "faults.toml")
    assert mutant.source == "a = 1\nb = 3\nc = 2\n"
    assert (mutant.line, mutant.old, mutant.new, mutant.kind) == (2, "b = 2", "b = 3", "b is wrong")
    for old, times in (("2", 2), ("d = 4", 0)):
        (tmp_path / "faults.toml").write_text(table.format(old=old))
        with pytest.raises(ValueError, match=rf"x.py: {times} times, not once"):
            by_hand(tmp_path, tmp_path / "faults.toml")
