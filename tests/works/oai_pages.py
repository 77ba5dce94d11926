"""Small OAI-PMH answers of our own writing, in the shape of arXiv's: whole pages and single records."""

RAW_RECORD = """
<record>
  <header>
    <identifier>oai:arXiv.org:2101.00001</identifier>
    <datestamp>2021-02-03</datestamp>
    <setSpec>cs:cs:LG</setSpec>
    <setSpec>physics:math-ph</setSpec>
  </header>
  <metadata>
    <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">
      <id>2101.00001</id>
      <submitter>Ada Uno</submitter>
      <version version="v2"><date>Tue, 02 Feb 2021 01:02:03 +0100</date><size>12kb</size></version>
      <version version="v1"><date>Fri, 01 Jan 2021 10:00:00 GMT</date><size>10kb</size>
        <source_type>D</source_type></version>
      <title>A title that
  is broken &amp; long</title>
      <authors>A. Uno (1), B. P\\'erez (2), et al. ((1) MIT, (2) CERN)</authors>
      <categories>cs.LG math-ph cs.LG</categories>
      <comments>3 pages</comments>
      <report-no>R-1</report-no>
      <msc-class>14H10</msc-class>
      <acm-class>14H10</acm-class>
      <journal-ref>J. Made Up 1 (2021)</journal-ref>
      <doi>10.1000/1</doi>
      <license>http://creativecommons.org/licenses/by/4.0/</license>
      <abstract>  First paragraph
goes on.
  Second one.

Third one.</abstract>
    </arXivRaw>
  </metadata>
</record>
"""

ARXIV_RECORD = """
<record>
  <header>
    <identifier>oai:arXiv.org:hep-th/9901001</identifier>
    <datestamp>2009-11-30</datestamp>
    <setSpec>physics:hep-th</setSpec>
  </header>
  <metadata>
    <arXiv xmlns="http://arxiv.org/OAI/arXiv/">
      <id>hep-th/9901001</id>
      <created>1999-01-05</created>
      <updated>2009-11-30</updated>
      <authors>
        <author><keyname>van der Meer</keyname><forenames>J.P.</forenames><suffix>Jr</suffix>
          <affiliation>CERN</affiliation><affiliation>ETH</affiliation></author>
        <author><keyname>X Collaboration</keyname></author>
        <author><keyname>al.</keyname><forenames>et</forenames></author>
      </authors>
      <title>Of strings</title>
      <categories>hep-th</categories>
      <abstract>Short.</abstract>
    </arXiv>
  </metadata>
</record>
"""

DUBLIN_CORE_RECORD = """
<record>
  <header>
    <identifier>oai:arXiv.org:2101.00003</identifier>
    <datestamp>2021-04-05</datestamp>
    <setSpec>physics:hep-th</setSpec>
    <setSpec>math:math:MP</setSpec>
  </header>
  <metadata>
    <oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
               xmlns:dc="http://purl.org/dc/elements/1.1/">
      <dc:title>Of strings</dc:title>
      <dc:creator>Uno, Ada</dc:creator>
      <dc:creator>Due, B., Jr</dc:creator>
      <dc:creator>al., et</dc:creator>
      <dc:subject>High Energy Physics - Theory</dc:subject>
      <dc:subject>81T30</dc:subject>
      <dc:description>First.
  Second.</dc:description>
      <dc:description>5 pages</dc:description>
      <dc:date>2021-01-03</dc:date>
      <dc:date>2021-03-04</dc:date>
      <dc:type>text</dc:type>
      <dc:identifier>https://arxiv.org/abs/2101.00003</dc:identifier>
      <dc:identifier>http://arxiv.org/abs/2101.00003</dc:identifier>
      <dc:identifier>J. Made Up 7, 1-2 (2021)</dc:identifier>
      <dc:identifier>doi:10.1000/7</dc:identifier>
    </oai_dc:dc>
  </metadata>
</record>
"""

DELETED_RECORD = """
<record><header status="deleted">
  <identifier>oai:arXiv.org:2101.00009</identifier><datestamp>2021-02-03</datestamp>
</header></record>
"""


def raw_record(arxiv_id: str = "2101.00001", **replaced: str) -> str:
    """The raw record under another id, with fields replaced; an empty value takes the field out."""
    record = RAW_RECORD.replace("2101.00001", arxiv_id)
    for name, value in replaced.items():
        tag = name.replace("_", "-")
        start, end = record.index(f"<{tag}>"), record.rindex(f"</{tag}>") + len(f"</{tag}>")
        record = record[:start] + (f"<{tag}>{value}</{tag}>" if value else "") + record[end:]
    return record


def page(*records: str, token: str | None = None, verb: str = "ListRecords", declaration: str = "") -> bytes:
    """A whole answer with these records."""
    last = "" if token is None else f'<resumptionToken expirationDate="2026-01-02">{token}</resumptionToken>'
    return answer(f"<{verb}>{''.join(records)}{last}</{verb}>", declaration=declaration)


def answer(content: str, *, declaration: str = "") -> bytes:
    """An answer around any content."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{declaration}'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        '<responseDate>2026-01-01T01:02:03Z</responseDate><request verb="ListRecords">http://localhost/oai</request>\n'
        f"{content}\n</OAI-PMH>\n"
    ).encode()
