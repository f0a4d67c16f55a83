"""`sweep/variants.yaml`: which variants are trained on which corpora, and what each changes in params.yaml.

The stages of a sweep are those of the pipeline, with other settings. Which settings is said here; how a change goes
into them stands in `enface.params`, and the table of a sweep is made by `enface.evaluation.tabulation`.
"""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from enface.errors import ParamsError
from enface.params import Section, changed_settings, chosen_of, explain, read_settings

Changes = dict[str, Any]
"""Part of params.yaml, with other values."""


class RunSection(Section):
    """One training: a variant on the corpus of a set."""

    set: str
    variant: str


class SweepSection(Section):
    """The whole of variants.yaml: changes for all runs, for those of a set, for those of a variant; and the runs.

    `drawn` are the variants whose BLEU by source length is drawn.
    """

    shared: Changes
    sets: dict[str, Changes]
    variants: dict[str, Changes]
    runs: dict[str, RunSection]
    drawn: list[str]


class Sweep:
    """An opened variants.yaml."""

    def __init__(self, path: Path) -> None:
        """Reads the file.

        Raises:
            ParamsError: it is missing or malformed, or a run names a set or a variant that is not there.
        """
        self._path = path
        self._section = _parse(path)
        for name, run in self._section.runs.items():
            where = f"{path} runs.{name}"
            chosen_of(self._section.sets, run.set, f"{where}.set")
            chosen_of(self._section.variants, run.variant, f"{where}.variant")
        for variant in self._section.drawn:
            chosen_of(self._section.variants, variant, f"{path} drawn")

    @property
    def sets(self) -> list[str]:
        """The sets, in the order of the file."""
        return list(self._section.sets)

    @property
    def drawn(self) -> list[str]:
        """The variants whose BLEU by source length is drawn."""
        return self._section.drawn

    def variants(self, set_name: str) -> list[str]:
        """The variants that are trained on a set, in the order of the runs.

        Raises:
            ParamsError: there is no such set.
        """
        chosen_of(self._section.sets, set_name, f"{self._path} sets")
        return [run.variant for run in self._section.runs.values() if run.set == set_name]

    def settings(self, base: Changes, set_name: str, variant: str | None = None) -> Changes:
        """`base`, the content of params.yaml, with the changes for all runs, for the set and for the variant.

        The run of a variant has the name of both in the dashboard.

        Raises:
            ParamsError: a change is of something that `base` does not have.
        """
        section = self._section
        layers = {"shared": section.shared, f"sets.{set_name}": section.sets[set_name]}
        if variant is not None:
            layers[f"variants.{variant}"] = section.variants[variant]
            layers["runs"] = {"tracking": {"run_name": f"{set_name}-{variant}"}}
        for name, changes in layers.items():
            base = changed_settings(base, changes, f"{self._path} {name}")
        return base


def _parse(path: Path) -> SweepSection:
    try:
        return SweepSection.model_validate(read_settings(path))
    except ValidationError as error:
        raise ParamsError("\n".join(f"{path} {problem}" for problem in explain(error, "", SweepSection))) from None
