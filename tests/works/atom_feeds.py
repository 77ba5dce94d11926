"""Atom feeds as arXiv's API gives them, made up piece by piece, and the recorded ones."""

from pathlib import Path

from tests.works.shared_data import FOLDER

ATOM_FOLDER = FOLDER / "atom"


def entry(
    arxiv_id: str = "2001.00001v2", authors: str = "<author><name>Ada Lovelace</name></author>", more: str = ""
) -> str:
    return f"""<entry>
    <id>http://arxiv.org/abs/{arxiv_id}</id>
    <title>On the
      Engine</title>
    <updated>2021-03-04T05:06:07Z</updated>
    <summary>  First paragraph,
two lines.
  Second paragraph.</summary>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="math.CO" scheme="http://arxiv.org/schemas/atom"/>
    <category term="68T05" scheme="http://arxiv.org/schemas/atom/msc"/>
    <published>2020-01-02T03:04:05Z</published>
    <arxiv:primary_category term="math.CO"/>
    {authors}{more}
  </entry>"""


def feed(*entries: str, total: int | None = None, start: int = 0) -> bytes:
    counts = (
        ""
        if total is None
        else (
            f"<opensearch:totalResults>{total}</opensearch:totalResults><opensearch:startIndex>{start}</opensearch:startIndex>"
        )
    )
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
  xmlns="http://www.w3.org/2005/Atom"><id>x</id>{counts}{"".join(entries)}</feed>
""".encode()


AFFILIATED = """<author><name>Ada Lovelace</name><arxiv:affiliation>Analytical Society</arxiv:affiliation>
<arxiv:affiliation>Royal Society</arxiv:affiliation></author><author><name>LHCb Collaboration</name></author>"""
ERROR = feed(
    "<entry><id>https://arxiv.org/api/errors#x</id><title>Error</title><summary>incorrect id format</summary></entry>"
)


def recorded(status: int) -> list[Path]:
    return sorted(ATOM_FOLDER.glob(f"*.http{status}.xml"))
