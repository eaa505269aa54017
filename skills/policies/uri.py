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
from urllib.parse import urlsplit

from skills.library import SkillLibrary
from skills.skill import Implementation, Skill

from .onnx_policy import OnnxPolicy, PolicyFileError
from .policy_skill import PolicySkill
from .running import RunSettings
from .wires.adapter import adapter_named

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
            raise SkillChoiceError(f"{uri} was trained for {trained}, not for {skill.name}")
        return PolicySkill(skill.contract, policy, settings=RunSettings(execute=policy.card.execute))
    except PolicyFileError as error:
        raise SkillChoiceError(str(error)) from error
    except SkillChoiceError:
        raise
    except ValueError as error:
        raise SkillChoiceError(str(error)) from error


def _served(skill: Skill, uri: str) -> Implementation:
    from .wires.openpi import OpenPiClient
    from .wires.openvla import OpenVlaClient
    from .wires.remote_policy import Client, RemotePolicy

    parts = urlsplit(uri)
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise SkillChoiceError(f"{uri}: {error}") from error
    is_openpi = parts.scheme == "openpi"
    if (
        host is None
        or port is None
        or parts.path not in ("", *(() if is_openpi else ("/act",)))
        or parts.query
    ):
        raise SkillChoiceError(f"{uri} is not {parts.scheme}://HOST:PORT[#ADAPTER]")
    missing = [package for package in ("msgpack", "websockets") if is_openpi and find_spec(package) is None]
    if missing:
        raise SkillChoiceError(f"{uri} needs {', '.join(missing)}: pip install 'saycando[policies]'")
    try:
        adapter = adapter_named(parts.fragment or "saycando")
        client: Client = OpenPiClient(host, port)
        if not is_openpi:
            if len(adapter.cameras) != 1:
                raise SkillChoiceError(f"{uri}: OpenVLA takes one picture; its adapter needs one camera")
            client = OpenVlaClient(host, port, unnorm_key=adapter.unnorm_key)
        policy = RemotePolicy(client, adapter)
        return PolicySkill(skill.contract, policy, settings=RunSettings(execute=adapter.execute))
    except SkillChoiceError:
        raise
    except ValueError as error:
        raise SkillChoiceError(f"{uri}: {error}") from error


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
    """Return the URI with a path that starts where the file is, and an adapter that is looked up in it."""
    scheme, _, rest = uri.partition(":")
    if scheme == "onnx" and rest:
        return f"onnx:{file.parent / rest}"
    address, hash_, name = uri.partition("#")
    return f"{address}#{file.resolve()}:{name}" if hash_ and name != "saycando" else uri


def _valid() -> str:
    return " or ".join(SCHEMES)
