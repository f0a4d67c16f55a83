"""The same over Ray Data: chunks are read where they lie, worked on wherever the cluster has a core, and come in order.

The one module that imports Ray, and only once it is asked for: Ray is an extra, `pip install 'enface[ray]'`. Chunks
travel pickled, a row and a block each, so that each is a unit of work and few of them are in memory at a time. What is
read, files of this machine, is read on the node that this process runs on; what the function opens is opened on every
node, so a bundle lies on a disk that all of them see.
"""

import contextlib
import logging
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from enface.errors import EnfaceError, ParamsError
from enface.mapping.chunks import LOCAL, Answer, Chunk

_OBJECT_STORE_BYTES = 256 << 20
"""Of a cluster of our own: some hundred chunks and answers are under way at most."""

_FIELD = "pickled"


@dataclass(frozen=True)
class _Failure:
    """An error of ours, told as an answer: Ray would wrap it, and try again what cannot succeed."""

    error: EnfaceError


class RayMapper:
    """Works on the cluster that this process is connected to; see `connected`."""

    def __init__(self, *, cores: int) -> None:
        self._cores = cores

    def map(self, make: Callable[[], Callable[[Chunk], Answer]], chunks: Iterable[Chunk]) -> Iterator[Answer]:
        """The function's answer to each chunk, in order.

        Raises:
            ParamsError: no machine of the cluster has as many cores as each copy of the function is to use.
            EnfaceError: as the function, or reading the chunks, raised it.
        """
        import ray
        from ray.data import ActorPoolStrategy

        _set_up_data()
        here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
        read = ray.data.from_items([0]).map_batches(
            _reading(chunks), batch_format="pyarrow", num_cpus=0, label_selector=here
        )
        answers = read.map_batches(
            _Worker,
            fn_constructor_args=(make,),
            batch_format="pyarrow",
            batch_size=1,
            num_cpus=self._cores,
            compute=ActorPoolStrategy(size=_workers(self._cores)),
        )
        for row in answers.iter_rows():
            answer = pickle.loads(row[_FIELD])
            if isinstance(answer, _Failure):
                raise answer.error
            yield answer


@contextlib.contextmanager
def connected(where: str, *, cores: int) -> Iterator[RayMapper]:
    """The mapper of a cluster: of its own for `LOCAL`, which ends with the block, or of the one at that address.

    Raises:
        ParamsError: Ray is not installed, or there is no cluster of that address.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        import ray.data
    except ImportError:
        raise ParamsError(
            f"ray: got {where!r}, but Ray is not installed; install it with: pip install 'enface[ray]', or leave it "
            "out to work in this process"
        ) from None
    if ray.is_initialized():
        yield RayMapper(cores=cores)
        return
    own: dict[str, Any] = (
        {"include_dashboard": False, "object_store_memory": _OBJECT_STORE_BYTES} if where == LOCAL else {}
    )
    try:
        ray.init(address=where, logging_level=logging.ERROR, log_to_driver=False, **own)
    except (ConnectionError, ValueError) as error:
        raise ParamsError(f"ray: got {where!r}, but no cluster answers there: {_first_line(error)}") from None
    try:
        yield RayMapper(cores=cores)
    finally:
        ray.shutdown()


class _Worker:
    """The function, made where it runs, over pickled chunks."""

    def __init__(self, make: Callable[[], Callable[[Any], Any]]) -> None:
        self._make = make
        self._function: Callable[[Any], Any] | None = None

    def __call__(self, batch: Any) -> Any:
        (chunk,) = (pickle.loads(cell) for cell in batch[_FIELD].to_pylist())
        return _row(self._answer(chunk))

    def _answer(self, chunk: Any) -> Any:
        if isinstance(chunk, _Failure):
            return chunk
        try:
            if self._function is None:
                self._function = self._make()
            return self._function(chunk)
        except EnfaceError as error:
            return _Failure(error)


def _workers(cores: int) -> int:
    """How many copies of the function there is room for, each on one machine; Ray would wait for ever for a larger."""
    import ray

    nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    machines = [int(node["Resources"].get("CPU", 0)) for node in nodes if node["Alive"]]
    workers = sum(machine // cores for machine in machines)
    if workers == 0:
        raise ParamsError(
            f"ray: got {cores} threads for each worker, but the largest machine of the cluster has {max(machines)} "
            "cores; ask for no more threads than that"
        )
    return workers


def _reading(chunks: Iterable[Chunk]) -> Callable[[Any], Iterator[Any]]:
    """A generator of rows, whatever batch it is given."""

    def read(batch: Any) -> Iterator[Any]:
        try:
            for chunk in chunks:
                yield _row(chunk)
        except EnfaceError as error:
            yield _row(_Failure(error))

    return read


def _row(value: Any) -> Any:
    import pyarrow

    return pyarrow.table({_FIELD: pyarrow.array([pickle.dumps(value)], pyarrow.large_binary())})


def _set_up_data() -> None:
    """Answers in order, each row a block of its own, and no bars beside ours."""
    from ray.data import DataContext

    context = DataContext.get_current()
    context.execution_options.preserve_order = True
    context.target_max_block_size = 1
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
