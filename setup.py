"""Builds the compiled pass of the classifiers into the package; all else is told by pyproject.toml.

A C compiler that is there will do. Where none is, the one in the wheel `ziglang` does; pip fetches it for a build in
isolation, the Makefile before one without.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext

SOURCES = sorted(str(path) for path in Path("classifiers/native").glob("*.c"))
HEADERS = sorted(str(path) for path in Path("classifiers/native").glob("*.h"))
COMPILERS = ("cc", "gcc", "clang")

# The same sums on every machine: no instruction that only some have, no multiplying and adding in one rounding.
FLAGS = ["-O3", "-std=c11", "-fPIC", "-shared", "-fvisibility=hidden", "-ffp-contract=off", "-fno-math-errno"]


class BuildLibrary(build_ext):
    """Compiles a plain shared library that any Python can load."""

    def get_ext_filename(self, fullname: str) -> str:
        """Where the library goes: it is named for no version of Python."""
        return str(Path(*fullname.split(".")).with_suffix(".so"))

    def build_extension(self, ext: Extension) -> None:
        """Compile all sources into one library."""
        target = Path(self.get_ext_fullpath(ext.name))
        target.parent.mkdir(parents=True, exist_ok=True)
        # Under another name first: a running Vigie keeps the library that it has loaded.
        beside = target.with_suffix(".part")
        self.announce(f"compiling {target}", level=2)
        # What the compiler keeps for another time stays with the rest of the build.
        cache = os.environ | {"ZIG_GLOBAL_CACHE_DIR": str(Path(self.build_temp, "zig").absolute())}
        subprocess.run([*compiler(), *FLAGS, *ext.sources, "-lm", "-o", str(beside)], check=True, env=cache)  # noqa: S603 - our own words
        beside.replace(target)


class PlainWheel(bdist_wheel):
    """A wheel for one kind of machine and any Python 3."""

    def get_tag(self) -> tuple[str, str, str]:
        """The library speaks to Python through ctypes alone."""
        return "py3", "none", super().get_tag()[2]


def works(command: str) -> bool:
    """Whether a compiler is there, with the headers of the C library."""
    if shutil.which(command) is None:
        return False
    tried = [command, "-x", "c", "-fsyntax-only", "-"]
    return subprocess.run(tried, input=b"#include <math.h>\n", capture_output=True, check=False).returncode == 0  # noqa: S603 - a name of COMPILERS


OWN_COMPILER = next(filter(works, COMPILERS), None)


def compiler() -> list[str]:
    """The command that compiles C, without instructions that only this machine has."""
    if OWN_COMPILER is not None:
        return [OWN_COMPILER]
    if find_spec("ziglang") is None:
        sys.exit("No C compiler was found. Install one, or: python -m pip install -r requirements-compiler.lock")
    return [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline", "-s"]


setup(
    ext_modules=[Extension("classifiers.native.reading", SOURCES, depends=HEADERS)],
    cmdclass={"build_ext": BuildLibrary, "bdist_wheel": PlainWheel},
    setup_requires=[] if OWN_COMPILER else ["ziglang>=0.13"],
)
