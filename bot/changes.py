"""What a pull request would change about the rules: judged by itself, in a check of its own."""

import hashlib

from bot import policies
from bot.messages import say, translated
from bot.mistakes import Lines
from bot.policies import Rules
from bot.policy import PATH, Policy
from bot.report import Voice, policy_check
from bot.scenes import Scene
from core.github import Check
from licensing import french_law
from licensing.versions import AgreementVersion, parts, same_terms


def proposal_check(voice: Voice, scene: Scene, rules: Rules) -> tuple[Check, ...]:
    """Check the rules and the document that a pull request brings; nothing if it touches neither."""
    extra = _stale_version(voice, scene, rules)
    if scene.proposed is None and not extra:
        return ()
    shared = policies.may_speak_for_all(scene.repo.name)
    problems = (
        policies.problems(scene.proposed, shared=shared) if scene.proposed is not None else ()
    )
    after = policies.parsed(scene.proposed) if scene.proposed is not None else None
    check = policy_check(
        voice,
        scene.pull.head_sha,
        problems,
        extra,
        path=PATH,
        proposed=scene.proposed is not None,
        remark=french_remark(voice, after, _agreement(scene, after, rules)),
    )
    return (check,)


def french_remark(voice: Voice, policy: Policy | None, text: str) -> str:
    """Say what French law asks on top, where an agreement names it; empty where there is nothing.

    It refuses nothing: whether that law applies, and what follows, is for a lawyer.
    """
    if policy is None or policy.mode == "off" or policy.confirm:
        return ""
    found = french_law.hint(text, policy.mode)
    return translated(voice.language, found.text, **found.values) if found else ""


def _agreement(scene: Scene, after: Policy | None, rules: Rules) -> str:
    """Give the text that would be signed under the rules that a pull request brings."""
    if scene.offered is not None:
        return scene.offered
    version, files = rules.version, scene.comparison.files if scene.comparison else ()
    if after is None or version is None or any(one.path == after.document for one in files):
        return ""
    is_the_same = rules.policy is not None and rules.policy.document == after.document
    return version.content.decode(errors="replace") if is_the_same else ""


def _stale_version(voice: Voice, scene: Scene, rules: Rules) -> tuple[tuple[str, int, str], ...]:
    """Say so where the text of the agreement changes and its version does not rise."""
    version = rules.version
    if version is None or scene.comparison is None or rules.source != "repository":
        return ()
    after = policies.parsed(scene.proposed) if scene.proposed is not None else rules.policy
    present = parts(version.version)
    offered = parts(after.version) if after else None
    if after is None or after.mode == "off" or not present or not offered or offered > present:
        return ()
    if offered == present and scene.proposed is not None:
        changed_terms = _other_terms(voice, scene.proposed, after, version)
        if changed_terms:
            return changed_terms
    same = {after.document: git_blob(version.content)}
    if after.company_document:
        same[after.company_document] = git_blob(version.company_content)
    changed = [
        file.path
        for file in scene.comparison.files
        if file.status != "removed" and same.get(file.path, file.blob) != file.blob
    ]
    refusal = "lower" if offered < present else "bytes_changed"
    facts = {"version": after.version, "in_force": version.version, "refusal": refusal}
    return tuple(
        (path, 1, say("refusal", voice.language, document=path, **facts)) for path in changed
    )


def _other_terms(
    voice: Voice, proposed: str, after: Policy, version: AgreementVersion
) -> tuple[tuple[str, int, str], ...]:
    """Say so where kind or terms of the agreement change under the version that is in force."""
    if after.mode == version.mode and same_terms(after, version):
        return ()
    refusal = "terms_changed" if after.mode == version.mode else "mode_changed"
    facts = {"document": after.document, "version": after.version, "in_force": version.version}
    line = Lines(proposed).of("agreement", "version")
    return ((PATH, line, say("refusal", voice.language, refusal=refusal, **facts)),)


def git_blob(content: bytes) -> str:
    """Give the id under which git keeps these bytes."""
    header = f"blob {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()
