"""A configuration against its JSON schema: defaults, and a sentence for whatever does not fit."""

import math
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from textwrap import shorten
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from comotion.errors import ConfigError

#: More than the nesting of any key that there is; an alias in YAML can hold itself.
_DEEPEST = 8

#: JSON schema calls 20.0 an integer; the stages' command lines do not.
_Validator = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)


def checked(config: Mapping[str, Any], rules: Mapping[str, Any]) -> Mapping[str, Any]:
    """The configuration, if it fits.

    Args:
        config: The configuration as loaded from YAML.
        rules: Its JSON schema.

    Raises:
        ConfigError: The first thing that does not fit, with key, value and remedy.
    """
    for key, what in _unfit(config):
        raise ConfigError(f"{_where(key)}: {what}")
    errors = sorted(_Validator(rules).iter_errors(config), key=lambda e: list(e.path))
    if errors:
        raise ConfigError(_sentence(errors[0]))
    return config


def with_defaults(config: Mapping[str, Any], rules: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with the schema's defaults filled in, objects included."""
    known = rules.get("properties", {})
    defaults = {key: rule["default"] for key, rule in known.items() if "default" in rule}
    filled = {**defaults, **config}
    entry = rules.get("additionalProperties")
    for key, value in filled.items():
        rule = known.get(key, entry)
        if isinstance(value, dict) and isinstance(rule, dict):
            filled[key] = with_defaults(value, rule)
        elif isinstance(value, int) and isinstance(rule, dict) and rule.get("type") == "number":
            # 1 and 1.0 are one setting, and must be one word on a command line.
            filled[key] = float(value)
    # In the schema's order, in which the stages are given them.
    return {key: filled[key] for key in (*known, *filled) if key in filled}


def _unfit(value: Any, key: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, str]]:
    """What YAML allows and no schema can refuse: the keys and what is wrong with each."""
    if len(key) > _DEEPEST:
        yield key[:_DEEPEST], "nested too deeply, or an alias of itself; write it flat"
    elif isinstance(value, Mapping):
        for name, entry in value.items():
            if isinstance(name, str):
                yield from _unfit(entry, (*key, name))
            else:
                yield key, f"the key {name!r} is no text; put it in quotes, such as '{name}'"
    elif isinstance(value, list):
        for i, entry in enumerate(value):
            yield from _unfit(entry, (*key, i))
    elif isinstance(value, float) and not math.isfinite(value):
        yield key, f"{value} is not a finite number; give one, such as 1.0e-5"


def _where(path: Iterable[str | int]) -> str:
    """A place in the configuration, such as key atoms[0].systems."""
    key = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path)
    return f"key {key.lstrip('.')}" if key else "the top level"


def _sentence(error: ValidationError) -> str:
    """One sentence for what the schema refuses."""
    where = _where(error.absolute_path)
    value: Any = error.instance
    if error.validator == "additionalProperties":
        known = error.schema["properties"] if isinstance(error.schema, dict) else {}
        unknown = sorted(set(map(str, value)) - set(known))
        former = error.schema.get("x-former", {}) if isinstance(error.schema, dict) else {}
        near = get_close_matches(unknown[0], known, 1)
        meant = f"did you mean {near[0]!r}? " if near else ""
        if unknown[0] in former:
            meant = f"its place has been taken by {former[unknown[0]]!r}; "
        return (
            f"{where}: unknown key {', '.join(unknown)!r}; {meant}the keys are {', '.join(known)}"
        )
    if error.validator == "type" and isinstance(value, bool):
        return (
            f"{where}: {value} where a name or number is expected; YAML reads No, Yes, On and Off "
            "as true or false: put the name in quotes, such as 'No'"
        )
    if error.validator == "type" and isinstance(value, str) and _is_number(value):
        return (
            f"{where}: {value!r} is text, not a number; YAML needs a point before the e and a sign "
            f"after it: write {_in_yaml(float(value))}"
        )
    if error.validator == "pattern":
        named = "a study" if list(error.absolute_path) == ["study"] else "a system"
        return f"{where}: {error.instance!r} is not a name for {named}; letters and digits only"
    why = error.message.removeprefix(repr(value)).strip()
    return f"{where}: {shorten(repr(value), 60, placeholder='...')} does not fit: it {why}"


def _in_yaml(number: float) -> str:
    """A number as YAML reads it, such as 1.0e-05."""
    mantissa, e, exponent = repr(number).partition("e")
    return repr(number) if "." in mantissa or not e else f"{mantissa}.0e{exponent}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
