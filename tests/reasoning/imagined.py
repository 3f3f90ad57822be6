"""Imagined cases: every finding favours the intervener, unless a test says otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from hypothesis import strategies as st

from volens.cases import Act, Aim, Answer, Case, Finding, Known
from volens.logic import MET, NOT_MET, UNCLEAR, Value

#: Finding to the value that favours the intervener; none where it favours nobody.
FAVOURABLE: Mapping[str, Value] = {
    "request-before-arrival": MET,
    "request-text-public": MET,
    "requester-coerced": NOT_MET,
    "requester-head-of-state": MET,
    "effective-control": MET,
    "democratic-mandate": MET,
    "acts-within-scope": MET,
    "left-when-asked": MET,
    "organised-armed-group": NOT_MET,
    "political-order-at-stake": NOT_MET,
    "organised-armed-violence": MET,
    "foreign-component": MET,
    "nonviolent-protest-targeted": NOT_MET,
    "abuse-known-to-senders": NOT_MET,
    "external-armed-attack": NOT_MET,
    "un-notified": MET,
    "council-prohibits": NOT_MET,
    "council-endorses": NOT_MET,
    "sending-parliament-agreed": MET,
    "treaty-clause-covers": MET,
    "ad-hoc-request": MET,
    "council-authorised": NOT_MET,
    "act-of-the-invited": MET,
    "recognised-government": MET,
    "protection-forfeited": NOT_MET,
    "consent-withdrawn": NOT_MET,
    "host-law-manifestly-broken": NOT_MET,
    "other-norm-overrides": NOT_MET,
    "serious-violations-by-force": NOT_MET,
    "help-contributed-to-abuse": NOT_MET,
}

AIM = Aim(
    id="protect-infrastructure",
    stated=MET,
    viable=MET,
    pursued=MET,
    why="",
    predominant=True,
    note="It guarded.",
    rows=(),
    sources=(),
    verified="pages",
    confidence="high",
)
FALSE_AIM = replace(
    AIM, id="counter-terrorism", viable=NOT_MET, pursued=NOT_MET, predominant=False, note="Not so."
)

values = st.sampled_from([MET, NOT_MET, UNCLEAR])
whys = st.sampled_from(["no evidence", "conflicting evidence", "legal standard disputed"])
vectors = st.fixed_dictionaries(dict.fromkeys(FAVOURABLE, values))
aims = st.lists(
    st.builds(
        Aim,
        st.sampled_from(["counter-terrorism", "stability", "law-and-order", "regime-support"]),
        *(values, values, values),
        st.just(""),
        st.booleans(),
        *(st.just("A note."), st.just(()), st.just(()), st.just("pages"), st.just("high")),
    ),
    max_size=3,
    unique_by=lambda aim: aim.id,
).map(tuple)


def finding(
    key: str, value: Value | None, why: str = "no evidence", known: tuple[Known, ...] = ()
) -> Finding:
    return Finding(
        id=key,
        ref="F01",
        question="Was it so?",
        value=value,
        why=why if value is UNCLEAR else "",
        note=f"On {key} the record is as it is.",
        rows=(),
        sources=(),
        by_act=MappingProxyType({}),
        known=known,
        contested_by="",
        verified="pages",
        confidence="high",
    )


def case_of(
    changes: Mapping[str, Value | None] | None = None,
    aims: tuple[Aim, ...] = (AIM,),
    why: str = "no evidence",
    known: Mapping[str, tuple[Known, ...]] | None = None,
) -> Case:
    """Make a case whose findings favour the intervener, but for the changes."""
    found = {**FAVOURABLE, **(changes or {})}
    return Case(
        id="imagined-2000",
        title="An imagined case",
        state="Northland",
        period="2000-01-01/2000-02-01",
        organisation="",
        actors=(),
        instruments=(),
        acts=(Act("entry", "Entry", (), "They came.", "2000-01-05/2000-01-06", ()),),
        sequence=(),
        questions=(),
        findings=tuple(
            finding(key, value, why, (known or {}).get(key, ())) for key, value in found.items()
        ),
        aims=aims,
    )


def before(day: date, value: Value) -> tuple[Known, ...]:
    """What was known before a day."""
    return (Known(day, Answer(value, "no evidence" if value is UNCLEAR else "", "Early.")),)
