"""HTML that came from a submission, made harmless: no script, no handler, no foreign request, no forged card."""

from __future__ import annotations

import re

import nh3

# What is shown of an output; scripts and widgets that need one are left out, their text stands for them.
SHOWN = ("text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "text/plain")
_TAGS = set(nh3.ALLOWED_TAGS) | {"section", "main", "header", "footer", "details", "summary", "figure", "figcaption"}
_EVERYWHERE = {"class", "id", "title", "lang", "dir", "role", "aria-label", "aria-hidden", "style"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "table": {"border"},
    "ol": {"start"},
    "details": {"open"},
    "col": {"span"},
}
_STYLES = {"color", "background-color", "text-align", "font-weight", "font-style", "white-space", "vertical-align"}
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")
_LINK = re.compile(r"(https?:|mailto:|#)", re.IGNORECASE)


def clean_page(body: str) -> str:
    """Return a whole page's body, our own cards among it, without anything that acts."""
    return _clean(body, _keep)


def clean_fragment(html: str) -> str:
    """Return a learner's HTML without anything that acts, and without the looks of our cards."""
    return _clean(html, _keep_but_cards)


def _clean(html: str, attribute_filter: object) -> str:
    cleaned: str = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute_filter,  # type: ignore[arg-type]
        clean_content_tags={"script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math"},
        filter_style_properties=_STYLES,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )
    return cleaned


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":  # a picture from elsewhere would tell that server who reads the page
        return value if _PICTURE.fullmatch(value.strip()) else None
    if attribute == "href":
        return value if _LINK.match(value.strip()) else None
    return value


def _keep_but_cards(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return " ".join(name for name in value.split() if not name.startswith(("dlc-", "nbgrader", "panel")))
    return _keep(tag, attribute, value)
