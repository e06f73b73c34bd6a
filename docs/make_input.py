"""Writes `docs/input.md` from the policy's tables: `python docs/make_input.py`."""

from __future__ import annotations

from pathlib import Path

from anqing_subsidy import Policy, load_policy

TARGET = Path(__file__).resolve().parent / "input.md"
HEAD = """# Sheets and columns 表和列

Made from `policy.yaml` by `python docs/make_input.py`.

A sheet is matched by its name or its file's name (the Chinese name or the id), else by its headers. A header may be the
Chinese one, an alias or the id; full-width characters, spaces and line breaks do not matter. Any header may carry a unit
in brackets, `网上年交易额(万元)`; a money column must, unless its header is the id.

The header may stand below titles and may take up to three rows with merged cells: it is found by its names. A unit above
it (单位：万元) holds for the money columns whose header has none. 序号 is ignored; rows of 合计, 小计, remarks and signatures,
blank rows and a row marked 示例 are no data, and a total that is not the sum of its rows is a warning. A row with its key
filled in is always data. A merged key belongs to each of its rows; a merged figure is an error. Hidden rows and columns are
read with a warning, hidden sheets are not. What was left out or taken from above is listed with `-v`.

表按表名或文件名识别（中文名或编号），否则按表头识别。表头可写中文名、别名或编号；全角、空格、换行不影响。表头可带单位，如
`网上年交易额(万元)`；金额列必须带单位（表头为编号时除外）。

表头之上可以有标题，表头可占一至三行并有合并单元格，按列名找到；表头以上写明的单位（单位：万元）用于表头未写单位的金额列。序号列
不读；合计、小计、备注、签章、空白行和标明“示例”的行不作数据，合计与各行之和不符时给出警告；填有主键的行总是数据。合并的主键属于
其中每一行，合并的数值是错误。隐藏的行和列照读并给出警告，隐藏的工作表不读。略去和沿用了什么，用 `-v` 列出。

`template` makes an empty workbook of these sheets. Its amounts are in yuan (元), the unit that the policy gives each column:
what invoices and accounts show, and no figure is ten thousand times off because a row was typed in the other unit. What it
adds is no data and is passed over without a word: the column 序号 (No.), the row whose 序号 says 示例 (example), the sheets
填表说明 (instructions) and 选项 (options). A column marked `*` is required. The sheets are protected without a password. The
English labels that a form of `template --lang en` uses are understood as headers too.

`template` 生成这些表的空白工作簿。金额列以元为单位（即政策为该列规定的单位），与发票、账簿一致，避免元与万元混填。模板另加的“序号”列、
“序号”写有“示例”的行、“填表说明”和“选项”两张表都不是数据，读取时自动略过，不作提示。带 `*` 的列必填。工作表保护没有密码。
"""
KINDS = {
    "uscc": "信用代码 credit code",
    "text": "文字 text",
    "enum": "选项 one of",
    "yesno": "是/否 yes/no",
    "date": "日期 date",
    "year": "年度 year",
    "money": "金额 money",
    "count": "个数 count",
    "area": "面积 area",
    "ratio": "比例 share",
}


def text(policy: Policy) -> str:
    """The page."""
    parts = [HEAD]
    for table in policy.tables.values():
        key = ", ".join(f"`{name}`" for name in table.key)
        parent = f"; belongs to `{table.parent}`" if table.parent else ""
        parts.append(f"\n## {table.sheet} `{table.id}`\n\n{table.doc}. Key: {key}{parent}.\n")
        parts.append(
            "| 表头 header | id | 类型 type | 单位 unit | 别名、取值 aliases, values | |\n|---|---|---|---|---|---|"
        )
        for column in table.columns.values():
            words = list(column.aliases)
            if column.values:
                words += [f"{option} = {' / '.join(typed)}" for option, typed in column.values.items()]
            required = "必填 required. " if column.required else ""
            cells = (
                column.header,
                f"`{column.id}`",
                KINDS[column.type],
                column.unit or "",
                "; ".join(words),
                required + column.doc,
            )
            parts.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(load_policy()), encoding="utf-8")
