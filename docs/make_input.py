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

The header may stand below titles and may take up to three rows with merged cells, a row of units below its names among
them: it is found by its names. A unit above it (单位：万元) holds for the money columns whose header has none. 序号 is
ignored; rows of 合计, 小计, remarks and signatures, blank rows and a row marked 示例 are no data, and a total that is not
the sum of its rows is a warning. A row with its key filled in is always data. A merged key belongs to each of its rows; a
merged figure is an error. Hidden rows and columns are read with a warning, hidden sheets are not. What was left out or
taken from above is listed with `-v`.

表按表名或文件名识别（中文名或编号），否则按表头识别。表头可写中文名、别名或编号；全角、空格、换行不影响。表头可带单位，如
`网上年交易额(万元)`；金额列必须带单位（表头为编号时除外）。

表头之上可以有标题，表头可占一至三行并有合并单元格，列名下一行也可只写单位，按列名找到；表头以上写明的单位
（单位：万元）用于表头未写单位的金额列。序号列不读；合计、小计、备注、签章、空白行和标明“示例”的行不作数据，合计与各行之和不符时
给出警告；填有主键的行总是数据。合并的主键属于其中每一行，合并的数值是错误。隐藏的行和列照读并给出警告，隐藏的工作表不读。略去和
沿用了什么，用 `-v` 列出。

`template` makes an empty workbook of these sheets. Its amounts are in yuan (元), the unit that the policy gives each column:
what invoices and accounts show, and no figure is ten thousand times off because a row was typed in the other unit. What it
adds is no data and is passed over without a word: the column 序号 (No.), the row whose 序号 says 示例 (example), the sheets
填表说明 (instructions) and 选项 (options). A column marked `*` is required. The sheets are protected without a password. The
English labels that a form of `template --lang en` uses are understood as headers too.

`template` 生成这些表的空白工作簿。金额列以元为单位（即政策为该列规定的单位），与发票、账簿一致，避免元与万元混填。模板另加的“序号”列、
“序号”写有“示例”的行、“填表说明”和“选项”两张表都不是数据，读取时自动略过，不作提示。带 `*` 的列必填。工作表保护没有密码。

## Files 文件

The contents of a file decide what it is, not its suffix.

| file | read |
|---|---|
| `.xlsx`, `.xls`, `.et` that is an Excel workbook inside, `.ods`, `.fods` | with error cells, merged cells, percentages, hidden rows and sheets |
| a web page or the XML of Excel 2003 that is named `.xls` | each table of the page as a sheet, its cells as text |
| `.csv`: UTF-8, UTF-16 with a byte order mark, GB18030; `,` `;` tab or `，`, whichever stands in most of the first lines; titles and units above the header as in a workbook | as text: `001` and `NA` stay as typed; `-v` says the encoding and the delimiter |
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
扩展名为 `.xls` 的网页或 2003 版 XML 也能读取；`.csv` 按 UTF-8、带 BOM 的 UTF-16 或 GB18030 读取，分隔符为 `,` `;` 制表符或 `，`
（取前几行中最常见的），表头之上的标题和单位与工作簿一样识别，`001`、`NA` 原样保留，所用编码和分隔符用 `-v` 列出。工作簿设有密码的，
用 `--password-file` 给出写有密码的文本文件，每行一个。
`.xlsb`、PDF、文字文档、图片、压缩包不读取，并说明它是什么、怎样另存。文件夹只读其中的文件，锁定文件、空文件略过并说明。
工作簿在单独的进程中读取，限时间和内存；超限或使该进程崩溃的文件算作无法读取，信息中写明是哪一个，其余文件照常检查。
"""
VALUES = """
## What may stand in a cell 单元格里可以怎么填

Each form is understood exactly, or refused with its cell; nothing is guessed. What was read otherwise than typed (full
width, spaces, separators, case, other forms of a date ...) is counted, one remark a sheet, column and kind; `-v` lists them.

每种写法要么准确识别，要么指明单元格报错，不作猜测。凡与所填字符不同的读法（全角、空格、千位分隔符、大小写、日期写法等）按表、列和种类计数，`-v` 逐项列出。

| 内容 what | 识别 understood | 警告 with a warning | 报错 refused |
|---|---|---|---|
| 金额、个数、面积 figures | `1234.5` `1,234.50` `１２３４．５` `¥500` `人民币500`；显示的 15 位有效数字 the 15 digits shown, `0.1 + 0.2` is 0.3 | `500元` `3.5万` `1.2亿`：单元格内的单位代替表头单位 a unit in the cell replaces the header's; 超出分的尾数舍去 finer than a fen is cut | `(1,234)` `-5` 负数 negative; `一千二百`; `1.2E+08`; `约500` `5-6` `12 34` `5万美元`; 显示为百分数 shown as a percentage |
| 表头单位 units | 该列自己的单位，及同类换算 the column's own, and others of its kind: 元 千元 万元 百万元 亿元; 件 单 万件; ㎡ 亩 公顷; 公斤 吨; 表上方的“单位:万元” above the table | | 其他种类 another kind (`WRONG_UNIT`); 金额列无单位 money without one (`NO_UNIT`) |
| 比例 shares | `65%` `650‰`, 显示为 65% 的 0.65 (0.65 shown as 65%), 表头写 (%) 的 65; 无百分号的数按取值范围只有一种读法时 a bare figure where the range leaves one meaning | 小数过长时舍去 too fine: cut | `0.65` 或 65% 或 0.65% (both possible); 超出范围 out of range |
| 日期 dates | 日期格 a date cell, `43329`, `2018-8-17` `2018/8/17` `2018.8.17` `20180817` `2018年8月17日` `二〇一八年八月十七日`; 时刻略去 a time is left out; 1904 日期系统 workbooks of the 1904 calendar | | `17/08/2018` `18-8-17` `2018年8月` `2018-02-30` |
| 是否、选项 words | 政策列出的词，不论全角、大小写、空格 the words listed, in any width, case and spacing | 名录以外的县区照原样保留 a county that is not listed is kept | 其他词 any other word, with the nearest |
| 空白 blanks | 空格子 an empty cell; 0 是 0 (0 is 0) | `-` `/` `—` `无` `空` `N/A` 按空白（是/否列的“无”为否）count as blank (无 is "no" where yes or no is asked) | `#N/A` `#REF!` 等错误值、没有保存结果的公式 errors, formulas without a stored value |
| 信用代码 credit codes | 小写、全角、空格 lower case, full width, spaces | | 校验码不符（给出正确末位）a wrong check digit, with the right one; 字母 O I; 按数字存放 stored as a number |
| 身份证号 ID numbers | 小写 x、全角、空格 | 校验码不符、15 位旧号（给出 18 位）a wrong check digit, an old one of 15 digits, each with the right one | 按数字存放 stored as a number |
| 名称、文字 texts | 照原样，只去掉首尾空格 as typed, without the spaces around: `[甲]` `😀` `㛃䶮` `=1+1` `+86` `@甲` `001` `NA` | | 16 位以上的号码按数字存放 long numbers stored as numbers |
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
    return "\n".join(parts) + "\n" + VALUES


if __name__ == "__main__":
    TARGET.write_text(text(load_policy()), encoding="utf-8")
