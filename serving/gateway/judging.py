"""A judge's opinion of an answer, where the request has `"judge": true`.

A judge looks at two texts and at nothing else, so it is asked here, of what any engine has answered; engines and
bundles know nothing of it. It works in a thread of its own, since the event loop has others to listen to. How the
probability is put into an answer stands in `enface.inference.opinion`.
"""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from enface.inference.judge import Judge
from enface.inference.opinion import add_opinions
from enface.judge_folder import JudgeManifest
from serving.bodies import to_json
from serving.gateway.errors import unprocessable
from serving.tasks import Task

_FIELD = "judge"


class Judging:
    """The judge that a server has, with its thread; or none, which is told to who asks for it."""

    def __init__(self, judge: Judge | None) -> None:
        self._judge = judge
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="judge")

    @property
    def manifest(self) -> JudgeManifest | None:
        """What the judge says of itself; None where there is none."""
        return self._judge.manifest if self._judge else None

    def taken_from(self, value: Any) -> tuple[Any, bool]:
        """The request's JSON without its `judge`, and whether that was true.

        Raises:
            RefusedError: 422; it is no truth value, there is no judge, or the texts have tags.
        """
        if not isinstance(value, dict) or _FIELD not in value:
            return value, False
        rest = dict(value)
        wanted = rest.pop(_FIELD)
        if not isinstance(wanted, bool):
            raise unprocessable(f"{_FIELD}: need true or false")
        if wanted and self._judge is None:
            raise unprocessable(f"{_FIELD}: this server has none; start it with `enface serve --judge FOLDER`")
        if wanted and rest.get("format") == "html":
            raise unprocessable(f'{_FIELD}: needs texts without tags, not "format": "html"')
        return rest, wanted

    async def judged(self, task: Task, content: bytes) -> bytes:
        """The JSON that answers the task, with what the judge says of each translation; cancelled, it does not wait."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._judged, task, content)

    async def stop(self) -> None:
        """Ends the thread; what it is judging is finished."""
        await asyncio.to_thread(self._thread.shutdown)

    def _judged(self, task: Task, content: bytes) -> bytes:
        assert self._judge, "a task is judged only where there is a judge"
        answer = json.loads(content)
        entries = [entry.get("translation", entry) for entry in answer["translations"]]  # None: its search goes on
        whole = [(source, entry) for source, entry in zip(task.sources, entries, strict=True) if entry]
        add_opinions(self._judge, [source for source, _ in whole], [entry for _, entry in whole])
        return to_json(answer)
