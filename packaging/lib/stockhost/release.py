"""The Debian releases a stock host is made of, and where this machine gets their packages."""

import pathlib
import re
import urllib.parse

RELEASES = {"12": "bookworm", "13": "trixie"}
KEYRING = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class Mirrors:
    """Debian's two archives as the host's own apt sources name them.

    Guests are given plain http URIs of the same names, because what they fetch passes through the
    cache of this run, which asks the mirror by the URI the host has for it.
    """

    def __init__(self, apt=pathlib.Path("/etc/apt")):
        self.main, self.security = None, None
        for uri, suites in sorted(sources(apt), key=lambda s: "debian" not in s[0]):
            for suite in suites:
                if re.fullmatch(r"[a-z]+-security|[a-z]+/updates", suite):
                    self.security = self.security or uri
                elif re.fullmatch(r"(old)*stable|bookworm|trixie|testing|sid|forky", suite):
                    self.main = self.main or uri
        if not self.main or not self.security:
            raise SystemExit("the host's apt sources name no archive of Debian: see /etc/apt/sources.list*")
        self.origin = {self.guest_uri(uri): uri for uri in (self.main, self.security)}

    @staticmethod
    def guest_uri(uri):
        parts = urllib.parse.urlsplit(uri.rstrip("/"))
        return "http://%s%s" % (parts.hostname, parts.path)

    def lines(self, code):
        """One-line sources of a release, as a fresh installation has them."""
        main, security = self.guest_uri(self.main), self.guest_uri(self.security)
        signed = "[signed-by=%s] " % KEYRING
        return [
            "deb %s%s %s main" % (signed, main, code),
            "deb %s%s %s-updates main" % (signed, main, code),
            "deb %s%s %s-security main" % (signed, security, code),
        ]


def sources(apt):
    """(uri, suites) of every source of binary packages with the component main."""
    lists = [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*.list"))]
    for file in lists:
        for line in file.read_text().splitlines() if file.is_file() else []:
            found = re.match(r"deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)", line)
            if found and "main" in found[3].split():
                yield found[1], [found[2]]
    for file in sorted((apt / "sources.list.d").glob("*.sources")):
        for stanza in re.split(r"\n\s*\n", file.read_text()):
            fields = dict(re.findall(r"(?mi)^([a-z-]+):[ \t]*(.*)$", stanza))
            fields = {name.lower(): value.split() for name, value in fields.items()}
            if "deb" in fields.get("types", []) and "main" in fields.get("components", []):
                for uri in fields.get("uris", []):
                    yield uri, fields.get("suites", [])
