"""The text of a configuration: every key once.

YAML and JSON keep the last of two equal keys and say nothing, so that what stands above it is lost.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from comotion.errors import ConfigError


def check_keys(path: Path) -> None:
    """Refuse a file that gives a key twice, at whatever depth.

    Args:
        path: YAML or JSON file, as Snakemake reads them.

    Raises:
        ConfigError: The first such key, with its lines.
        UnicodeDecodeError: Bytes that are no text.
    """
    for sentence in repeated_keys(path.read_text(encoding="utf-8")):
        raise ConfigError(f"{path}: {sentence}")


def repeated_keys(text: str) -> Iterator[str]:
    """A sentence for each key that a YAML or JSON text gives more than once.

    Args:
        text: The text. One that neither language can read has no keys.
    """
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        # JSON may be indented by tabs, which YAML refuses.
        yield from _repeated_in_json(text)
    else:
        yield from _repeated(tree, "", set())


def _repeated(node: yaml.Node | None, above: str, seen: set[int]) -> Iterator[str]:
    """Sentences for the keys below a node; an alias is looked at once, for it can hold itself."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for i, entry in enumerate(node.value):
            yield from _repeated(entry, f"{above}[{i}]", seen)
    elif isinstance(node, yaml.MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            name = f"{above}.{key.value}".lstrip(".")
            line = key.start_mark.line + 1
            if name in lines:
                yield _sentence(name, f"in line {lines[name]} and again in line {line}")
            lines[name] = line
            yield from _repeated(value, name, seen)


def _repeated_in_json(text: str) -> Iterator[str]:
    """The same for what only JSON can read; its parser tells no lines."""
    found: list[str] = []

    def pairs(entries: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in entries]
        found.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
        return dict(entries)

    try:
        json.loads(text, object_pairs_hook=pairs)
    except ValueError:
        return
    for name in found:
        yield _sentence(name, "twice")


def _sentence(name: str, where: str) -> str:
    return f"key {name}: given {where}, of which only the last would count; give it once"
