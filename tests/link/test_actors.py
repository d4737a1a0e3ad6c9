"""Who is who in one report: names, pronouns, governments and states, roles and countries."""

from __future__ import annotations

import pytest

from tests.link.build import document
from tocsin.link import Linker
from tocsin.model import Actor, Claim, Document, Evidence, Slot, content_id

LINKER = Linker.load()


def linked(source: str) -> Document:
    return LINKER.link(document("# report id=x published=2024-11-18\n" + source))


def by_words(result: Document) -> dict[str, Actor]:
    """Each mention's words and the actor that they lead to; the second *he* is `he#2`."""
    found: dict[str, Actor] = {}
    for actor in result.actors or ():
        for spot in actor.mentions:
            key, count = spot.quote, 1
            while key in found:
                count += 1
                key = f"{spot.quote}#{count}"
            found[key] = actor
    return found


EXAMPLE = """
P Washington has let Kyiv fire the long-range missiles into Russia, two officials said on Sunday.
actor [Washington] government GOV USA
actor [Kyiv] government GOV UKR
system [long-range missiles]
place [Russia]
actor [two officials] unnamed GOV
time [Sunday]
permit [let] CONCEDE granted grantor=[Washington] grantee=[Kyiv] system=[long-range missiles] place=[Russia] act=[fire ... Russia]
cue [said] assessment holder=[two officials] time=[Sunday] content=[Washington ... Russia]
S Russian President Vladimir Putin warned in September that NATO would be at war with Russia if it did so.
actor [Russian] state RUS
office [President] incumbent person=[Vladimir Putin] country=[Russian]
actor [Vladimir Putin] person GOV RUS
actor [NATO] organisation IGO
actor [Russia] state RUS
actor [it] organisation IGO same=[NATO]
threat [warned] THREATEN/violence deterrent issuer=[Vladimir Putin] addressee=[NATO] condition=[it did so] consequence=[NATO would be at war with Russia]
S The Kremlin declined to comment, and Putin said nothing; he was in Sochi, where officials said he would meet Joe Biden.
actor [Kremlin] government GOV
actor [Putin] person
actor [he] person
actor [officials] unnamed
actor [he]#2 person
actor [Joe Biden] person
place [Sochi]
"""


def test_the_standing_example() -> None:
    result = linked(EXAMPLE)
    actors = by_words(result)
    assert (actors["Washington"].name, actors["Washington"].kind, actors["Washington"].country) == ("United States", "government", "USA")
    assert actors["Washington"].aliases == ("Washington",)
    assert (actors["Kyiv"].name, actors["Kyiv"].country, actors["Kyiv"].role) == ("Ukraine", "UKR", "GOV")
    assert (actors["Russian"].name, actors["Russian"].kind) == ("Russia", "state")
    assert actors["Russian"] is actors["Russia"]
    assert actors["Kremlin"] is not actors["Russia"]
    assert (actors["Kremlin"].name, actors["Kremlin"].kind, actors["Kremlin"].country) == ("Kremlin", "government", "RUS")
    assert actors["Vladimir Putin"] is actors["Putin"] is actors["he"] is actors["he#2"]
    assert (actors["Putin"].name, actors["Putin"].country, actors["Putin"].role, actors["Putin"].part_of) == ("Vladimir Putin", "RUS", "GOV", "RUS")
    assert actors["it"] is actors["NATO"]
    assert actors["two officials"] is not actors["officials"]
    assert actors["two officials"].kind == "unnamed"
    assert actors["Joe Biden"].country == "USA"


