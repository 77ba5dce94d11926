"""Word lists for taking names apart: particles, joining words, titles and surnames that need care."""

import re

# Han with its extensions, kana, Hangul and the iteration mark.
CJK = re.compile(
    "[\u3005\u3040-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)

LOWER_PARTICLES = frozenset(
    """
    van von vom zu zur zum der den dem de del della delle dello degli dei di da dal dalla dalle do dos das du des
    la las le les lo los ten ter te op het 't in af av el al bin ibn ben bint abu ould mac st. vander vanden
    """.split()
)  # fmt: skip

# Capitalised, only those that are rarely given names. "Ben", "Bin", "In" and "Do" are too often given names.
UPPER_PARTICLES = frozenset(
    """
    Van Von Vom Zu Zur Der Den De Del Della Delle Dello Degli Di Da Dal Dalla Dos Das Du Des La Las Le Los Ter Ten
    El Al Vander Vanden Mc Mac St.
    """.split()
)  # fmt: skip

# "Ramón y Cajal", "Costa e Silva", "Vives i Batlle": in lower case they hold two surnames together.
JOINING_WORDS = frozenset({"y", "e", "i"})

TITLES = frozenset({"dr.", "prof.", "mr.", "mrs.", "ms.", "professor"})

VIETNAMESE_SURNAMES = frozenset(
    """
    nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh trinh doan luong truong mai dao cao
    lam ta thai quach chu ha la luu kieu to vuong nghiem
    """.split()
)  # fmt: skip

# Han surnames of two characters, and Korean ones in Hangul.
COMPOUND_SURNAMES = frozenset(
    """
    欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 令狐 慕容 宇文 长孙 長孫 司徒 司空 夏侯 轩辕
    軒轅 端木 百里 东郭 東郭 南宫 南宮 独孤 獨孤 西门 西門 闻人 聞人 濮阳 濮陽 申屠 太史 公冶 钟离 鍾離 澹台 澹臺 淳于
    남궁 황보 제갈 선우 독고 사공 서문 동방
    """.split()
)  # fmt: skip
