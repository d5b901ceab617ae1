"""A game's own modules: its file and what it imports from beside it.

Each load of a game has a package of its own in `sys.modules`, such as `supergame_game_3`, from which its modules get what they import.
So two games may have a `rules.py` each, and two versions of one game can run at the same time. A game file inside a package, as in
`kitewind/game.py`, brings that package; any other the files of its folder.
"""

from __future__ import annotations

import builtins
import importlib
import itertools
import linecache
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from supergame.game.handover import PACKAGE

_numbers = itertools.count(1)


class GameModules:
    """The modules of one load."""

    def __init__(self, file: Path) -> None:
        file = file.resolve()
        self.file, self.name = file, f"{PACKAGE}{next(_numbers)}"
        self._top = file if not _is_package(file.parent) else file.parent
        while _is_package(self._top.parent):
            self._top = self._top.parent
        self.folder = self._top.parent
        self.files = {file}
        """All that was looked at, whether it ran or not."""

    def run(self) -> ModuleType:
        """The game file's module. Raises whatever the code raises."""
        importlib.invalidate_caches()  # a file may be newer than what is known of its folder
        _finder.loads[self.name] = self
        root = sys.modules[self.name] = ModuleType(self.name)
        root.__path__ = [str(self.folder)]
        own_name = ".".join(self.file.relative_to(self.folder).with_suffix("").parts)
        try:
            return importlib.import_module(f"{self.name}.{own_name}")
        except BaseException:
            self.forget()
            raise

    def forget(self) -> None:
        """Take the modules out of Python's list; what still runs of them goes on."""
        _finder.loads.pop(self.name, None)
        for name in [name for name in sys.modules if name.partition(".")[0] == self.name]:
            del sys.modules[name]

    def trace(self, error: BaseException) -> str:
        """The traceback as far as it concerns the game: from its first line on, without the machinery that loads and calls it."""
        linecache.checkcache()
        trace = traceback.TracebackException.from_exception(error)
        own = [number for number, frame in enumerate(trace.stack) if self._holds(frame.filename)]
        frames = trace.stack[own[0] :] if own else []
        trace.stack = traceback.StackSummary.from_list([frame for frame in frames if frame.filename not in _MACHINERY])
        return "".join(trace.format()).removeprefix("Traceback (most recent call last):\n").rstrip()

    def place(self, error: BaseException) -> tuple[str, int]:
        """The file and line of the game where it went wrong; the file and 0 when that is none of its lines."""
        if isinstance(error, SyntaxError) and error.filename and self._holds(error.filename):
            return error.filename, error.lineno or 0
        frames = traceback.extract_tb(error.__traceback__)
        own = [(frame.filename, frame.lineno or 0) for frame in frames if self._holds(frame.filename)]
        return own[-1] if own else (str(self.file), 0)

    def own_import(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """`__import__` as the game's modules see it: names that are the game's come from this load."""
        if level or not self._owns(name.partition(".")[0]):
            return builtins.__import__(name, globals, locals, fromlist or (), level)
        module = importlib.import_module(f"{self.name}.{name}")
        if fromlist:
            return builtins.__import__(module.__name__, globals, locals, fromlist, 0)
        return sys.modules[f"{self.name}.{name.partition('.')[0]}"]

    def _owns(self, name: str) -> bool:
        if name == "supergame":  # the platform, even for a game that lies within it, as the bench's
            return False
        if self._top != self.file:
            return name == self._top.name
        return (self.folder / f"{name}.py").is_file() or (self.folder / name).is_dir()

    def _holds(self, filename: str) -> bool:
        return Path(filename).resolve() in self.files


class _Loader(SourceFileLoader):
    """Always from the source: bytecode is kept by whole seconds, and two saves may share one."""

    def __init__(self, name: str, path: str, modules: GameModules) -> None:
        super().__init__(name, path)
        self._modules = modules

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": self._modules.own_import}
        super().exec_module(module)


class _Finder(MetaPathFinder):
    """Finds what lies in the packages of the loads."""

    def __init__(self) -> None:
        self.loads: dict[str, GameModules] = {}

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        modules = self.loads.get(fullname.partition(".")[0])
        spec = None if modules is None else PathFinder.find_spec(fullname, path, target)
        if modules is not None and spec is not None and isinstance(spec.loader, SourceFileLoader):
            modules.files.add(Path(spec.loader.path).resolve())
            spec.loader = _Loader(fullname, spec.loader.path, modules)
        return spec


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").is_file()


_MACHINERY = {__file__, importlib.__file__, "<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>"}
_finder = _Finder()
sys.meta_path.insert(0, _finder)