# Sentences in the graph format, and which words mean the same actor: groups of words.
SAME = [
    pytest.param(
        "S President Joe Biden spoke in Delaware. Biden left early.\nactor [Joe Biden] person\nactor [Biden]#2 person\n",
        [{"Joe Biden", "Biden"}], id="surname",
    ),
    pytest.param(
        "S The Rapid Support Forces (RSF) took the town, and the RSF held it.\nactor [Rapid Support Forces] armed-group\nactor [RSF] armed-group\nactor [RSF]#2 armed-group\n",
        [{"Rapid Support Forces", "RSF", "RSF#2"}], id="known acronym",
    ),
    pytest.param(
        "S The Movement for Free Rivers (MFR) marched. MFR leaders spoke. The MFR went home.\nactor [Movement for Free Rivers] organisation\nactor [MFR] organisation\nactor [MFR]#3 organisation\n",
        [{"Movement for Free Rivers", "MFR", "MFR#2"}], id="acronym in brackets",
    ),
    pytest.param(
        "S Lockheed Martin builds it. Lockheed declined to comment.\nactor [Lockheed Martin] organisation\nactor [Lockheed]#2 organisation\n",
        [{"Lockheed Martin", "Lockheed"}], id="name cut short",
    ),
    pytest.param(
        "S Moscow protested. The Kremlin summoned the envoy. Russia waited.\nactor [Moscow] government\nactor [Kremlin] government\nactor [Russia] state\n",
        [{"Moscow", "Kremlin"}, {"Russia"}], id="government and state",
    ),
    pytest.param(
        "S Ukrainian forces fired. Ukraine's army advanced. Ukrainian troops fell back. The Ukrainian navy watched.\n"
        "actor [Ukrainian forces] military\nactor [Ukraine's army] military\nactor [Ukrainian troops] military\nactor [Ukrainian navy] military\n",
        [{"Ukrainian forces", "Ukraine's army", "Ukrainian troops"}, {"Ukrainian navy"}], id="the armed forces of a country",
    ),
    pytest.param(
        "S Mali's government resigned. Bamako was calm.\nactor [Mali's government] government\nactor [Bamako] government\n",
        [{"Mali's government", "Bamako"}], id="government by phrase and capital",
    ),
    pytest.param(
        "S Hundreds of protesters gathered. The protesters threw stones.\nactor [Hundreds of protesters] public\nactor [protesters]#2 public\n",
        [{"Hundreds of protesters", "protesters"}], id="a counted crowd",
    ),
    pytest.param(
        "S Two officials spoke. Later two officials denied it.\nactor [Two officials] unnamed\nactor [two officials] unnamed\n",
        [{"Two officials"}, {"two officials"}], id="unnamed voices stay apart",
    ),
    pytest.param(
        "S Two officials spoke.\nactor [Two officials] unnamed\nS The officials asked for discretion.\nactor [officials] unnamed same=[Two officials]@-1\n",
        [{"Two officials", "officials"}], id="unnamed voices tied by an edge",
    ),
    pytest.param(
        "S Volodymyr Zelenskyy travelled. Zelensky landed late.\nactor [Volodymyr Zelenskyy] person\nactor [Zelensky] person\nactor [Ukraine] state\n".replace("actor [Ukraine] state\n", ""),
        [{"Volodymyr Zelenskyy", "Zelensky"}], id="spellings of one name",
    ),
    pytest.param(
        "S George Bush met Hillary Clinton. Clinton smiled. Bill Clinton arrived.\nactor [George Bush] person\nactor [Hillary Clinton] person\nactor [Clinton]#2 person\nactor [Bill Clinton] person\n",
        [{"Hillary Clinton", "Clinton"}, {"Bill Clinton"}, {"George Bush"}], id="a shared surname goes to the one before",
    ),
    pytest.param(
        "S Ukraine's president spoke. Volodymyr Zelensky was calm.\nactor [Ukraine's president] person\noffice [president] person=[Ukraine's president]\nactor [Volodymyr Zelensky] person\n",
        [{"Ukraine's president", "Volodymyr Zelensky"}], id="a title that the table resolves",
    ),
    pytest.param(
        "S President Adama Sow spoke.\noffice [President] person=[Adama Sow]\nactor [Adama Sow] person\nS The president left.\nactor [president] person\n",
        [{"Adama Sow", "president"}], id="a title that the report resolves",
    ),
    pytest.param(
        "S The foreign ministry protested.\nactor [foreign ministry] government\nS The ministry said no more.\nactor [ministry] government\n",
        [{"foreign ministry"}, {"ministry"}], id="a description is not taken up by a bare noun",
    ),
    pytest.param(
        "S The World Bank paid.\nactor [World Bank] organisation\nS NATO met, and the alliance agreed.\nactor [NATO] organisation\nactor [alliance] organisation\n",
        [{"NATO", "alliance"}, {"World Bank"}], id="the alliance",
    ),
    pytest.param(
        "S Lockheed Martin sued.\nactor [Lockheed Martin] organisation\nS The company lost.\nactor [company] organisation\n",
        [{"Lockheed Martin", "company"}], id="the company",
    ),
    pytest.param(
        "S Iran shelled the town and it denied that.\nactor [Iran] state\nactor [it] state\n", [{"Iran", "it"}], id="it",
    ),
    pytest.param(
        "S Anna Kolo met the rebels.\nactor [Anna Kolo] person\nactor [rebels] armed-group\nS They trusted her.\nactor [They] armed-group\nactor [her] person\n",
        [{"Anna Kolo", "her"}, {"rebels", "They"}], id="they and her",
    ),
    pytest.param(
        "S \"We will not yield,\" General Omar Dae said.\nactor [We] person\nactor [Omar Dae] person\ncue [said] holder=[Omar Dae] content=[We will not yield]\n",
        [{"We", "Omar Dae"}], id="we within a quotation",
    ),
    pytest.param(
        "S Russia and Ukraine talked.\nactor [Russia] state\nactor [Ukraine] state same=[Russia]\n", [{"Russia"}, {"Ukraine"}],
        id="an edge does not join two countries",
    ),
    pytest.param(
        "S Joe Biden met Vladimir Putin.\nactor [Joe Biden] person\nactor [Vladimir Putin] person same=[Joe Biden]\n", [{"Joe Biden"}, {"Vladimir Putin"}],
        id="an edge does not join two known persons",
    ),
    pytest.param(
        "S France spoke.\nactor [France] state\nS He left.\nactor [He] person same=[France]@-1\n", [{"France"}, {"He"}], id="he is no country",
    ),
    pytest.param(
        "S People fled. Other people stayed.\nactor [People] public\nactor [people] public\n", [{"People"}, {"people"}], id="people are not always the same",
    ),
]


