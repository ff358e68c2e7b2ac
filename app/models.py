"""The shelf of trained models: which there are, which one is in use, and the way back.

Beside the model files lies a note, `models.json`. What is promoted is copied under its checksum, so that training anew
under the same name changes nothing that is in use, and going back restores the former model byte for byte.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from inbox.errors import ModelTrouble, NotFound, NotPossible
from inbox.sentences import Sentence

if TYPE_CHECKING:
    from app.settings import Settings
    from classifiers.model import StarterModel

ENDING = ".safetensors"
NOTE = "models.json"
COPIES = "promoted"


class Copy(BaseModel):
    """One model as it was when it was promoted: its name, and the SHA-256 of its file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sha256: str


class Act(BaseModel):
    """Who put which model in use, when and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: datetime
    who: str
    did: Literal["promoted", "rolled back"]
    before: Copy
    after: Copy
    why: str = ""


class Figure(BaseModel):
    """What a model scored when it was last measured: its mean F1, over how many rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: datetime
    macro_f1: float
    rows: int


class State(BaseModel):
    """What `models.json` holds. `in_use` is None for the starter that ships; `former` ends with the latest."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    in_use: Copy | None = None
    former: list[Copy] = []
    history: list[Act] = []
    measured: dict[str, Figure] = {}


@dataclass(frozen=True, slots=True)
class InUse:
    """The model that messages are labelled with; `trouble` says why it is not the one that was chosen."""

    model: StarterModel
    is_starter: bool
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A model at hand; `trouble` says why it cannot be read."""

    name: str
    file: Path
    sha256: str
    is_in_use: bool
    version: str = ""
    created_on: str = ""
    trouble: Sentence | None = None


def load_in_use(settings: Settings) -> InUse:
    """The model that the settings name, else the one promoted, else the starter that ships.

    One that is missing, damaged or of another format gives way to the starter: people go on being answered, and the
    trouble is told.

    Raises:
        ModelTrouble: The starter itself cannot be read.
    """
    from classifiers.model import load_model

    try:
        file = settings.model or Shelf(settings.models.folder).file_in_use()
        if file is not None:
            return InUse(load_model(file), is_starter=False)
    except ModelTrouble as error:
        trouble = Sentence("{what} Until then the starter model works in its place.", what=error.sentence)
        return InUse(load_model(), is_starter=True, trouble=trouble)
    return InUse(load_model(), is_starter=True)


