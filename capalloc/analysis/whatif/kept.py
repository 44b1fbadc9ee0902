"""Answers that are kept in a folder, each under the digest of all it depends on: none is computed twice."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from capalloc.analysis.whatif.change import Case, Change
from capalloc.analysis.whatif.replanned import Replanned
from capalloc.errors import Problem, ScenarioError
from capalloc.formats import scenario_sha256, write_atomically
from capalloc.planner.params import PlannerParams
from capalloc.schema.about import About
from capalloc.schema.record import Record
from capalloc.schema.scenario import Scenario
from capalloc.schema.whatif import CaseAnswer
from capalloc.version import __version__

_DIGITS = 12
_LONGEST = 60
_OURS = re.compile(rf".*-[0-9a-f]{{{_DIGITS}}}(\.plan)?\.json")
_NAMED = 3
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9.]+")


class _Kept(Record):
    """The file of an answer."""

    key: str
    """Of scenario, base plan, case, version and parameters."""
    plan_sha256: str | None
    """Of the bytes of its plan's file."""
    answer: CaseAnswer
    content_sha256: str = ""
    """Of all the rest."""

    @classmethod
    def of(cls, key: str, plan: str | None, answer: CaseAnswer) -> _Kept:
        """An answer with the text of its plan's file, signed."""
        kept = cls(key=key, plan_sha256=None if plan is None else _sha256(plan.encode()), answer=answer)
        return kept.replace(content_sha256=kept.content())

    def content(self) -> str:
        """The digest of all but itself."""
        return _sha256(self.model_dump_json(by_alias=True, exclude={"content_sha256"}).encode())


class Spoilt(Exception):  # noqa: N818  # what is there, no fault of the program
    """What is kept of a case has been changed since it was written, or is not there whole."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where answers about one base plan, with some parameters, are kept."""

    path: Path
    about: About
    params: PlannerParams

    def known(self, case: Case) -> CaseAnswer | None:
        """The answer to a case, or None where none is there. Raises Spoilt where one is, and not as it was written."""
        path, plan = self._files(case)
        try:
            text = path.read_bytes()
        except OSError:
            return None
        try:
            kept = _Kept.model_validate_json(text)
            sha256 = _sha256(plan.read_bytes()) if kept.plan_sha256 is not None else None
        except (OSError, ValidationError) as fault:
            raise Spoilt from fault
        if (kept.key, kept.plan_sha256, kept.content_sha256) != (self._key(case), sha256, kept.content()):
            raise Spoilt
        return kept.answer.replace(case=case.name)

    def keep(self, case: Case, found: Replanned) -> CaseAnswer:
        """Write an answer, after its plan, each whole or not at all; one that failed is for another try.

        Raises OSError.
        """
        path, plan = self._files(case)
        answer = found.answer
        if answer.status == "failed":
            return answer
        if found.plan is not None:
            write_atomically(plan, found.plan)
            answer = answer.replace(plan=plan.name)
        kept = _Kept.of(self._key(case), found.plan, answer)
        write_atomically(path, kept.model_dump_json(indent=1, by_alias=True) + "\n")
        return answer

    def _files(self, case: Case) -> tuple[Path, Path]:
        """The files of a case's answer and plan: named for people, told apart by the digest."""
        words = _NOT_IN_NAMES.sub("-", case.name).strip("-")[:_LONGEST]
        name = f"{words}-{self._key(case)[:_DIGITS]}"
        return self.path / f"{name}.json", self.path / f"{name}.plan.json"

    def _key(self, case: Case) -> str:
        parts = (
            self.about.scenario_sha256,
            self.about.plan_sha256,
            __version__,
            repr(self.params),
            _plain(case.changes),
        )
        return _sha256(json.dumps(parts, sort_keys=True).encode())


def require_own(folder: Path) -> None:
    """Raise ScenarioError where a folder has files and none that a run keeps: it is somebody else's."""
    there = sorted(path.name for path in folder.iterdir() if path.name[0] != ".") if folder.is_dir() else []
    if there and not any(map(_OURS.fullmatch, there)):
        named = ", ".join(there[:_NAMED]) + (f" and {len(there) - _NAMED:,} more" if len(there) > _NAMED else "")
        message = f"has other files ({named}) and no answer; expected a folder that is new, empty or of an earlier run"
        raise ScenarioError([Problem(str(folder), 0, "", message)])


def base_file(folder: Path, scenario: Scenario, prospects: frozenset[str], params: PlannerParams) -> Path:
    """Where the base plan of a scenario is kept that was made for cases, so that a second run starts from the same."""
    parts = (scenario_sha256(scenario), sorted(prospects), __version__, repr(params))
    return folder / f"base-{_sha256(json.dumps(parts).encode())[:_DIGITS]}.plan.json"


def _plain(changes: Sequence[Change]) -> list[Any]:
    """Changes as JSON has them."""
    return [
        change.model_dump(mode="json", by_alias=True)
        if isinstance(change, Record)
        else [type(change).__name__, repr(change)]
        for change in changes
    ]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
