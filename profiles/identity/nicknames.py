"""Given names that stand for each other, and spellings that transliteration leaves open."""

import re

# One line a family of names, each of which may stand for each other: English, and the commonest of other languages.
_FAMILIES = """
abraham abe
abigail abby abbie
albert al bert
alexander alex alec sasha sandy aleksandr alexandr alexandre oleksandr alejandro
alexandra alex sasha aleksandra alexandria
alexei alexey aleksei aleksey alex alyosha
alfred al fred
allan alan allen al
andrew andy drew
andreas andy
andrei andrey andre
anthony tony antony
antonio tony toni
arnold arnie
arthur art artie
barbara barb
benjamin ben benny benji
bernard bernie
bradley brad
calvin cal
carolyn carol carrie
caroline carrie
catherine cathy kate cate katherine kathryn kathy katie cath katharine
charles charlie chuck chas
christian chris
christine chris chrissy christina tina
christopher chris kit topher
clifford cliff
cynthia cindy
daniel dan danny dani
david dave davy
deborah debbie deb debra
dennis denny
dmitry dmitri dmitriy dima dmitrii
donald don donnie
dorothy dot
douglas doug
edward ed eddie ted ned
edwin ed eddie
edmund ed ned
eduardo edu
elizabeth liz beth betty eliza lisa betsy elisabeth libby
emanuel manny emmanuel manuel
eugene gene evgeny evgenii yevgeny
evgenia eugenia zhenya
ferdinand fernando
franklin frank
francis frank fran
francisco paco
frederick fred freddy frederic fredrick friedrich
gabriel gabe
geoffrey geoff jeffrey jeff jeffery
george georg jorge
gerald gerry jerry
gerard gerry
gregory greg gregor grigory grigori gregg
guillermo memo
harold hal harry
harrison harry
henry hank harry henri hal
herbert herb
herman hermann
howard howie
ignacio nacho
igor ihor
isaac ike
isabel isabelle isabella bella
jacob jake jack
jacqueline jackie
james jim jimmy jamie
janet jan
jason jay
jennifer jen jenny jenn
jeremy jerry
jerome jerry
jessica jess jessie
john jack johnny jon
jonathan jon john johnny jonny
joseph joe joey jo josef
joshua josh
judith judy
julian jules
kenneth ken kenny
konstantin kostya constantin constantine
kristopher kris
kimberly kim
lawrence larry laurence
leonard leo len lenny
leonardo leo
leon leo
lewis lew louis lou
lucas luke luca
margaret maggie meg peggy marge
mark marc
martin marty
marvin marv
mathew matthew matt mathias matthias
maxim max maksim maxime
maximilian max
melvin mel
michael mike mick micky mikael michel mikhail misha mischa
michelle shelly
mitchell mitch
mohammad mohammed mohamed muhammad muhammed mohamad mahammad md mohd
nathan nate
nathaniel nate nathan nat
nicholas nick nicolas nikolas nico niko nicolaus
nikolai nikolay nick
norman norm
oliver ollie
pamela pam
patricia pat patty trish
patrick pat paddy
paul pavel paulo pablo
pavel pasha
peter pete petr pyotr
philip phil phillip philippe
rachel rachael
raymond ray
rebecca becky becca
reginald reg
richard rick dick rich ricky
robert bob rob robbie bobby bert
roberto beto
rodney rod
roger rodger
ronald ron ronnie
russell russ
samantha sam
samuel sam sammy
sandra sandy
sebastian seb
sergei sergey serge sergii serhii
solomon sol
sophia sophie sofia sofya
stanley stan
stanislav stas
stephen steve steven stephan stefan stevie
stuart stewart stu
susan sue suzanne susie
sydney sid
terence terry terrence
theodore ted teddy theo
theodor theo
theresa terry teresa tess
thomas tom tommy
timothy tim
valerie val
victor vic viktor
victoria vicky tori
vincent vince vinny
vladimir vlad volodymyr vova
walter walt wally
wesley wes
wilhelm wil will
william bill will billy willy liam
yuri yury yuriy iurii
zachary zach zack zachariah
"""

_FAMILIES_OF: dict[str, frozenset[int]] = {}
for _number, _line in enumerate(_FAMILIES.split("\n")):
    for _name in _line.split():
        _FAMILIES_OF[_name] = _FAMILIES_OF.get(_name, frozenset()) | {_number}

_SPELLINGS = (
    (re.compile("ph"), "f"),
    (re.compile("(?:ks|x)"), "ks"),
    (re.compile("(?:iy|yi|ii|ij|ey|ei|ie|y)"), "i"),
    (re.compile("(?:ck|q)"), "k"),
    (re.compile("(?<=[aeiou])h(?![aeiou])"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)
# Short names and pinyin syllables differ by one letter and mean somebody else (`Jinyu`, `Jingyu`, `Xuy`, `Xui`).
_SHORTEST_RESPELT = 6


def list_relatives(name: str) -> set[str]:
    """Return the other names of the families of a folded given name."""
    return {other for other, numbers in _FAMILIES_OF.items() if not numbers.isdisjoint(families(name))} - {name}


def families(name: str) -> frozenset[int]:
    """Return the numbers of the families of names that a folded given name belongs to; two may share none."""
    return _FAMILIES_OF.get(name, frozenset())


def spelling(name: str) -> str:
    """Return a key under which usual transliterations of one given name are equal (`sergey`, `sergei`)."""
    if len(name) < _SHORTEST_RESPELT:
        return name
    for pattern, replacement in _SPELLINGS:
        name = pattern.sub(replacement, name)
    return name


def are_related(one: str, other: str) -> bool:
    """Whether two different folded given names may be one person's: nicknames, or spellings of one name."""
    return not families(one).isdisjoint(families(other)) or spelling(one) == spelling(other)
