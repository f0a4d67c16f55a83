"""The judge stage: the prepared corpus in; a judge of sentence pairs out, with what it is worth.

    python -m pipeline.judge --corpus artifacts/prepare --out artifacts/judge

With `judge.enabled: false` there is none: the folder holds metrics.json alone, which says so, and nothing is imported
that takes time.
"""

import logging
from pathlib import Path
from typing import Annotated

import typer

from enface.judge_folder import METRICS
from enface.judging.section import JudgeSection
from enface.outputs import whole_folder, write_json
from enface.params import load_section
from enface.tracking.run import TrackingSection, start_run
from pipeline.stage import run_stage

logger = logging.getLogger(__name__)


def main(
    corpus: Annotated[Path, typer.Option(help="The prepared corpus.")],
    out: Annotated[Path, typer.Option(help="The folder to write.")],
    params: Annotated[Path, typer.Option(help="The settings.")] = Path("params.yaml"),
) -> None:
    """Teach a judge what a translation is, and measure on held-out pairs how far it can be believed."""
    section = load_section(params, "judge", JudgeSection)
    tracking = load_section(params, "tracking", TrackingSection)
    if section.enabled:
        _make(corpus, out, section, tracking)
        return
    logger.info("no judge is asked for (params.yaml judge.enabled)")
    with whole_folder(out) as draft:
        write_json(draft / METRICS, {"enabled": False})


def _make(corpus: Path, out: Path, section: JudgeSection, tracking: TrackingSection) -> None:
    from enface.data.prepared import PreparedFolder
    from enface.judging.making import make_judge
    from enface.judging.report import metrics

    with start_run(tracking, resume_id=None) as run:
        run.set_tags({"enface.stage": "judge"})
        run.log_params({"judge": section.model_dump()})

        def observe(measures: dict[str, float], epoch: int) -> None:
            run.log_metrics({f"judge/{name}": value for name, value in measures.items()}, epoch)

        with whole_folder(out) as draft:
            measured = metrics(make_judge(PreparedFolder(corpus), draft, section, observe=observe))
        for kind, numbers in measured.items():
            run.log_metrics({f"judge/{kind}/{name}": value for name, value in numbers.items()})
        run.log_file(out, "judge")


if __name__ == "__main__":
    run_stage(main)
