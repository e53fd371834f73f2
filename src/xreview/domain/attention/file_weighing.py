"""The level of one file, by the rules at the top of `weighing`."""

from collections.abc import Sequence

from xreview.domain.attention.attention import Attention, AttentionQuestion
from xreview.domain.attention.experience import Experience
from xreview.domain.attention.file_facts import FileFacts
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.attention.tally import AttentionTally
from xreview.domain.attention.trust import experience_words, is_trusted, trusting_words
from xreview.domain.attention.verifying import verification_of
from xreview.domain.stakes.stakes import (
    EASILY_CHECKED,
    FileToCheck,
    Hidden,
    Risk,
    RiskCost,
    TestEdit,
    WorkForm,
)
from xreview.domain.text import count_of

MANY_USERS = 10
"""From as many places or files outside of the change that use a file, it needs more context than a
diff shows. Our own choice."""

_SKIP, _SKIM, _READ = AttentionLevel.SKIP, AttentionLevel.SKIM, AttentionLevel.READ
_STUDY, _DECIDE = AttentionLevel.STUDY, AttentionLevel.DECIDE
_COST, _CHECK = AttentionQuestion.COST, AttentionQuestion.CHECK
_CONTEXT, _UNDO = AttentionQuestion.CONTEXT, AttentionQuestion.UNDO

_HIDDEN = {
    Hidden.NOTHING: _SKIP,
    Hidden.BINARY: _READ,
    Hidden.MODE: _READ,
    Hidden.LINK: _STUDY,
    Hidden.SUBMODULE: _STUDY,
    Hidden.CUT: _DECIDE,
    Hidden.UNREAD: _DECIDE,
}
"""What nobody looked at could be anything: else padding a change would lower it."""
_MAY_BE_RUN = (Hidden.LINK, Hidden.SUBMODULE, Hidden.CUT, Hidden.UNREAD)
"""Code may be in them, or be replaced by them."""

_TESTS = {
    TestEdit.NO_TEST: (_SKIP, ""),
    TestEdit.ADDED: (_SKIM, "it only adds to tests"),
    TestEdit.ALTERED: (_READ, "it changes what tests expect"),
    TestEdit.WEAKENED: (_STUDY, "it removes tests or their checks, or skips some"),
}
_FORMS = {
    WorkForm.TEXT: "it is documentation",
    WorkForm.DATA: "it is plain data",
    WorkForm.INTERFACE: "it is style, and a look at the screen shows whether it is right",
}


def weighed_file(
    part: FileToCheck,
    risks: Sequence[Risk],
    facts: FileFacts,
    demanded: AttentionLevel,
    experience: Experience,
) -> Attention:
    """Return the attention of a file; `demanded` is its least level."""
    tally = AttentionTally(part.path)
    _weigh_hidden(tally, part)
    if part.tests is TestEdit.NO_TEST or facts.dependents:
        _weigh_code(tally, part, risks, facts)
    else:
        _weigh_tests(tally, part, risks)
    _weigh_context(tally, facts)
    _weigh_release(tally, facts, risks)
    _weigh_experience(tally, part, risks, facts, experience)
    words = f"the settings demand at least {demanded.word}"
    if demanded > _SKIP:
        tally.at_least(demanded, AttentionQuestion.POLICY, words)
    return tally.attention


def _weigh_hidden(tally: AttentionTally, part: FileToCheck) -> None:
    if part.hidden:
        tally.at_least(_HIDDEN[part.hidden], _CHECK, part.hidden.value)
    elif part.form is WorkForm.OPAQUE:
        tally.at_least(_STUDY, _CHECK, "it can't be read as text")


def _weigh_tests(tally: AttentionTally, part: FileToCheck, risks: Sequence[Risk]) -> None:
    """Tests run on developers' machines, and later changes are verified by them: those of what is
    expensive are read."""
    level, words = _TESTS[part.tests]
    tally.at_least(level, _CHECK, words, raises=level >= _READ)
    for risk in _costly(risks):
        tally.at_least(_READ, _COST, f"it {_touching(risk)}")


