"""Settings of the stages: which keys of the configuration become which flags.

The schema says it: ``x-stages`` beside a key names the stages whose command line gets its value.
"""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

#: In a path through the schema: the name of the system that the stage is run for.
SYSTEM = "*"


@dataclass(frozen=True, eq=False)
class Setting:
    """A key of the configuration that stages are given.

    Attributes:
        path: Keys that lead to it; `SYSTEM` stands for the name of a system.
        stages: Stages that get it; a problem is ``problem NAME``.
        flag: Its flag, with hyphens in front.
        rule: Its part of the schema.
    """

    path: tuple[str, ...]
    stages: tuple[str, ...]
    flag: str
    rule: Mapping[str, Any]

    def value(self, config: Mapping[str, Any], system: str) -> Any:
        """Its value for a system, or None where the configuration has none."""
        found: Any = config
        for key in self.path:
            found = found.get(system if key == SYSTEM else key)
            if found is None:
                return None
        return found


def settings(rules: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[Setting]:
    """All settings of a schema, in its order."""
    if "x-stages" in rules:
        name = rules.get("x-flag", path[-1])
        yield Setting(path, tuple(rules["x-stages"]), f"--{name.replace('_', '-')}", rules)
    for key, rule in rules.get("properties", {}).items():
        yield from settings(rule, (*path, key))
    if isinstance(entry := rules.get("additionalProperties"), dict):
        yield from settings(entry, (*path, SYSTEM))


def command_line(
    config: Mapping[str, Any], rules: Mapping[str, Any], stage: str, system: str = ""
) -> str:
    """Options that a configuration gives to a stage.

    Args:
        config: The configuration, defaults filled in.
        rules: Its schema.
        stage: Name of the stage; of a problem, ``problem NAME``.
        system: The system that it is run for, where that matters.

    Returns:
        Words of a shell, such as ``--seeds 1 2 --tolerance 1e-05``.
    """
    words: list[str] = []
    for setting in settings(rules):
        value = setting.value(config, system) if stage in setting.stages else None
        if value is None or value is False:
            continue
        words.append(setting.flag)
        if value is not True:
            words += map(str, value if isinstance(value, list | tuple) else [value])
    return shlex.join(words)
