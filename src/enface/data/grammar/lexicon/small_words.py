"""The small words: determiners, numbers, prepositions, adverbs and conjunctions, in tables like those of the nouns.

German and French are phrases in the notation of `words.phrase`. A determiner is `key | English singular, plural |
German declension, endings of the adjectives | French`; an adverb `English | German | French | kind`, its kind saying
which tenses or verbs it goes with; a preposition `key | English | German:case | French`.
"""

DETERMINERS = """
the | the, the | der, weak | le
a | a, | ein, mixed | un
whose | , | , strong | le
this | this, these | dieser, weak | ce
every | every, every | jeder, weak | chaque
his | his, his | sein, mixed | son
her | her, her | ihr, mixed | son
their | their, their | ihr, mixed | leur
its_m | its, its | sein, mixed | son
its_f | its, its | ihr, mixed | son
two | two, two | zwei, strong | deux
three | three, three | drei, strong | trois
four | four, four | vier, strong | quatre
five | five, five | fünf, strong | cinq
many | many, many | viele, strong | beaucoup
several | several, several | mehrere, strong | plusieurs
some | some, some | einige, strong | quelques
none | , | , strong | none
feature | a, | ein, mixed | le
in_clothes | a, | ein, mixed | none
instrument | the, the | , strong | le
"""

PREPOSITIONS = """
in | in | in:dative | dans
at/an/à | at | an:dative | à
at/auf/à | at | auf:dative | à
at/in/à | at | in:dative | à
on/auf/sur | on | auf:dative | sur
on/an/sur | on | an:dative | sur
on/auf/dans | on | auf:dative | dans
on/auf/à | on | auf:dative | à
in/auf/dans | in | auf:dative | dans
by | by | an:dative | au?0 bord:0 de?0
front | in front of | vor:dative | devant
behind | behind | hinter:dative | derrière
next | next to | neben:dative | à?0 côté:01 de:1
under | under | unter:dative | sous
onto | on | auf:accusative | sur
into | into | in:accusative | dans
clothes | in | in:dative | en
with | with | mit:dative | avec
feature | with | mit:dative | à
to_person | to | :dative | à
"""

ADVERBS = """
today | heute | aujourd'hui | now past will modal
now | jetzt | maintenant | now
yesterday | gestern | hier | past
last week | letzte:0 Woche:1 | la?1 semaine:1 dernière:0 | past
last night | gestern:0 Abend:1 | hier:0 soir:1 | past
this morning | heute:0 Morgen:1 | ce:0 matin:1 | past
tomorrow | morgen | demain | will modal
soon | bald | bientôt | will
next week | nächste:0 Woche:1 | la?1 semaine:1 prochaine:0 | will
tonight | heute:0 Abend:0 | ce:0 soir:0 | will modal
every day | jeden:0 Tag:1 | chaque:0 jour:1 | habit
every morning | jeden:0 Morgen:1 | chaque:0 matin:1 | habit
every evening | jeden:0 Abend:1 | chaque:0 soir:1 | habit
in the evening | am:01 Abend:2 | le:1 soir:2 | habit
in the morning | am:01 Morgen:2 | le:1 matin:2 | habit
in summer | im:0 Sommer:1 | en:0 été:1 | habit
in winter | im:0 Winter:1 | en:0 hiver:1 | habit
on Sundays | sonntags:01 | le?1 dimanche:1 | habit
always | immer | toujours | often
often | oft | souvent | often
sometimes | manchmal | parfois | often
never | nie | jamais | never
already | schon | déjà | already
quietly | ruhig | calmement | quiet
loudly | laut | fort | loud
happily | fröhlich | joyeusement | happy
slowly | langsam | lentement | slow
quickly | schnell | rapidement | fast
carefully | vorsichtig | prudemment | careful
together | zusammen | ensemble | together
very | sehr | très | degree
where | wo | où:0 est-ce?0 que?0 | asking
what | was | que:0 est-ce?0 que?0 | asking
at home | zu:0 Hause:1 | à:0 la?1 maison:1 | home
"""

CONJUNCTIONS = """
because | weil | parce:0 que:0
when | wenn | quand
if | wenn | si
while | während | pendant:0 que:0
as soon as | sobald | dès:012 que?012
that | dass | que
whether | ob | si
"""

COORDINATIONS = """
and | und | et
but | aber | mais
"""
