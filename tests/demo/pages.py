"""A reader of report pages."""

from html.parser import HTMLParser


class Reader(HTMLParser):
    """Notes every tag that is not closed in order, and everything that a page would load."""

    VOID = frozenset({"meta"})

    def __init__(self):
        super().__init__()
        self.open, self.links, self.ids = [], [], []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.links += [named[key] for key in ("src", "href") if key in named]
        self.ids += [named["id"]] if "id" in named else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
