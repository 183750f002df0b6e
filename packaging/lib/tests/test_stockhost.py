"""What the trial on stock machines reads from this host."""

import pathlib
import tempfile
import unittest

from stockhost.release import Mirrors, sources

ONE_LINE = """# deb http://old.example/debian bookworm main
deb [signed-by=/k.gpg] https://mirror.example/debian/ bookworm main contrib
deb-src https://mirror.example/debian bookworm main
deb http://other.example/tools bookworm extra
deb https://mirror.example/debian-security bookworm-security main
"""
STANZAS = """Types: deb
# a remark
URIs: http://mirror.example/debian
Suites: trixie trixie-updates
Components: main

Types: deb
URIs: http://mirror.example/debian-security
Suites: trixie-security
Components: main non-free
"""


class MirrorsTest(unittest.TestCase):
    def apt(self, **files):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        apt = pathlib.Path(place.name)
        (apt / "sources.list.d").mkdir()
        for name, text in files.items():
            target = apt / "sources.list" if name == "list" else apt / "sources.list.d" / ("debian." + name)
            target.write_text(text)
        return apt

    def test_one_line_sources_are_read(self):
        found = list(sources(self.apt(list=ONE_LINE)))
        self.assertEqual(
            found,
            [("https://mirror.example/debian/", ["bookworm"]), ("https://mirror.example/debian-security", ["bookworm-security"])],
        )

    def test_stanzas_are_read(self):
        mirrors = Mirrors(self.apt(sources=STANZAS))
        self.assertEqual(mirrors.main, "http://mirror.example/debian")
        self.assertEqual(mirrors.security, "http://mirror.example/debian-security")

    def test_guests_ask_by_plain_http_and_the_host_by_its_own(self):
        mirrors = Mirrors(self.apt(list=ONE_LINE))
        self.assertEqual(mirrors.origin["http://mirror.example/debian"], "https://mirror.example/debian/")
        self.assertTrue(all(" http://mirror.example/debian" in line for line in mirrors.lines("trixie")))

    def test_without_debian_it_says_where_to_look(self):
        with self.assertRaisesRegex(SystemExit, "sources.list"):
            Mirrors(self.apt(list="deb http://other.example/tools x main\n"))


if __name__ == "__main__":
    unittest.main()
