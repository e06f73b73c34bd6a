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

## Files 文件

The contents of a file decide what it is, not its suffix.

| file | read |
|---|---|
| `.xlsx`, `.xls`, `.et` that is an Excel workbook inside, `.ods`, `.fods` | with error cells, merged cells, percentages, hidden rows and sheets |
| a web page or the XML of Excel 2003 that is named `.xls` | each table of the page as a sheet, its cells as text |
| `.csv`: UTF-8, UTF-16 with a byte order mark, GB18030; `,` `;` tab, or `，` where the first line has none of these | as text: `001` and `NA` stay as typed; `-v` says the encoding and the delimiter |
| `.parquet` | its columns by header or id |
| a workbook with a password (`.xlsx`, `.xls`) | with `--password-file FILE`: a text file, one password a line, each is tried |
| `.xlsb`, an OpenDocument with a password, PDF, Word or WPS text, pictures, archives | refused; the message says what it is and how to save it |

Of a folder the files in it are read, not those of folders in it; lock files (`~$…`), `.DS_Store`, `Thumbs.db` and empty
files are passed over with a word. An old workbook (`.xls`) whose formulas were written by a program and never calculated
shows their values as empty or 0: open and save it once.

Workbooks are read in a process of their own, one for all of them: at most a minute and ten seconds a megabyte for a file,
and 3 GB of memory beside ten times its unpacked size. A file that takes more, that kills the process, or that unpacks to
more than 2 GB (or to more than 400 times its size) is unreadable: the message names it, and the others are still tried.

文件是什么，看内容，不看扩展名。`.xlsx`、`.xls`、内容为 Excel 工作簿的 `.et`、`.ods` 连同错误值、合并单元格、百分比、隐藏的行和表一起读取；
扩展名为 `.xls` 的网页或 2003 版 XML 也能读取；`.csv` 按 UTF-8、带 BOM 的 UTF-16 或 GB18030 读取，分隔符为 `,` `;` 制表符或 `，`，
`001`、`NA` 原样保留，所用编码和分隔符用 `-v` 列出。工作簿设有密码的，用 `--password-file` 给出写有密码的文本文件，每行一个。
`.xlsb`、PDF、文字文档、图片、压缩包不读取，并说明它是什么、怎样另存。文件夹只读其中的文件，锁定文件、空文件略过并说明。
工作簿在单独的进程中读取，限时间和内存；超限或使该进程崩溃的文件算作无法读取，信息中写明是哪一个，其余文件照常检查。
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
