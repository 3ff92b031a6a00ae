"""The file of rules held against its shape: unknown keys, bad values, and what contradicts itself."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from bot.mistakes import N_, Lines, Problem
from bot.policy.funding import find_funding
from bot.policy.inbound import find_audit, find_inbound
from bot.policy.licence import find_licence
from bot.policy.roadmap import find_roadmap
from bot.policy.sections import find_fields, find_upkeep
from bot.policy.selling import find_selling
from bot.policy.shape import Agreement, File
from bot.policy.values import CHECKS
from core.translations import DEFAULT, LANGUAGES
from licensing.versions import ORGANISATION

_UNKNOWN = N_("“%(key)s” is no setting that exists. Remove the line, or use one of: %(known)s.")
_NEAR = N_("“%(key)s” is no setting that exists. Did you mean “%(meant)s”?")
_MISPLACED = N_("“%(key)s” is a setting of [agreement]. Put it below that line.")
_LANGUAGE_TEXT = N_('“language” must be a text, as in: language = "en".')
_AGREEMENT = N_("“agreement” must be a section: write [agreement] on a line of its own.")
_LANGUAGE = N_("The language “%(value)s” is not spoken here. Use one of: %(known)s.")

_ELSEWHERE = N_(
    "An agreement of the whole organisation stands in the organisation's repository “.github”"
    " only. Move the file there, or take the line out."
)
_REPOSITORIES = N_(
    "“repositories” says which ones an organisation's agreement serves."
    ' Write scope = "organisation" too, or take the line out.'
)
_LISTED = N_(
    'outbound = "listed" needs the list, as in: outbound_licences = ["Apache-2.0", "MIT"].'
)
_UNLISTED = N_('“outbound_licences” has a meaning only with outbound = "listed".')
_SIGNED_OFF = N_(
    '“%(key)s” has no meaning with mode = "dco": people sign off each commit there, and grant'
    " nothing beyond the project's own licence. Take the line out, or choose the mode cla or caa."
)
_FOR_SIGNERS = ("fields", "consent", "confirm", "reaches_back", "company_document")
"""What is asked of people who sign an agreement; in mode `dco` nobody does."""


def find(text: str, given: Mapping[str, Any], *, shared: bool) -> Iterator[Problem]:
    """Give every mistake in a file that is TOML, in no order; `shared`: see `bot.policy.parse`."""
    where = Lines(text)
    yield from _unknown(where, given, "", File)
    language = given.get("language", DEFAULT)
    if not isinstance(language, str):
        yield Problem(where.of("", "language"), _LANGUAGE_TEXT)
    elif language not in LANGUAGES:
        values = {"value": language, "known": ", ".join(LANGUAGES)}
        yield Problem(where.of("", "language"), _LANGUAGE, values)
    for section, find_in in _SECTIONS.items():
        if section in given:
            yield from find_in(where, given[section], _unknown)
    agreement = given.get("agreement", {})
    if not isinstance(agreement, dict):
        yield Problem(where.of("", "agreement"), _AGREEMENT)
        return
    found = tuple(_in_agreement(where, agreement))
    yield from found
    if not found:
        yield from _contradictions(where, agreement, shared=shared)


def _in_agreement(where: Lines, agreement: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown(where, agreement, "agreement", Agreement)
    for key, value in agreement.items():
        if key in CHECKS:
            for text, about in CHECKS[key](value):
                yield Problem(where.of("agreement", key), text, about)
    if "fields" in agreement:
        yield from find_fields(where, agreement["fields"], _unknown)
    if "upkeep" in agreement:
        yield from find_upkeep(where, agreement["upkeep"], _unknown)


def _unknown(
    where: Lines, given: Mapping[str, Any], section: str, shape: type[msgspec.Struct]
) -> Iterator[Problem]:
    known = shape.__struct_fields__
    for key in given:
        if key in known:
            continue
        line = where.of(section, key)
        near = difflib.get_close_matches(key.lower().replace("-", "_"), known, 1, 0.7)
        if near:
            yield Problem(line, _NEAR, {"key": key, "meant": near[0]})
        elif not section and key in Agreement.__struct_fields__:
            yield Problem(line, _MISPLACED, {"key": key})
        else:
            yield Problem(line, _UNKNOWN, {"key": key, "known": ", ".join(known)})


def _contradictions(
    where: Lines, agreement: Mapping[str, Any], *, shared: bool
) -> Iterator[Problem]:
    """Give what is sound by itself and has no meaning together."""
    for key, text in (*_about_scope(agreement, shared=shared), *_about_outbound(agreement)):
        yield Problem(where.of("agreement", key), text)
    if agreement.get("mode") != "dco":
        return
    keys = [key for key in _FOR_SIGNERS if agreement.get(key)]
    if agreement.get("outbound", "same_licence") != "same_licence":
        keys.append("outbound")
    for key in keys:
        yield Problem(where.of("agreement", key), _SIGNED_OFF, {"key": key})


def _about_scope(agreement: Mapping[str, Any], *, shared: bool) -> Iterator[tuple[str, str]]:
    organisation = agreement.get("scope") == ORGANISATION
    if organisation and not shared:
        yield "scope", _ELSEWHERE
    if agreement.get("repositories") and not organisation:
        yield "repositories", _REPOSITORIES


def _about_outbound(agreement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    listed = agreement.get("outbound") == "listed"
    if listed and not agreement.get("outbound_licences"):
        yield "outbound", _LISTED
    if agreement.get("outbound_licences") and not listed:
        yield "outbound_licences", _UNLISTED


_SECTIONS = {
    "roadmap": find_roadmap,
    "funding": find_funding,
    "licence": find_licence,
    "selling": find_selling,
    "audit": find_audit,
    "inbound": find_inbound,
}
"""The sections besides `[agreement]`, and what finds the mistakes in each."""
