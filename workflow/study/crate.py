"""A finished study as one archive that others can read: an RO-Crate of its results.

The archive holds the files of the study under the names that they have here, and
``ro-crate-metadata.json``, which says in JSON-LD what each file is, its checksum and the units in
it, and which run of which stage with which settings and packages made it.

Reference: RO-Crate 1.1 (https://w3id.org/ro/crate/1.1), Process Run Crate 0.5
(https://w3id.org/ro/wfrun/process/0.5).
"""

import argparse
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

import h5py

from comotion.errors import RecordError
from comotion.io import is_whole, read_bytes, read_json, replace_bytes
from comotion.version import VERSION
from study.commit import Commit, commit_of
from study.job import EXPLANATION, SETTINGS

METADATA = "ro-crate-metadata.json"
CRATE = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
#: The second one defines the checksum.
CONTEXT = [f"{CRATE}/context", "https://w3id.org/ro/terms/workflow-run/context"]
FORMATS = {
    ".csv": "text/csv", ".h5": "application/x-hdf5", ".html": "text/html",
    ".json": "application/json", ".md": "text/markdown", ".png": "image/png",
    ".svg": "image/svg+xml", ".yaml": "application/yaml", ".yml": "application/yaml",
}  # fmt: skip
_LICENCE = (
    "Whoever publishes this archive says here how it may be used. That comotion, which made it, is "
    "under the MIT licence says nothing of its results."
)

_Entity = dict[str, Any]


def main(words: Sequence[str]) -> None:
    """Write the archive of a study."""
    parser = argparse.ArgumentParser(prog="study crate", description="an archive of a study")
    parser.add_argument("--study", required=True, help="its name")
    parser.add_argument("--rows", nargs="*", default=[], help="system/level of each row")
    parser.add_argument("--config", nargs="*", type=Path, default=[], help="files that define it")
    parser.add_argument("--results", type=Path, required=True, help="folder of all results")
    parser.add_argument("--project", type=Path, required=True, help="folder of the project")
    parser.add_argument("--archive", type=Path, required=True, help="ZIP file to write")
    options = parser.parse_args(words)
    files = {f"results/{name}": options.results / name
             for name in _files(options.results, options.study, options.rows)}  # fmt: skip
    files |= {path.name: path for path in options.config}
    contents = {name: read_bytes(path) for name, path in sorted(files.items())}
    crate = Crate(options.study, files, contents, commit_of(options.project))
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(crate.document(), indent=2, ensure_ascii=False) + "\n"
        archive.writestr(METADATA, text)
        for name, content in contents.items():
            archive.writestr(name, content)
    replace_bytes(options.archive, memory.getvalue())


