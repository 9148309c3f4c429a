"""Descriptions of a set for programs: its schema, a Frictionless Data Package, and Croissant.

Data Package: specs.frictionlessdata.io, version 1; the table is described by a Table Schema, in
which units are a property of their own. Croissant: MLCommons, version 1.0.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from comotion.audit.set_files import ENERGIES, FORMAT, Row
from comotion.reference_set.numbers_table import TEXTS, WHOLE, columns_of, meaning_of
from comotion.reference_set.pair_file import ARRAYS
from comotion.reference_set.texts import (
    AUTHORS,
    DESCRIPTION,
    KEYWORDS,
    LICENCE,
    LICENCE_NAME,
    LICENCE_PATH,
    TITLE,
    citation_line,
    json_text,
)

_NAME = "comotion-reference"
#: Media types by the end of a name.
_MEDIA = {".csv": "text/csv", ".h5": "application/x-hdf5", ".gz": "application/gzip"}
_CONFORMS = "http://mlcommons.org/croissant/1.0"
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def schema(rows: Sequence[Row]) -> str:
    """schema.json: unit, meaning and type of each column, unit, shape and meaning of each array."""
    columns = {
        name: {"unit": meaning_of(name).unit, "type": _type(name),
               "meaning": meaning_of(name).meaning}
        for name in columns_of(rows)
    }  # fmt: skip
    arrays = {
        name: {"unit": unit, "shape": shape, "meaning": meaning}
        for name, (unit, shape, meaning) in ARRAYS.items()
    }
    units = 'hartree atomic units; "1" of a number without a unit, empty of what is no number'
    return json_text(
        {"units": units, "format": FORMAT, ENERGIES: columns, "systems/SYSTEM/LEVEL.h5": arrays}
    )


def data_package(
    rows: Sequence[Row], files: Mapping[str, bytes], version: str, date: str
) -> str:  # fmt: skip
    """datapackage.json.

    Args:
        rows: Rows of the table.
        files: Contents of the data files by name, the table among them.
        version: Version of the set.
        date: Date of the version, or empty.
    """
    package = {
        "profile": "data-package",
        "name": _NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": version,
        **({"created": f"{date}T00:00:00Z"} if date else {}),
        "keywords": list(KEYWORDS),
        "licenses": [{"name": LICENCE, "title": LICENCE_NAME, "path": LICENCE_PATH}],
        "contributors": [{"title": AUTHORS, "role": "author"}],
        "resources": [_table(rows, files[ENERGIES])]
        + [_resource(name, content) for name, content in sorted(files.items()) if name != ENERGIES],
    }
    return json_text(package)


def _table(rows: Sequence[Row], content: bytes) -> dict[str, Any]:
    """The table as a resource."""
    fields = [_field(name) for name in columns_of(rows)]
    return _resource(ENERGIES, content) | {
        "profile": "tabular-data-resource",
        "format": "csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "primaryKey": ["system", "level"], "missingValues": [""]},
    }


def _field(name: str) -> dict[str, Any]:
    """A column of the table."""
    one = meaning_of(name)
    field: dict[str, Any] = {"name": name, "type": _type(name), "description": one.meaning}
    if one.unit:
        field["unit"] = one.unit
    if name in ("system", "level", "n_electrons"):
        field["constraints"] = {"required": True}
    return field


def _type(name: str) -> str:
    """Type of a column in a Table Schema."""
    return "string" if name in TEXTS else "integer" if name in WHOLE else "number"


def _resource(name: str, content: bytes) -> dict[str, Any]:
    """A file."""
    return {
        "name": resource_name(name),
        "path": name,
        "profile": "data-resource",
        "format": name.rpartition(".")[2],
        "mediatype": _media(name),
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def resource_name(name: str) -> str:
    """Name of a resource: small letters, digits, and the signs that such names may have.

    Each other character stands as its number between points, so that no two files share a name.
    """
    plain = "abcdefghijklmnopqrstuvwxyz0123456789-_/."
    return "".join(one if one in plain else f".{ord(one)}." for one in name)


def _media(name: str) -> str:
    return next(media for end, media in _MEDIA.items() if name.endswith(end))


def croissant(files: Mapping[str, bytes], rows: Sequence[Row], version: str, date: str) -> str:
    """croissant.json; arguments as in `data_package`."""
    record = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": _NAME,
        "description": DESCRIPTION,
        "conformsTo": _CONFORMS,
        "license": LICENCE_PATH,
        "version": version,
        **({"datePublished": date} if date else {}),
        "creator": {"@type": "sc:Organization", "name": AUTHORS},
        "citeAs": citation_line(version, date),
        "keywords": list(KEYWORDS),
        "isLiveDataset": False,
        "distribution": [_file_object(name, files[name]) for name in sorted(files)],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "energies",
                "name": "energies",
                "description": "All numbers, a row for each system at each level.",
                "key": [{"@id": "energies/system"}, {"@id": "energies/level"}],
                "field": [_croissant_field(name) for name in columns_of(rows)],
            }
        ],
    }
    return json_text(record)


def _file_object(name: str, content: bytes) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{len(content)} B",
        "encodingFormat": _media(name),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _croissant_field(name: str) -> dict[str, Any]:
    one = meaning_of(name)
    unit = f"; unit: {one.unit}" if one.unit else ""
    types = {"string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float"}
    return {
        "@type": "cr:Field",
        "@id": f"energies/{name}",
        "name": name,
        "description": one.meaning + unit,
        "dataType": types[_type(name)],
        "source": {"fileObject": {"@id": ENERGIES}, "extract": {"column": name}},
    }