class Shelf:
    """The folder of models, with its note."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it need not exist."""
        self._folder = folder
        self._note = folder / NOTE

    def read(self) -> State:
        """The note as it stands; where there is none, the starter is in use.

        Raises:
            ModelTrouble: It cannot be read.
        """
        try:
            return State.model_validate_json(self._note.read_bytes())
        except FileNotFoundError:
            return State()
        except (OSError, ValidationError) as error:
            told = Sentence("{file}, which notes the model in use, cannot be read. Restore it.", file=str(self._note))
            raise ModelTrouble(told) from error

    def write(self, state: State) -> None:
        """Replace the note, all of it or not at all."""
        self._put(self._note, (state.model_dump_json(indent=1) + "\n").encode())

    def file_in_use(self) -> Path | None:
        """The file of the model promoted last, whole and unchanged; None when it is the starter that ships.

        Raises:
            ModelTrouble: The file is gone or has changed, or the note cannot be read.
        """
        in_use = self.read().in_use
        return None if in_use is None else self._checked(in_use)

    def all(self) -> list[Listed]:
        """Every model at hand, the starter first."""
        from classifiers.model import STARTER

        in_use = self.read().in_use
        wanted = in_use.sha256 if in_use else sha256_of(STARTER)
        listed = [_look_at(file, wanted) for file in (STARTER, *sorted(self._folder.glob(f"*{ENDING}")))]
        if in_use and not any(one.is_in_use for one in listed):
            copy = self._copy(in_use.sha256)
            found = _look_at(copy, in_use.sha256)
            listed.append(
                Listed(in_use.name, copy, in_use.sha256, True, found.version, found.created_on, found.trouble)
            )
        return listed

    def find(self, name: str) -> Path:
        """The file of a model by its name.

        Raises:
            NotFound: There is none; says which there are.
        """
        known = {one.name: one.file for one in self.all()}
        if name not in known:
            told = Sentence(
                'There is no model "{name}" in {folder}. There are: {known}.',
                name=name,
                folder=str(self._folder),
                known=", ".join(known),
            )
            raise NotFound(told)
        return known[name]

    def promoted(self, name: str, *, who: str, why: str, at: datetime) -> tuple[State, Act]:
        """Keep copies of the model and of the one it takes the place of; the note as it then is, yet to be written.

        Raises:
            NotFound: There is no such model.
            NotPossible: It is in use already.
            ModelTrouble: The note cannot be read, or the former model is gone.
        """
        state = self.read()
        file = self.find(name)
        before = self._keep_in_use(state)
        after = self._keep(name, file)
        if after.sha256 == before.sha256:
            raise NotPossible(Sentence("{name} is in use already.", name=name))
        return self._moved(state, Act(at=at, who=who, did="promoted", before=before, after=after, why=why))

    def rolled_back(self, *, who: str, why: str, at: datetime) -> tuple[State, Act]:
        """The note as it is with the former model in use again, yet to be written.

        Raises:
            NotPossible: There is no former model.
            ModelTrouble: The former model is gone or has changed, or the note cannot be read.
        """
        state = self.read()
        if not state.former:
            raise NotPossible(Sentence("There is no former model to go back to."))
        after = state.former[-1]
        self._checked(after)
        before = state.in_use or self._keep_in_use(state)
        return self._moved(state, Act(at=at, who=who, did="rolled back", before=before, after=after, why=why))

    def note_measured(self, file: Path, *, macro_f1: float, rows: int, at: datetime) -> None:
        """Keep what a model of this folder, or the starter, has scored."""
        state = self.read()
        state.measured[sha256_of(file)] = Figure(at=at, macro_f1=round(macro_f1, 4), rows=rows)
        self.write(state)

    def _moved(self, state: State, act: Act) -> tuple[State, Act]:
        from classifiers.model import STARTER

        former = [*state.former, act.before] if act.did == "promoted" else state.former[:-1]
        in_use = None if act.after.sha256 == sha256_of(STARTER) else act.after
        changes = {"in_use": in_use, "former": former, "history": [*state.history, act]}
        return state.model_copy(update=changes), act

    def _keep_in_use(self, state: State) -> Copy:
        from classifiers.model import STARTER

        return state.in_use or self._keep(STARTER.stem, STARTER)

    def _keep(self, name: str, file: Path) -> Copy:
        """Copy a model under its checksum, unless it is there already."""
        held = _read(file)
        kept = Copy(name=name, sha256=hashlib.sha256(held).hexdigest())
        copy = self._copy(kept.sha256)
        if not copy.is_file() or sha256_of(copy) != kept.sha256:
            self._put(copy, held)
        return kept

    def _checked(self, copy: Copy) -> Path:
        file = self._copy(copy.sha256)
        if sha256_of(file) != copy.sha256:
            told = Sentence(
                "The model file {path} is not the one that was promoted as {name}. Restore it, or train anew.",
                path=str(file),
                name=copy.name,
            )
            raise ModelTrouble(told)
        return file

    def _copy(self, sha256: str) -> Path:
        return self._folder / COPIES / f"{sha256}{ENDING}"

    def _put(self, file: Path, content: bytes) -> None:
        """Write under another name first, and on the disk before the name is changed: half a file is never seen."""
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f"{file.name}.{os.getpid()}.part")
        with beside.open("wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        beside.replace(file)


def sha256_of(file: Path) -> str:
    """The SHA-256 of a model file, as hexadecimal digits.

    Raises:
        ModelTrouble: It cannot be read.
    """
    return hashlib.sha256(_read(file)).hexdigest()


def _look_at(file: Path, in_use: str) -> Listed:
    from classifiers.model_file import read_model

    sha256 = sha256_of(file)
    try:
        about = read_model(file).about
    except ModelTrouble as error:
        return Listed(file.stem, file, sha256, sha256 == in_use, trouble=error.sentence)
    return Listed(file.stem, file, sha256, sha256 == in_use, str(about["version"]), str(about.get("created_on", "")))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        told = Sentence("There is no model file {path}. Train one, or reinstall Vigie.", path=str(file))
        raise ModelTrouble(told) from error
    except OSError as error:
        raise ModelTrouble(Sentence("{file} cannot be read: {why}.", file=str(file), why=str(error))) from error