def _weigh_code(
    tally: AttentionTally, part: FileToCheck, risks: Sequence[Risk], facts: FileFacts
) -> None:
    check = verification_of(part, facts)
    costly = _costly(risks)
    can_be_run = part.form is WorkForm.LOGIC or part.hidden in _MAY_BE_RUN
    needs_tests = can_be_run and any(risk.is_testable for risk in costly)
    is_unverified = needs_tests and (bool(check.doubts) or part.hidden in _MAY_BE_RUN)
    _weigh_costs(tally, part, risks, _DECIDE if is_unverified else _STUDY)
    for risk in costly:
        if risk.is_final:
            words = f"it can't be undone once it has run: {risk.what}"
            tally.at_least(_DECIDE, _UNDO, words)
    needed = _DECIDE if needs_tests else _READ if part.form is WorkForm.LOGIC else _SKIP
    for words in check.doubts:
        is_cheap = not risks and part.seconds < EASILY_CHECKED
        tally.at_least(_SKIP if is_cheap else needed, _CHECK, words)
    for words in check.grounds:
        tally.note(_CHECK, words, raises=False)


def _weigh_costs(
    tally: AttentionTally, part: FileToCheck, risks: Sequence[Risk], much: AttentionLevel
) -> None:
    """`much` is the level of what costs much."""
    for risk in risks:
        level = much if risk.cost is RiskCost.MUCH else _SKIM
        tally.at_least(level, _COST, f"it {_touching(risk)}")
    if risks:
        return
    if part.form in _FORMS:
        is_quick = part.seconds < EASILY_CHECKED
        tally.at_least(_SKIP if is_quick else _SKIM, _COST, _FORMS[part.form], raises=False)
    elif part.form is not WorkForm.OPAQUE:
        words = "it touches nothing where mistakes are known to be expensive"
        tally.at_least(_SKIM, _COST, words, raises=False)


def _weigh_context(tally: AttentionTally, facts: FileFacts) -> None:
    used = max(facts.callers or 0, facts.dependents or 0)
    if used < MANY_USERS:
        return
    if used == facts.callers:
        words = f"{count_of(used, 'place')} outside of the change call it"
    else:
        words = f"{count_of(used, 'file')} outside of the change use it"
    tally.at_least(max(tally.level, min(tally.level + 1, _STUDY)), _CONTEXT, words)


def _weigh_release(tally: AttentionTally, facts: FileFacts, risks: Sequence[Risk]) -> None:
    if facts.is_released:
        level = _DECIDE if _costly(risks) else _STUDY
        tally.at_least(level, _UNDO, "a release already has the names that it changes")


def _weigh_experience(
    tally: AttentionTally,
    part: FileToCheck,
    risks: Sequence[Risk],
    facts: FileFacts,
    experience: Experience,
) -> None:
    known = [experience.paths.get(path) for path in (part.path, part.old_path)]
    troubles = [one for one in known if one is not None and one.wrong > 0]
    for one in troubles:
        above = one.called + 1 if one.called else min(tally.level + 1, _STUDY)
        level = max(tally.level, min(above, _DECIDE))
        tally.at_least(level, AttentionQuestion.EXPERIENCE, experience_words(one))
    is_plain = not part.hidden and part.tests < TestEdit.WEAKENED and not facts.is_released
    is_final = any(risk.is_final for risk in _costly(risks))
    topics = {risk.what for risk in risks}
    if is_plain and not is_final and not troubles and is_trusted(experience, topics):
        words = trusting_words(experience, topics)
        tally.lower(_SKIM, AttentionQuestion.EXPERIENCE, words)


def _costly(risks: Sequence[Risk]) -> list[Risk]:
    return [risk for risk in risks if risk.cost is RiskCost.MUCH]


def _touching(risk: Risk) -> str:
    said = f" (“{risk.word}”)" if risk.word else ""
    is_sure = risk.cost is RiskCost.MUCH or not risk.word
    return f"{'touches' if is_sure else 'may touch'} {risk.what}{said}"