@pytest.mark.parametrize(("source", "groups"), SAME)
def test_same_actor(source: str, groups: list[set[str]]) -> None:
    actors = by_words(linked(source))
    found: dict[str, set[str]] = {}
    for words, actor in actors.items():
        found.setdefault(actor.id, set()).add(words)
    assert sorted(map(sorted, found.values())) == sorted(map(sorted, groups))


# Sentence in the graph format, words, (name, kind, country, role).
WHO = [
    ("S Ukrainian forces fired.\nactor [Ukrainian forces] military\n", "Ukrainian forces", ("Ukrainian forces", "military", "UKR", "MIL")),
    ("S The Iran-backed Houthis fired.\nactor [Houthis] armed-group\n", "Houthis", ("Houthis", "armed-group", "YEM", "REB")),
    ("S The United Nations met.\nactor [United Nations] organisation\n", "United Nations", ("United Nations", "organisation", None, "IGO")),
    ("S The Pentagon agreed.\nactor [Pentagon] government\n", "Pentagon", ("Pentagon", "government", "USA", "MIL")),
    ("S The Russian foreign ministry protested.\nactor [Russian] state\nactor [foreign ministry] government\n", "foreign ministry", ("foreign ministry", "government", "RUS", "GOV")),
    ("S Mali's army advanced.\nactor [army] military\n", "army", ("army", "military", "MLI", "MIL")),
    ("S Russian Foreign Minister Sergei Lavrov spoke.\nactor [Sergei Lavrov] person\n", "Sergei Lavrov", ("Sergei Lavrov", "person", "RUS", "GOV")),
    ("S Israel Katz spoke.\nactor [Israel Katz] person\n", "Israel Katz", ("Israel Katz", "person", "ISR", "GOV")),
    ("S Jordan Miller spoke.\nactor [Jordan Miller] person CVL\n", "Jordan Miller", ("Jordan Miller", "person", None, "CVL")),
    ("S Jordan Miller spoke. Jordan was tired.\nactor [Jordan Miller] person CVL\nactor [Jordan]#2 state\n", "Jordan", ("Jordan", "state", "JOR", "GOV")),
    ("S Malian Prime Minister Choguel Maïga spoke.\nactor [Malian] state\noffice [Prime Minister] person=[Choguel Maïga] country=[Malian]\nactor [Choguel Maïga] person\n",
     "Choguel Maïga", ("Choguel Maïga", "person", "MLI", "GOV")),
    ("S An army spokesman, Colonel Abou Dicko, spoke.\nactor [army] military MIL\noffice [spokesman] person=[Abou Dicko] country=[army]\nactor [Abou Dicko] person\n",
     "Abou Dicko", ("Abou Dicko", "person", None, "MIL")),
    ("S Experts warned.\nactor [Experts] unnamed\n", "Experts", ("Experts", "unnamed", None, None)),
    ("S Riot police fired.\nactor [Riot police] government\n", "Riot police", ("Riot police", "government", None, "COP")),
    ("S The constitutional court ruled.\nactor [constitutional court] organisation\n", "constitutional court", ("constitutional court", "government", None, "JUD")),
    ("S The Biden administration agreed.\nactor [Biden administration] government\n", "Biden administration", ("Biden administration", "government", "USA", "GOV")),
    ("S Hezbollah fighters fell back.\nactor [Hezbollah fighters] armed-group\n", "Hezbollah fighters", ("Hezbollah fighters", "armed-group", "LBN", "REB")),
    ("S Kim left.\nactor [Kim] person CVL\n", "Kim", ("Kim", "person", None, "CVL")),
    ("S North Korea's leader Kim watched.\nactor [North Korea] state\nactor [Kim] person\n", "Kim", ("Kim Jong Un", "person", "PRK", "GOV")),
    ("S Mr Pel Ando spoke.\nactor [Mr Pel Ando] person CVL\n", "Mr Pel Ando", ("Pel Ando", "person", None, "CVL")),
    ("S Soviet troops left.\nactor [Soviet troops] military\n", "Soviet troops", ("Soviet troops", "military", "SUN", "MIL")),
]


