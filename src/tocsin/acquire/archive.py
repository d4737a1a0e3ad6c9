"""A ZIP in, its members as opened inputs out, within limits on files and on bytes really unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from tocsin.acquire.draft import Failed, Raw, too_large
from tocsin.errors import InputError

DAMAGE = (  # what the standard library raises on a ZIP that is none
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
)


def members(raw: Raw) -> Iterator[Raw | Failed]:
    """The files of a ZIP in the order of their names, one after the other; nothing is written to the disk.

    Hidden files and those of ``__MACOSX`` are left out. A member that is encrypted, damaged or too large is `Failed`
    and the rest goes on.

    Raises:
        InputError: no ZIP, too many files, or more bytes than `max_archive_bytes`, told or really unpacked.
    """
    left = raw.settings.max_archive_bytes
    with opened(raw.stream, raw) as archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            parts = info.filename.split("/")
            if info.is_dir() or parts[0] == "__MACOSX" or any(part.startswith(".") for part in parts if part != ".."):
                continue
            where = f"{raw.where}/{info.filename}"
            try:
                data = _unpacked(archive, info, raw, where, left)
            except InputError as error:
                yield Failed(where, error)
                continue
            left -= len(data)
            if left < 0:
                raise _bomb(raw)
            yield replace(raw, where=where, name=info.filename, stream=io.BytesIO(data), media=None, charset=None)


def opened(stream: BinaryIO, raw: Raw) -> zipfile.ZipFile:
    """The ZIP in `stream`, its limits checked against what its directory tells.

    Raises:
        InputError: no ZIP, too many files, too many bytes.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except DAMAGE as error:
        raise InputError(f"is no whole ZIP ({error})", where=raw.where, todo="get it again") from error
    files = archive.infolist()
    if len(files) > raw.settings.max_archive_files:
        raise InputError(f"holds {len(files):,} files", where=raw.where,
                         allowed=f"{raw.settings.max_archive_files:,}",
                         todo="split it, or raise the setting max_archive_files")
    if sum(info.file_size for info in files) > raw.settings.max_archive_bytes:
        raise _bomb(raw)
    return archive


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, raw: Raw, where: str, left: int) -> bytes:
    if info.flag_bits & 1:
        raise InputError("is encrypted", where=where, todo="unpack it with its password and read the folder")
    most = raw.settings.max_bytes
    try:
        with archive.open(info) as member:
            data = member.read(min(most, left) + 1)
    except DAMAGE as error:
        raise InputError(f"is damaged ({error})", where=where, todo="get the archive again") from error
    if len(data) > most:
        raise too_large(where, most)
    return data


def _bomb(raw: Raw) -> InputError:
    most = raw.settings.max_archive_bytes
    return InputError("unpacks to too much", where=raw.where, allowed=f"{most:,} bytes",
                      todo="unpack it yourself, or raise the setting max_archive_bytes")
