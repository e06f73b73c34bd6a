"""Workbooks with a password: opened with the ones that are given, never named in a message."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

from anqing_subsidy.finding import Text
from anqing_subsidy.intake.kinds import refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

EVERYBODYS: Final = "VelvetSweatshop"
"""Excel encrypts with it what is protected against changes only, and opens it without asking."""


def opened(file: str, data: bytes, passwords: Sequence[str]) -> bytes:
    """The bytes of a workbook without its password.

    Raises:
        InputError: no password is given, or none of them opens it, or the kind of encryption is unknown.
    """
    for word in (EVERYBODYS, *passwords):
        found = _tried(data, word)
        if found is not None:
            return found
    if not passwords:
        why = Text("工作簿设有密码", "the workbook has a password")
        way = Text(
            "用 --password-file 给出写有密码的文本文件（每行一个），或去掉密码另存",
            "give a text file with the password by --password-file (one a line), or save it without",
        )
        raise refusal(file, why, way)
    why = Text(
        f"工作簿设有密码，所给的 {len(passwords)} 个密码都打不开",
        f"the workbook has a password, and none of the {len(passwords)} given opens it",
    )
    raise refusal(file, why, Text("请核对密码文件，或去掉密码另存", "check the password file, or save it without"))


def _tried(data: bytes, word: str) -> bytes | None:
    plain = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        # a binary workbook is always tested against its password, a newer one when told so
        office.load_key(password=word, **({"verify_password": True} if office.format == "ooxml" else {}))
        office.decrypt(plain)
    except (InvalidKeyError, DecryptionError):
        return None
    return plain.getvalue()
