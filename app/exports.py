"""A file that takes a while to write: asked for, waited for, saved."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from weakref import WeakSet, ref

import streamlit as st

from app.composition import data_dir
from app.downloads import download_link, offer, withdraw
from app.words import plain, size
from core.clock import SystemClock
from core.errors import MienError, TableError
from core.export.export import Export, ExportState
from core.export.task import ExportKind, ExportTask
from core.tables.new_file import not_written
from core.work.folder import WorkFolder
from core.work.time_left import in_words

KEPT_S = 2 * 3600.0
"""After which a file goes that nobody discarded, also where the page was just closed."""

MOST_RUNNING = 3

_EVERY_S = 1.0
_all: WeakSet[Export] = WeakSet()
_MIMES = {
    ExportKind.EVERYTHING: "application/zip",
    ExportKind.CSV: "text/csv; charset=utf-8",
    ExportKind.PARQUET: "application/vnd.apache.parquet",
}

_NOUNS = {
    ExportKind.EVERYTHING: "the zip file",
    ExportKind.CSV: "the CSV file",
    ExportKind.PARQUET: "the Parquet file",
}


def is_asked_for(key: str) -> bool:
    """Whether somebody pressed its button: from then on it needs the full width."""
    return _known(key) is not None


def show_export(key: str, title: str, ask: Callable[[], tuple[ExportTask, str]]) -> None:
    """A button; then how far it has come, and the way to stop it; then the file.

    The file is there for this reader of the page alone, and is erased with the visit.

    Args:
        key: no other export of the page has it.
        title: of the button.
        ask: what to write and the file's name, worked out when the button is pressed.
    """
    running = _known(key)
    is_running = running is not None and running.state is ExportState.RUNNING
    st.fragment(_export, run_every=_EVERY_S if is_running else None)(key, title, ask, is_running)


def discard_all() -> None:
    """Of all readers of this server: something was erased that may be in these files."""
    for export in list(_all):
        _let_go(export)


def _known(key: str) -> Export | None:
    found: Export | None = st.session_state.get(_in_state(key))
    return found if found is not None and found.discard.alive else None


def _in_state(key: str) -> str:
    return f"export-{key}"


def _export(
    key: str, title: str, ask: Callable[[], tuple[ExportTask, str]], was_running: bool
) -> None:
    export = _known(key)
    state = export.state if export is not None else None
    if (state is ExportState.RUNNING) != was_running:
        st.rerun()  # begins or ends the refreshing
    if export is None or state is ExportState.FAILED:
        if export is not None:
            st.error(plain(export.problem), icon=":material/error:")
        if st.button(title, icon=":material/download:", key=f"export-start-{key}"):
            _start(key, *ask())
    elif state is ExportState.RUNNING:
        _show_progress(key, export)
    else:
        _show_file(key, export)


def _start(key: str, task: ExportTask, file_name: str) -> None:
    _discard(key)
    try:
        _check_not_too_many()
        folder = _new_folder()
        export = Export(folder, file_name, task, data_dir(), SystemClock())
    except MienError as error:
        st.error(plain(error.sentence), icon=":material/error:")
        return
    _all.add(export)
    _end_in(KEPT_S, export)
    st.session_state[_in_state(key)] = export
    st.rerun()


def _check_not_too_many() -> None:
    if sum(export.state is ExportState.RUNNING for export in list(_all)) >= MOST_RUNNING:
        raise TableError(
            f"{MOST_RUNNING} files are being written already, as many as this computer takes at "
            "once. Try again in a minute."
        )


def _new_folder() -> Path:
    try:
        return WorkFolder(data_dir() / "work").new_folder()
    except OSError as error:
        raise not_written(error) from error


def _show_progress(key: str, export: Export) -> None:
    told = export.told()
    words = " · ".join(filter(None, (told.what, in_words(told.left_s))))
    st.progress(min(told.done, 1.0), plain(words))
    st.button(
        "Cancel",
        icon=":material/close:",
        key=f"export-cancel-{key}",
        on_click=_discard,
        args=(key,),
    )


def _show_file(key: str, export: Export) -> None:
    address = offer(export.path, export.file_name, _MIMES[export.task.kind])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = f"Save {_NOUNS[export.task.kind]} · {size(export.path.stat().st_size)}"
        download_link(words, address)
        st.button(
            "Discard",
            type="tertiary",
            key=f"export-discard-{key}",
            on_click=_discard,
            args=(key,),
            help="Erases the file on the computer that runs Mien.",
        )


def _discard(key: str) -> None:
    export: Export | None = st.session_state.pop(_in_state(key), None)
    if export is not None:
        _let_go(export)


def _end_in(seconds: float, export: Export) -> None:
    """Trap: Streamlit keeps what a closed page had until somebody else comes."""
    timer = threading.Timer(seconds, _let_go_if_there, (ref(export),))
    timer.daemon = True
    timer.start()


def _let_go_if_there(known: ref[Export]) -> None:
    if (export := known()) is not None:
        _let_go(export)


def _let_go(export: Export) -> None:
    withdraw(export.path.parent)
    export.discard()
