"""What tests share: the real server, its log beside a failure, a camera's picture, and that no file
of the whole run holds the bot's token.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

# Trap: loading WebRTC's encryption crashes where TensorFlow was loaded before. The server never
# loads TensorFlow, but one run of the tests has both.
import pylibsrtp  # noqa: F401
import pytest

from tests.support.camera import portrait_frames, write_camera
from tests.support.fake_token import TOKEN, files_with
from tests.support.server import RunningServer, find_free_port, running_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Training comes last.

    Trap: after each run of a script Streamlit clears Keras, where that is loaded, and collects all
    garbage: tests of pages took ten times as long after a test that had loaded TensorFlow.
    """
    items.sort(key=lambda item: Path("tests", "core", "training") in _parents(item))


def _parents(item: pytest.Item) -> Sequence[Path]:
    return item.path.relative_to(item.config.rootpath).parents


@pytest.fixture(scope="session", autouse=True)
def no_file_holds_the_token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Logs, databases and exports of all servers and tests of this run, looked through at its end.

    Where people write it, in `secrets.toml`, is the one place for it.
    """
    yield
    found = files_with(TOKEN, tmp_path_factory.getbasetemp())
    assert [path for path in found if path.name != "secrets.toml"] == []


@pytest.fixture(autouse=True)
def main_module_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trap: Streamlit's AppTest leaves its script as `__main__`, and a process that is spawned
    later would run that first.
    """
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    return find_free_port()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The real server, started as `make run` does, with empty data; one for each test file."""
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def fake_camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MJPEG of one face, panned and zoomed, 640×480, 30 fps, 6 s."""
    return write_camera(tmp_path_factory.mktemp("camera") / "portrait.mjpeg", portrait_frames())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Puts the server's log beside the failure of a test that used one."""
    report = yield
    running = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(running, RunningServer):
        report.sections.append(("Log of the server", running.log()))
    return report
