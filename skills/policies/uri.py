"""Room skills: which implementation a user means: `primitive`, `onnx:PATH`, `openpi://HOST:PORT`, in order.

A `skills.toml` says the same for many skills, and how a server's names and units map to ours:

    [skills]
    pick = ["openpi://127.0.0.1:8000#mine", "primitive"]

    [adapters.mine]
    cameras.wrist = {key = "observation/wrist_image", size = [224, 224]}
    state = ["joint_position", "gripper_closed"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from skills.library import SkillLibrary
from skills.skill import Implementation, Skill

from .onnx_policy import OnnxPolicy
from .policy_skill import PolicySkill
from .running import RunSettings
from .wires.adapter import Adapter, adapter_named

if TYPE_CHECKING:
    from .wires.remote_policy import Client

SCHEMES = ("primitive", "onnx:PATH", "openpi://HOST:PORT[#ADAPTER]", "openvla+http://HOST:PORT#ADAPTER")


class SkillChoiceError(ValueError):
    """A choice of implementations that cannot be made; the message says why and lists the valid ones."""


def with_implementations(library: SkillLibrary, choices: Mapping[str, Sequence[str]]) -> SkillLibrary:
    """Return the library with other implementations for some skills, in the order given.

    Raises:
        SkillChoiceError: If a skill or an implementation does not exist, or a file cannot be used.
    """
    for name, uris in choices.items():
        if name not in library:
            raise SkillChoiceError(f"there is no skill {name!r}; skills: {', '.join(library)}")
        if not uris:
            raise SkillChoiceError(f"skill {name} is left without an implementation; give {_valid()}")
        skill = library[name]
        library = library.with_skill(skill.implemented_by(*(implementation_of(skill, uri) for uri in uris)))
    return library


def implementation_of(skill: Skill, uri: str) -> Implementation:
    """Return what a URI means for a skill.

    Raises:
        SkillChoiceError: If it means nothing.
    """
    if uri == "primitive":
        own = next((i for i in skill.implementations if i.name == "primitive"), None)
        if own is None:
            raise SkillChoiceError(f"skill {skill.name} has no primitive; give {_valid()}")
        return own
    scheme, _, rest = uri.partition(":")
    if scheme in ("openpi", "openvla+http"):
        return _served(skill, uri)
    if scheme != "onnx" or not rest:
        raise SkillChoiceError(f"{uri!r} names no implementation; give {_valid()}")
    try:
        policy = OnnxPolicy(Path(rest))
        if skill.name not in policy.card.skills:
            trained = ", ".join(policy.card.skills)
            raise ValueError(f"{uri} was trained for {trained}, not for {skill.name}")
        return PolicySkill(skill.contract, policy, settings=RunSettings(execute=policy.card.execute))
    except ValueError as error:
        raise SkillChoiceError(str(error)) from error


def _served(skill: Skill, uri: str) -> Implementation:
    from .wires.remote_policy import RemotePolicy

    try:
        parts = urlsplit(uri)
        adapter = adapter_named(parts.fragment or "saycando")
        policy = RemotePolicy(_client(parts, adapter), adapter)
        return PolicySkill(skill.contract, policy, settings=RunSettings(execute=adapter.execute))
    except ValueError as error:
        raise SkillChoiceError(f"{uri}: {error}") from error


def _client(parts: SplitResult, adapter: Adapter) -> Client:
    """Return the client of a server's address.

    Raises:
        ValueError: If the address, the adapter or the installation does not fit the wire.
    """
    is_openpi = parts.scheme == "openpi"
    paths = ("",) if is_openpi else ("", "/act")
    if parts.hostname is None or parts.port is None or parts.path not in paths or parts.query:
        raise ValueError(f"this is not {parts.scheme}://HOST:PORT[#ADAPTER]")
    if is_openpi:
        missing = [package for package in ("msgpack", "websockets") if find_spec(package) is None]
        if missing:
            raise ValueError(f"this needs {', '.join(missing)}: pip install 'saycando[policies]'")
        from .wires.openpi import OpenPiClient

        return OpenPiClient(parts.hostname, parts.port)
    from .wires.openvla import OpenVlaClient

    if len(adapter.cameras) != 1:
        raise ValueError("OpenVLA takes one picture; its adapter needs one camera")
    return OpenVlaClient(
        parts.hostname, parts.port, unnorm_key=adapter.unnorm_key, is_double=adapter.is_double
    )


def read_choices(texts: Sequence[str], file: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return skill to URIs, from a skills.toml and from texts `pick=onnx:my.onnx,primitive`, which win.

    Raises:
        SkillChoiceError: If the file or a text cannot be read.
    """
    choices = {} if file is None else _from_file(file)
    for text in texts:
        name, equals, uris = text.partition("=")
        if not equals or not name or not uris:
            raise SkillChoiceError(f"{text!r} is not SKILL=URI[,URI]; give {_valid()}")
        choices[name] = tuple(uri for uri in uris.split(",") if uri)
    return choices


def _from_file(file: Path) -> dict[str, tuple[str, ...]]:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SkillChoiceError(f"skill file {file} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SkillChoiceError(f"skill file {file} is not TOML: {error}") from error
    table = data.get("skills")
    unknown = sorted(set(data) - {"skills", "adapters"})
    if unknown or not isinstance(table, dict):
        raise SkillChoiceError(
            f"skill file {file} needs a table [skills], SKILL = [URI, ...], and no other but [adapters]"
        )
    choices = {}
    for name, uris in table.items():
        listed = [uris] if isinstance(uris, str) else uris
        if not isinstance(listed, list) or not all(isinstance(uri, str) for uri in listed):
            raise SkillChoiceError(f"skill file {file}: {name} needs a list of URIs; give {_valid()}")
        choices[name] = tuple(_beside(file, uri) for uri in listed)
    return choices


def _beside(file: Path, uri: str) -> str:
    """Return a file's URI so that it means the same anywhere: an adapter's name is one of that file."""
    address, hash_, name = uri.partition("#")
    is_own = hash_ and name != "saycando" and ":" not in name
    return absolute(f"{address}#{file.name}:{name}" if is_own else uri, file.parent)


def absolute(uri: str, folder: Path) -> str:
    """Return a URI whose paths, told from a folder, mean the same from any other."""
    scheme, _, path = uri.partition(":")
    if scheme == "onnx":
        return f"onnx:{(folder / path).resolve()}"
    address, _, adapter = uri.partition("#")
    file, colon, name = adapter.rpartition(":")
    return f"{address}#{(folder / file).resolve()}:{name}" if colon else uri


def _valid() -> str:
    return " or ".join(SCHEMES)