@pytest.mark.parametrize(("source", "words", "want"), WHO, ids=[f"{words}" for _, words, _ in WHO])
def test_who(source: str, words: str, want: tuple[str, str, str | None, str | None]) -> None:
    actor = by_words(linked(source))[words]
    assert (actor.name, actor.kind, actor.country, actor.role) == want


def test_a_body_belongs_to_its_organisation_in_every_report() -> None:
    council = by_words(linked("S The UN Security Council met.\nactor [UN Security Council] organisation\n"))["UN Security Council"]
    nations = by_words(linked("S The UN met.\nactor [UN] organisation\n"))["UN"]
    assert council.part_of == nations.id


def test_a_known_actor_has_one_id_in_every_report() -> None:
    one = by_words(linked("S Moscow protested.\nactor [Moscow] government\n"))["Moscow"]
    two = by_words(linked("S The Kremlin is silent.\nactor [Kremlin] government\n"))["Kremlin"]
    three = by_words(linked("S Russia's government fell.\nactor [Russia's government] government\n"))["Russia's government"]
    assert one.id == two.id == three.id
    assert len({by_words(linked(f"S {name} spoke.\nactor [{name}] person\n"))[name].id for name in ("Volodymyr Zelensky", "Volodymyr Zelenskyy")}) == 1


def test_unnamed_voices_have_an_id_of_their_report() -> None:
    one = by_words(linked("S Experts warned.\nactor [Experts] unnamed\n"))["Experts"]
    two = by_words(linked("S Experts warned him.\nactor [Experts] unnamed\n"))["Experts"]
    assert one.id != two.id


def test_an_army_without_a_country_is_that_of_the_country_the_report_is_about() -> None:
    source = (
        "S Niger closed its border, Niger's junta said, and Nigerien radio agreed.\nactor [Niger] state\nactor [Niger]#2 state\nactor [Nigerien] state\n"
        "S The army waited.\nactor [army] military\n"
    )
    army = by_words(linked(source))["army"]
    assert army.country == "NER"
    assert army.confidence < 1


def test_a_pronoun_that_nobody_fits_stays_alone_and_doubtful() -> None:
    actor = by_words(linked("S He left.\nactor [He] person\n"))["He"]
    assert (actor.name, actor.kind, actor.aliases) == ("He", "person", ())
    assert actor.confidence <= 0.5


def test_implied_slots_get_an_actor() -> None:
    base = document("# report id=x published=2024-11-18\nS It is feared.\n")
    evidence = (Evidence.at(base.report.text, 0, 5),)
    slots = [Slot(None, name, None, None, None, True) for name in ("unnamed sources", "Russia", "Moscow")]
    claims = tuple(Claim(content_id("c", n), slot, "x", "assessment", "possible", (), (), 1.0, evidence) for n, slot in enumerate(slots))
    result = LINKER.link(Document(base.report, base.sentences, base.graph, (), claims=claims))
    holders = [claim.holder for claim in result.claims or ()]
    actors = {actor.id: actor for actor in result.actors or ()}
    assert [(holder.name, holder.implied, holder.start) for holder in holders if holder] == [
        ("unnamed sources", True, None), ("Russia", True, None), ("Russia", True, None),
    ]
    assert [actors[holder.id].kind for holder in holders if holder and holder.id] == ["unnamed", "state", "government"]
    assert all(actor.mentions == () and actor.evidence == evidence for actor in actors.values())
