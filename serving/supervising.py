"""A TorchServe that is started again whenever it ends by itself, or has no worker any more.

How one is started and stopped, and when it is given up, is the matter of `serving.torchserve`. A start that fails is
final: what is wrong then (a broken bundle, no memory, no room on the disk) does not mend itself, and whoever started
this process should know.
"""

import logging
import threading
from collections.abc import Callable
from typing import Self

from enface.errors import ServingError
from serving.torchserve import TorchServe

logger = logging.getLogger("enface.serving")


class Supervised:
    """Keeps one TorchServe running from the beginning of a `with` block to its end; the beginning does not wait for it.

    Attributes:
        current: the server that is ready, None while there is none.
        failure: why none will come any more.
    """

    def __init__(self, make: Callable[[], TorchServe]) -> None:
        """Nothing runs before the block begins.

        Args:
            make: makes a server that has not been started.
        """
        self.current: TorchServe | None = None
        self.failure: ServingError | None = None
        self._make = make
        self._server: TorchServe | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_running, name="torchserve", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        while self._thread.is_alive():
            if self._server:
                self._server.stop()
            self._thread.join(timeout=0.1)

    def _keep_running(self) -> None:
        while not self._stopping.is_set() and self.failure is None:
            try:
                self._server = self._make()
                self._run(self._server)
            except ServingError as error:
                self._fail(error)
            except OSError as error:
                self._fail(ServingError(f"TorchServe cannot be started: {error}"))

    def _fail(self, error: ServingError) -> None:
        if not self._stopping.is_set():
            self.failure = error

    def _run(self, server: TorchServe) -> None:
        """Returns when the server has ended.

        Raises:
            ServingError: it did not start.
            OSError: there was no room for its files, no process, or no port.
        """
        with server:
            self.current = server
            try:
                server.wait()
            except ServingError as error:
                if not self._stopping.is_set():
                    logger.warning("%s\nIt is started again.", error)
            finally:
                self.current = None
