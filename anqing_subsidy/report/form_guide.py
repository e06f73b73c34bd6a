"""The instruction sheet of a form in words: how to fill it in, what each clause needs, what each column means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anqing_subsidy.finding import Text
from anqing_subsidy.policy.clauses import looks_back
from anqing_subsidy.report.form_words import REQUIRED
from anqing_subsidy.tables import EXAMPLE, SERIAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from anqing_subsidy.finding import Lang
    from anqing_subsidy.policy.clauses import Clause
    from anqing_subsidy.policy.model import Policy
    from anqing_subsidy.report.form import ApplicationForm, Field, FormSheet

CLAUSES: Final = Text("一、条款与材料", "1. Clauses and documents")
COLUMNS: Final = Text("二、各表各列", "2. Sheets and columns")
CLAUSE_HEADS: Final = Text("条款\t需填写的表\t佐证材料", "clause\tsheets to fill in\tdocuments")
COLUMN_HEADS: Final = Text(
    "列\t表头\t含义\t单位、格式、选项\t必填\t用于条款\t佐证材料",
    "column\theader\tmeaning\tunit, format, options\trequired\tneeded for\tdocuments",
)


def title(form: ApplicationForm) -> str:
    """The title above the instructions."""
    zh = form.lang == "zh"
    kind = ("申报简表" if zh else "short application form") if form.simple else ("申报表" if zh else "application form")
    name = form.policy.title.say(form.lang)
    return f"《{name}》{form.policy.year}年度{kind}填表说明" if zh else f"{name}, {form.policy.year}: {kind}"


def subtitle(form: ApplicationForm, asked: Sequence[str]) -> str:
    """Where the policy comes from, and to which clauses the form is confined."""
    zh = form.lang == "zh"
    source = ("依据：" if zh else "Source: ") + form.policy.source.say(form.lang)
    if not asked:
        return source
    names = _listed((clause_name(form.policy, clause, form.lang) for clause in form.clauses), form.lang)
    return source + (f"。本表只含申报以下条款所需的内容：{names}" if zh else f". Only what these clauses need: {names}")


def clause_name(policy: Policy, clause: Clause, lang: Lang) -> str:
    """What a clause is called in a list: its article, in English its id; the title tells apart what shares an article."""
    if lang == "en":
        return clause.id
    same = [other for other in policy.clauses.values() if other.article == clause.article]
    return clause.article if len(same) == 1 else f"{clause.article}{clause.title.zh}"


def rules(form: ApplicationForm) -> list[str]:
    """How to fill it in, a sentence each."""
    zh, lang = form.lang == "zh", form.lang
    example, serial = EXAMPLE.say(lang), SERIAL.say(lang)
    fields = [field for sheet in form.sheets for field in sheet.fields]
    kinds = {field.column.type for field in fields}
    said = [
        Text(
            f"表头带 {REQUIRED} 的列每行必填；其他列按所申报的条款填写，无关的留空。没有数据留空，数值为零填 0。",
            f"A column marked {REQUIRED} is required in each row; of the others fill in what your clauses need. "
            "Leave blank what is not known; type 0 where the figure is zero.",
        ),
        Text(
            f"各表第 2 行为示范，“{serial}”列写有“{example}”，读取时自动跳过，不必删除；从第 3 行起填写，每行一个对象，中间不要留空行。",
            f"Row 2 of each sheet is an example: its {serial} says {example!r}, so that it is passed over; leave it there. "
            "Your rows begin in row 3, one object a row, without blank rows between.",
        ),
    ]
    if {"money", "usd"} & set(kinds):
        said.append(
            Text(
                "金额的单位写在表头，单元格里只填数字，不写“元”“万”等字，与财务报表、发票一致，最多两位小数。",
                "The unit of an amount stands in its header: type the figure alone, as in the accounts, with two decimals at most.",
            )
        )
    if "date" in kinds:
        said.append(
            Text(
                f"日期填写为 {form.policy.year}-08-17 的形式，年月日齐全。",
                f"A date is typed as {form.policy.year}-08-17, with its day.",
            )
        )
    if kinds & {"text", "uscc"}:
        said.append(
            Text(
                "代码、证件号码、账号、电话所在列已设为文本格式，直接输入或只粘贴数值，末几位不会丢失。",
                "Codes and numbers of accounts, identity cards and telephones are text: type them or paste values only, so that no digit is lost.",
            )
        )
    said.append(
        Text(
            "单元格有下拉箭头的从中选择；选中单元格即显示该列的说明。请勿改动表名和表头，勿合并单元格；工作表保护没有密码，确需调整版面可在“审阅”中撤销。",
            "Choose from the list where a cell has an arrow; a selected cell shows a hint. Do not change names of sheets or headers, nor merge cells; "
            "the protection has no password.",
        )
    )
    if any(field.stands_for is not None for field in fields) and not form.simple:
        said.append(
            Text(
                "灰色表头的列是明细表的合计数：填了明细表就留空，没有明细时才填。",
                "A column with a grey header sums up a sheet of details: leave it blank where that sheet is filled in.",
            )
        )
    if any(sheet.official for sheet in form.sheets):
        names = _listed((sheet.name for sheet in form.sheets if sheet.official), lang)
        said.append(
            Text(
                f"由主管部门填写、申报主体不填的表：{names}。",
                f"Sheets that the office fills in, not the applicant: {names}.",
            )
        )
    if form.beyond:
        names = _listed((clause_name(form.policy, clause, lang) for clause in form.beyond), lang)
        said.append(
            Text(
                f"本简表不能申报：{names}；申报这些条款请用完整的申报表。",
                f"This short form has no room for {names}; use the full form for them.",
            )
        )
    return [
        f"{number}. {text.say(form.lang)}" if not zh else f"{number}．{text.zh}" for number, text in enumerate(said, 1)
    ]


def clause_row(form: ApplicationForm, clause: Clause) -> list[str]:
    """A clause: its article and title, the sheets that it needs, its documents."""
    need = form.needs[clause.id]
    tables = set(need.tables)
    if form.policy.paid is not None and not looks_back(clause):
        tables.discard(form.policy.paid.table)  # it is asked for what was paid this year alone, as for every clause
    sheets = [sheet.name for sheet in form.sheets if sheet.table.id in tables and not sheet.official]
    papers = [form.guides.documents[id_].say(form.lang) for id_ in form.guides.clauses.get(clause.id, ())]
    name = clause.article if form.lang == "zh" else f"{clause.id} {clause.article}"
    return [f"{name} {clause.title.say(form.lang)}", _listed(sheets, form.lang), _listed(papers, form.lang, "；")]


def sheet_row(form: ApplicationForm, sheet: FormSheet) -> str:
    """The line above the columns of a sheet."""
    zh = form.lang == "zh"
    by = ("（由主管部门填写）" if zh else " (filled in by the office)") if sheet.official else ""
    about = (f"：{sheet.about}" if zh else f": {sheet.about}") if sheet.about else ""
    return f"{sheet.name}{by}{about}"


def column_row(form: ApplicationForm, field: Field, letter: str) -> list[str]:
    """A column: its letter, header, meaning, format, whether required, what it is needed for, its documents."""
    zh = form.lang == "zh"
    required = ("是" if zh else "yes") if field.column.required else ""
    header = field.header.replace("\n", " " if not zh else "")
    return [
        letter,
        header,
        field.means,
        field.format,
        required,
        use(form, field),
        _listed(field.evidence, form.lang, "；"),
    ]


def use(form: ApplicationForm, field: Field) -> str:
    """The clauses that a column is needed for."""
    if not field.clauses:
        return field.use
    if len(form.clauses) > 1 and len(field.clauses) == len(form.clauses) + len(form.beyond):
        return "全部条款" if form.lang == "zh" else "all clauses"
    if form.lang == "en":
        return ", ".join(clause.id for clause in field.clauses)
    return "、".join(dict.fromkeys(clause.article for clause in field.clauses))


def _listed(words: Iterable[str], lang: Lang, mark: str = "、") -> str:
    return (mark if lang == "zh" else "; " if mark == "；" else ", ").join(words)