@dataclass(frozen=True, eq=False)
class Crate:
    """What is said of a study's files.

    Attributes:
        study: Name of the study.
        files: Files by their names in the archive.
        contents: Their bytes.
        commit: What git says of the project's folder.
    """

    study: str
    files: Mapping[str, Path]
    contents: Mapping[str, bytes]
    commit: Commit
    _entities: dict[str, _Entity] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The metadata of the archive."""
        actions = [*self._jobs(), self._whole()]
        files = [self._file(name) for name in self.files]
        head = [
            {
                "@id": METADATA,
                "@type": "CreativeWork",
                "conformsTo": {"@id": CRATE},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": f"Results of the study {self.study} of comotion",
                "description": "Densities of atoms, ions and models, the Coulomb cost of their "
                "co-motion plans, bounds of the optimal transport cost, and quantum energies. "
                "Hartree atomic units.",
                "datePublished": datetime.now(UTC).date().isoformat(),
                "license": self._add(
                    "#licence", "CreativeWork", name="Not stated", description=_LICENCE
                ),
                "conformsTo": {"@id": PROFILE},
                "hasPart": files,
                "mentions": actions,
            },
            {
                "@id": PROFILE,
                "@type": "CreativeWork",
                "name": "Process Run Crate",
                "version": "0.5",
            },
        ]
        return {"@context": CONTEXT, "@graph": [*head, *self._entities.values()]}

    def _add(self, name: str, kind: str, /, **properties: Any) -> dict[str, str]:
        """Add an entity unless it is there; what refers to it."""
        self._entities.setdefault(name, {"@id": name, "@type": kind, **properties})
        return {"@id": name}

    def _file(self, name: str) -> dict[str, str]:
        """A file with its checksum and the units in it."""
        path, content = self.files[name], self.contents[name]
        said: dict[str, Any] = {"name": name}
        if path.suffix == ".json" and is_whole(path):
            said["description"] = f"Record in {read_json(path)['provenance']['units']}"
        if measured := [self._variable(path, *one) for one in _variables(path)]:
            said["variableMeasured"] = measured
        return self._add(
            quote(name, safe="/+=,()"), "File", **said,
            encodingFormat=FORMATS.get(path.suffix, "application/octet-stream"),
            contentSize=str(len(content)), sha256=hashlib.sha256(content).hexdigest(),
            dateModified=_time(path),
        )  # fmt: skip

    def _variable(self, path: Path, name: str, unit: str, meaning: str) -> dict[str, str]:
        """An array or a column with its unit; the same in all files of one name."""
        return self._add(
            f"#{quote(path.name)}-{quote(name)}", "PropertyValue", name=name, unitText=unit,
            description=meaning,
        )  # fmt: skip

    def _software(self, versions: Mapping[str, str]) -> dict[str, str]:
        """The package, with what it was run with."""
        needed = [
            self._add(f"#{name}-{known}", "SoftwareApplication", name=name, softwareVersion=known)
            for name, known in versions.items()
            if name != "comotion"
        ]
        known = versions["comotion"]
        # Environments of which only another package differs are told apart by a digest.
        digest = hashlib.sha256(json.dumps(versions, sort_keys=True).encode()).hexdigest()[:8]
        said = {"description": self.commit.sentence}
        if self.commit.swhid:
            said["identifier"] = self.commit.swhid
        return self._add(
            f"#comotion-{known}-{digest}", "SoftwareApplication", name="comotion",
            softwareVersion=known, softwareRequirements=needed, **said,
            license=self._add("https://spdx.org/licenses/MIT", "CreativeWork", name="MIT License"),
        )  # fmt: skip

    def _jobs(self) -> Iterator[dict[str, str]]:
        """Runs of stages that made the results of systems, with their settings."""
        for folder in sorted({path.parent for path in self.files.values()}):
            here = {name: path for name, path in self.files.items() if path.parent == folder}
            runs: dict[str, tuple[dict[str, Any], list[str]]] = {}
            for explanation in sorted(folder.glob(f"{SETTINGS}/*/{EXPLANATION}")):
                stored = {name: explanation.with_name(path.name) for name, path in here.items()}
                made = [name for name in stored if _same(stored[name], self.contents[name])]
                # Other settings may have come to the same bytes: a link tells which run it was.
                linked = any(stored[name].samefile(here[name]) for name in made)
                told = read_json(explanation)
                if made and (linked or told["stage"] not in runs):
                    runs[told["stage"]] = told, made
            for told, made in runs.values():
                yield self._job(told, made)

    def _job(self, told: dict[str, Any], made: list[str]) -> dict[str, str]:
        """One run of a stage."""
        system, level = made[0].split("/")[1:3]
        name = f"#{told['stage']}-{quote(system)}-{quote(level)}"
        options = [
            self._add(f"{name}-{quote(key)}", "PropertyValue", name=key, value=value)
            for key, value in told["options"].items()
        ]
        by_path = {path.resolve(): one for one, path in self.files.items()}
        told_paths = told.get("inputs", {}).values()
        each = [path for its in told_paths for path in (its if isinstance(its, list) else [its])]
        paths = [Path(path).resolve() for path in each]
        read = [self._file(by_path[path]) for path in paths if path in by_path]
        return self._add(
            name, "CreateAction", name=f"{told['stage']} of {system} at {level}",
            description=" ".join(f"--{key} {value}" for key, value in told["options"].items()),
            instrument=self._software(told["provenance"]["versions"]), object=[*read, *options],
            result=[self._file(one) for one in made],
            endTime=max(_time(self.files[one]) for one in made),
        )  # fmt: skip

    def _whole(self) -> dict[str, str]:
        """The run of the workflow that made tables and figures from the results."""
        of_study = [name for name in self.files if name.startswith("results/studies/")]
        read = [name for name in self.files if name not in of_study]
        now = {"comotion": VERSION, "snakemake": version("snakemake")}
        return self._add(
            "#study", "CreateAction", name=f"Tables and figures of the study {self.study}",
            description=f"Made by Snakemake {now['snakemake']} from the results of the systems",
            instrument=self._software(now), object=[self._file(name) for name in read],
            result=[self._file(name) for name in of_study],
            endTime=max(_time(self.files[name]) for name in of_study),
        )  # fmt: skip


def _files(results: Path, study: str, rows: Sequence[str]) -> list[str]:
    """Names of the files of a study below the results, sorted.

    Raises:
        RecordError: There are none of a row or of the study, or one is not what was written.
    """
    found = []
    figures = f"studies/{study}/figures"
    problems = [f"models/{path.stem}" for path in (results / figures / "models").glob("*.svg")]
    for row in [*rows, *problems, f"studies/{study}/tables", figures]:
        pattern = "**/*" if row.startswith("studies/") else "*"
        here = [path for path in (results / row).glob(pattern)
                if path.is_file() and path.suffix in FORMATS]  # fmt: skip
        if not here:
            raise RecordError(f"{results / row}: no results are there; run the study first")
        found += here
    for path in found:
        if path.suffix == ".h5" and not is_whole(path):
            raise RecordError(f"{path}: not what was written here; delete it and run again")
    return sorted(path.relative_to(results).as_posix() for path in found)


def _variables(path: Path) -> Iterator[tuple[str, str, str]]:
    """Names, units and meanings of the arrays or columns of a file."""
    if path.suffix == ".h5":
        with h5py.File(path, "r") as file:
            for name in sorted(file):
                said = file[name].attrs
                yield name, str(said.get("unit", "")), str(said.get("meaning", ""))
    beside = path.with_suffix(".units.json")
    if path.suffix == ".csv" and beside.is_file():
        for name, said in json.loads(beside.read_text(encoding="utf-8")).items():
            yield name, said["unit"], said["meaning"]


def _same(path: Path, content: bytes) -> bool:
    """Whether a file is there with this content."""
    return path.is_file() and path.stat().st_size == len(content) and read_bytes(path) == content


def _time(path: Path) -> str:
    """When a file was written, ISO 8601."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
