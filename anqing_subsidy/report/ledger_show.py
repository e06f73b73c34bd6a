"""What a ledger holds in a terminal: payments as a table, one run with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TextIO

from anqing_subsidy.finding import Lang, Text
from anqing_subsidy.money import grouped

if TYPE_CHECKING:
    import polars as pl

_KINDS: Final[Mapping[str, Text]] = {
    "record": Text("登记兑现", "payments recorded"),
    "import": Text("导入历年", "earlier years imported"),
    "void": Text("冲销", "voided"),
    "clawback": Text("追回", "recovered"),
}
_HEADERS: Final = (
    Text("分录", "entry"),
    Text("登记", "run"),
    Text("年度", "year"),
    Text("代码", "code"),
    Text("名称", "name"),
    Text("条款", "clause"),
    Text("对象", "object"),
    Text("序号", "no."),
    Text("档次/级别", "tier"),
    Text("金额(元)", "yuan"),
    Text("状态", "state"),
    Text("文号", "document"),
)
_RIGHT: Final = (0, 1, 7, 9)


def show_payments(paid: pl.DataFrame, lang: Lang, stream: TextIO) -> None:
    """The payments, a row each, and what they come to."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Words

    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, header in enumerate(_HEADERS):
        table.add_column(header.say(lang), justify="right" if at in _RIGHT else "left", no_wrap=True)
    widest = [len(header.zh) * 2 for header in _HEADERS]
    for row in paid.iter_rows(named=True):
        cells = [
            row["entry"], row["run"], row["year"], row["uscc"], row["name"], row["clause"], row["object_id"], row["sequence"],
            row["level"] or row["tier"], grouped(row["amount"]), state(row, lang), row["document"],
        ]  # fmt: skip
        words = [Words("" if cell is None else str(cell)) for cell in cells]
        widest = [max(width, word.cell_len) for width, word in zip(widest, words, strict=True)]
        table.add_row(*words)
    # a pipe or a narrow window gets whole rows, never cut cells
    console = Console(file=stream, width=max(sum(widest) + 2 * len(widest), 80), highlight=False)
    if paid.height:
        console.print(table)
    standing = paid.filter(~paid["voided"])
    net = int(standing["amount"].sum()) - int(standing["recovered"].sum())
    zh = f"{paid.height} 笔，其中有效 {standing.height} 笔，净兑现 {grouped(net)} 元"
    en = f"{paid.height} payments, {standing.height} of them standing, {grouped(net)} yuan net"
    console.print(Text(zh, en).say(lang))


def state(row: Mapping[str, Any], lang: Lang) -> str:
    """What became of a payment."""
    if row["voided"]:
        return Text("已冲销", "voided").say(lang)
    if row["recovered"]:
        freed = Text("，恢复资格", ", freed").say(lang) if row["freed"] else ""
        return Text("已追回 ", "recovered ").say(lang) + grouped(row["recovered"]) + freed
    return Text("有效", "stands").say(lang)


def show_run(
    about: Mapping[str, Any],
    paid: pl.DataFrame,
    back: Sequence[Mapping[str, Any]],
    metrics: int,
    lang: Lang,
    stream: TextIO,
) -> None:
    """One run: who recorded what and when, from which files under which policy, and its entries."""
    kind = _KINDS[about["kind"]]
    facts = [
        (Text("登记", "run"), Text(f"第 {about['id']} 次，{kind.zh}", f"{about['id']}, {kind.en}").say(lang)),
        (Text("时间", "recorded at"), about["at"]),
        (Text("经办人", "by"), about["who"]),
        (Text("文号", "document"), about["document"]),
        (Text("理由", "reason"), about["reason"]),
        (Text("所登记的文件", "file recorded"), about["source"]),
        (Text("政策", "policy"), f"{about['policy']} {about['policy_sha256']}".strip()),
        (Text("政策年度", "policy year"), about["year"]),
        (Text("冲销或追回的登记", "run taken back"), about["target"]),
        (Text("只限", "of it only"), " ".join(filter(None, (about["applicant"], about["clause"])))),
        (Text("合计(元)", "yuan"), grouped(about["amount"])),
        (Text("历年数据", "figures"), metrics or None),
        (
            Text("计算时的账本", "ledger at the run"),
            f"{about['seen_run']} {about['seen_head']}" if about["seen_head"] else None,
        ),
        (Text("链头", "head"), about["head"]),
    ]
    for label, value in facts:
        if value not in (None, ""):
            stream.write(f"{label.say(lang)}: {value}\n")
    stream.writelines(f"{Text('输入', 'input').say(lang)}: {path} {sha256}\n" for path, sha256 in about["inputs"])
    readings = ", ".join(f"{name}={value}" for name, value in about["readings"].items())
    if readings:
        stream.write(f"{Text('口径', 'readings').say(lang)}: {readings}\n")
    stream.write("\n")
    if paid.height:
        show_payments(paid, lang, stream)
    for row in back:
        what = " ".join(filter(None, (row["uscc"], row["name"], row["clause"], row["object_id"], str(row["year"]))))
        freed = Text("，恢复资格", ", freed").say(lang) if row["frees"] else ""
        zh = f"第 {row['entry']} 笔：{what} {grouped(row['amount'])} 元，针对第 {row['target']} 笔{freed}\n"
        en = f"entry {row['entry']}: {what}, {grouped(row['amount'])} yuan, against entry {row['target']}{freed}\n"
        stream.write(Text(zh, en).say(lang))
