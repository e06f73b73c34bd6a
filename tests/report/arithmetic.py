"""A reader with pencil and paper: works out a printed formula by its text alone, every sign and step of it."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final, NamedTuple

from anqing_subsidy.money import round_ratio

_SUM: Final = r"[\d,]+\.\d\d"
_TOKENS: Final = re.compile(
    rf"（(?P<steps>[^（）]*÷[^（）]*)，取整）"
    rf"|按预算压减至 (?P<cut>{_SUM})（(?:[^：]*：)?(?P<left>{_SUM}) ÷ (?P<due>{_SUM})"
    rf"(?:，(?:约 )?[\d.]+%)?(?:，只有其中 (?P<only>{_SUM}) 元受此预算压减)?）"
    rf"|第 (?P<year>\d+) 期（(?:\d+ 年，共 \d+ 期，)?全额的 (?P<part>[\d.]+%|\d+/\d+)(?:，前期已计)?）(?P<part_due>{_SUM})"
    rf"|合计上限 (?P<joint>{_SUM}) 之内 (?P<within>{_SUM})"
    r"|第 (?P<tier>\d+) 档 "
    r"|(?P<rows>\d+) 行之和"
    r"|（[^（）]*）"
    r"|(?P<number>-?\d[\d,]*(?:\.\d+)?(?:%|/\d+)?)"
    r"|(?P<word>[×+−=→÷(),]|取高|上限余额|上限|人工核定)"
    r"|以前已兑现 |已获其他支持 |本年度已兑现 | "
)
"""What a formula is made of; words in brackets only say what a number is."""


class Token(NamedTuple):
    """A number, a sign or a step of a formula."""

    kind: str
    text: str
    parts: dict[str, str | None]


class Arithmetic:
    """Works out a formula; amounts in yuan, what it comes to in fen."""

    def __init__(self, text: str, mode: str, parts: tuple[Fraction, ...] = ()) -> None:
        self.text = text
        self.mode = mode
        self.parts = (*parts, Fraction(1))
        self.tokens = list(_tokens(text))
        self.at = 0
        self.tier = 0

    def result(self) -> int:
        """What the whole comes to; every step on the way holds."""
        value = self._chain()
        assert self.at == len(self.tokens), f"more than a formula: {self.text}"
        return self._fen(value)

    # ---- signs -------------------------------------------------------------------------------------------------------
    def _peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _word(self, *wanted: str) -> str:
        token = self._peek()
        if token is None or token.kind != "word" or token.text not in wanted:
            return ""
        self.at += 1
        return token.text

    def _take(self, kind: str) -> Token | None:
        token = self._peek()
        if token is None or token.kind != kind:
            return None
        self.at += 1
        return token

    # ---- numbers -----------------------------------------------------------------------------------------------------
    def _number(self) -> Fraction:
        token = self._take("number")
        assert token is not None, f"a number is wanted: {self.text}"
        return _fraction(token.text)

    def _factor(self) -> Fraction:
        if self._word("取高"):
            assert self._word("(")
            found = [self._product()]
            while self._word(","):
                found.append(self._product())
            assert self._word(")")
            return max(found)
        if self._word("("):
            inner = self._chain()
            assert self._word(")"), f"a bracket is open: {self.text}"
            return inner
        tier = self._take("tier")
        if tier is not None:
            assert int(tier.text) > self.tier, f"tiers ascend, each once: {self.text}"
            self.tier = int(tier.text)
        number = self._number()
        steps = self._take("steps")
        if steps is not None:
            whole = Arithmetic(steps.text, self.mode)
            exact = whole._sum()
            assert whole.at == len(whole.tokens)
            assert number == max(0, exact // 1), f"not so many full steps: {self.text}"
        return number

    def _product(self) -> Fraction:
        value = self._factor()
        while sign := self._word("×", "÷"):
            value = value * self._factor() if sign == "×" else value / self._factor()
            if sign == "÷":
                # a share of a pool: the fen that are left over go by largest remainder
                value = self._about(value)
        return value

    def _about(self, value: Fraction) -> Fraction:
        """A share to the fen, as it is written behind the sign of equality; it is less than a fen away."""
        ahead = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        if ahead is None or ahead.kind != "number" or self.tokens[self.at].text != "=":
            return value
        written = _fraction(ahead.text)
        assert abs(written - value) < Fraction(1, 100), self.text
        return written

    def _sum(self) -> Fraction:
        value = self._product()
        while sign := self._word("+", "−"):
            value += self._product() if sign == "+" else -self._product()
        return value

    # ---- steps -------------------------------------------------------------------------------------------------------
    def _chain(self) -> Fraction:
        """A sum, and what becomes of it step by step; exact until the first step, whole fen from there on."""
        if self._take("rows") is not None:
            # rows that are no whole fen: the text says how many there are and what they come to
            assert self._word("=")
            value, exact = self._off(self._fen(self._number())), None
        elif self._word("人工核定"):
            value, exact = self._off(self._fen(self._number())), None
        else:
            exact = self._sum()
            value = self._fen(exact)
        while sign := self._word("=", "→"):
            value, exact = self._off(self._step(sign, value, exact)), None
        return Fraction(value, 100) if exact is None else exact

    def _off(self, value: int) -> int:
        while self._word("−"):
            value -= self._fen(self._product())
        return value

    def _step(self, sign: str, value: int, exact: Fraction | None) -> int:
        if token := self._take("cut"):
            self._budget(value, token)
            return self._fen(_fraction(token.text))
        if token := self._take("year"):
            part, due = (_fraction(token.parts[name] or "") for name in ("part", "part_due"))
            assert abs(value * part - due * 100) < 1, f"an instalment of another sum: {self.text}"
            return self._fen(due)
        if token := self._take("joint"):
            joint, within = (self._fen(_fraction(token.parts[name] or "")) for name in ("joint", "within"))
            assert within <= min(joint, value), self.text
            return within
        if self._word("上限", "上限余额"):
            level = self._fen(self._number())
            assert level < (value if exact is None else exact * 100), (
                f"a cap that cuts nothing is not named: {self.text}"
            )
            return level
        if self._word("人工核定"):
            return self._fen(self._number())
        if sign == "=":
            assert self._fen(self._number()) == value, f"that is not what it comes to: {self.text}"
            return value
        assert value < 0, f"only what would be below nothing becomes nothing: {self.text}"
        assert self._number() == 0
        return 0

    def _budget(self, value: int, token: Token) -> None:
        """What a budget leaves of a sum, or of the part of it that one of several funds bears, to the fen."""
        cut, left, due = (self._fen(_fraction(token.parts[name] or "")) for name in ("cut", "left", "due"))
        only = token.parts["only"]
        borne = [_fraction(only) * 100] if only else [value * part for part in self.parts]
        assert left < due, f"a budget that suffices cuts nothing: {self.text}"
        assert any(abs(value - part + part * left / due - cut) < 2 for part in borne), f"not what is left: {self.text}"

    def _fen(self, yuan: Fraction) -> int:
        fen = yuan * 100
        size = round_ratio(abs(fen.numerator), fen.denominator, self.mode)
        return -size if fen < 0 else size


def comes_to(text: str, mode: str = "half_up_fen", parts: tuple[Fraction, ...] = ()) -> int:
    """What a formula comes to, in fen; `parts` are what several funds bear of it."""
    return Arithmetic(text, mode, parts).result()


def _fraction(text: str) -> Fraction:
    plain = text.replace(",", "")
    return Fraction(plain[:-1]) / 100 if plain.endswith("%") else Fraction(plain)


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKENS.match(text, at)
        assert match is not None, f"what is `{text[at:]}` in {text}?"
        at = match.end()
        named = match.groupdict()
        kind = next((name for name, part in named.items() if part is not None), None)
        if kind is not None:
            found.append(Token(kind, match[kind], named))
    return found
