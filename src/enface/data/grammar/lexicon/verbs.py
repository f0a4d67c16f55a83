"""The verbs: one row each, `English | German | French | who: what @ where | flags`, who, what and where as noun tags.

English "base past participle progressive", the last three where irregular (a "_" begins what only tells two verbs
apart), "+up" a particle, "/for" the preposition of its object. German "infinitive third-person participle" where
irregular, "an|ziehen" separable, "sich" reflexive, "(sein)" the auxiliary of the perfect, "/auf:accusative" the
preposition and the case of the object. French infinitive, third person singular and plural and participle where
irregular, "se" reflexive, "(être)" the auxiliary, "/à" the preposition, "être X" a state. Flags: "stative" has no
progressive, "present" no other tense, "state" is a posture and needs a place, "calm" can be done sitting, "trait"
tells who is meant, "poss" likes
its object owned; the others are the adverbs of manner that fit, and "xN" is the weight.
"""

INTRANSITIVE = """
sleep slept slept | schlafen schläft geschlafen | dormir dort dorment dormi
    | person animal: @ bed sofa bench nature bedroom living_room | quiet x5
laugh | lachen | rire rit rient ri | person: @ out home | loud happy calm x5
cry | weinen | pleurer | child: @ out home | loud x18
sing sang sung | singen singt gesungen | chanter | person bird: @ nature royalroom | loud happy calm x5
dance | tanzen | danser | person: @ out home royalroom | happy together x4
play | spielen | jouer | child pet: @ out home play | quiet happy together x8
work | arbeiten | travailler | adult: @ working fieldwork garden | together x6
swim swam swum swimming | schwimmen schwimmt geschwommen (sein) | nager | person duck: @ lakes | slow fast x6
run ran run running | rennen rennt gerannt (sein) | courir court courent couru
    | person ground: @ nature street city | fast x4
smile | lächeln lächelt gelächelt | sourire sourit sourient souri | person: @ | happy calm x5
rest | sich aus|ruhen | se reposer | person animal: @ sofa bench bed nature bedroom | quiet x4
stroll | spazieren spaziert spaziert (sein) | se promener promène promènent promené
    | person: @ nature city village royalroom | slow together x4
get_up got gotten getting +up | auf|stehen steht aufgestanden (sein) | se lever lève lèvent levé | person: @
    | slow fast x6
wake_up woke woken +up | auf|wachen wacht aufgewacht (sein) | se réveiller | person animal: @ | slow x4
fall_asleep fell fallen +asleep | ein|schlafen schläft eingeschlafen (sein) | se endormir endort endorment endormi
    | person animal: @ sofa bed bench bedroom living_room | x4
arrive | an|kommen kommt angekommen (sein) | arriver (être) | person: @ arrival royalhome | x4
come_back came come +back | zurück|kommen kommt zurückgekommen (sein) | revenir revient reviennent revenu (être)
    | person: @ | slow x4
bark | bellen | aboyer aboie aboient aboyé | dog: @ out | loud x60
sit sat sat sitting | sitzen sitzt gesessen | être assis | person pet: @ seat seat shade | quiet state present x9
stand stood stood | stehen steht gestanden | être debout | person ground: @ out near bridge window | state present x7
lie lay lain lying | liegen liegt gelegen | être allongé | person pet: @ bed sofa shade beach park garden
    | quiet state present x7
sit_throne sat sat sitting | sitzen sitzt gesessen | être assis | royal: @ royalseat | quiet state present x8
"""

TRANSITIVE = """
read read read | lesen liest gelesen | lire lit lisent lu
    | person: readable @ seat home library school nature waiting | quiet slow calm x8
write wrote written | schreiben schreibt geschrieben | écrire écrit écrivent écrit
    | person: writable @ table library office school | slow calm x6
eat ate eaten | essen isst gegessen | manger | person: food @ meal seat kitchen nature | slow calm x8
drink drank drunk | trinken trinkt getrunken | boire boit boivent bu
    | person: drink @ meal seat kitchen living_room nature | slow calm x8
hold held held | halten hält gehalten | tenir tient tiennent tenu | person: holdable | present calm trait x6
hold_sword held held | halten hält gehalten | tenir tient tiennent tenu | royal armed: sword | trait present x8
pull_carriage | ziehen zieht gezogen | tirer | horse: carriage @ street | slow x25
carry | tragen trägt getragen | porter | person: carried | slow careful trait x5
wear wore worn | tragen trägt getragen | porter | person: clothes @ out working | present poss trait x9
put_on put put putting +on | an|ziehen zieht angezogen | mettre met mettent mis | person: fabric pairs @ home
    | slow fast poss x7
take_off took taken +off | aus|ziehen zieht ausgezogen | enlever enlève enlèvent enlevé
    | person: fabric pairs @ home | slow poss x6
buy bought bought | kaufen | acheter achète achètent acheté | person: buyable food clothes gift @ shop market | x6
sell sold sold | verkaufen verkauft verkauft | vendre vend vendent vendu
    | adult: buyable fruit massfood flower drink @ shop market | x5
wash | waschen wäscht gewaschen | laver | person: washable @ garden | careful slow x4
paint | malen | peindre peint peignent peint | painter child adult: drawable @ home nature | slow careful x5
draw drew drawn | zeichnen | dessiner | person: drawable @ table school home | slow calm x7
repair | reparieren repariert repariert | réparer | adult: fixable | careful together x5
build built built | bauen | construire construit construisent construit | adult: buildable | slow together x5
clean | putzen | nettoyer nettoie nettoient nettoyé | person: cleanable | careful fast x5
cook | kochen | cuisiner | adult chef: cookable @ kitchen restaurant | slow x5
bake | backen backt gebacken | préparer | adult chef: bakeable @ kitchen bakery | x5
love | lieben | aimer | person: kin pet royal | stative present trait x6
see saw seen | sehen sieht gesehen | voir voit voient vu | person: person pet visible landmark @ out near | stative x14
find found found | finden findet gefunden | trouver | person: mislaid flat sword treasure @ home nature street
    | stative x5
look_for looked looked /for | suchen | chercher | person: mislaid pet sword treasure @ home nature | x5
kiss | küssen | embrasser | adult royal: kin royal | x4
help | helfen hilft geholfen /:dative | aider | person: person @ working kitchen garden | together x5
thank | danken /:dative | remercier | person: worker kin guest royal | x4
follow | folgen folgt gefolgt (sein) /:dative | suivre suit suivent suivi | person dog: person | slow present x5
feed fed fed | füttern füttert gefüttert | nourrir nourrit nourrissent nourri
    | person: animal @ fieldwork park garden | x5
pet petted petted petting | streicheln streichelt gestreichelt | caresser | person: pet horse | careful calm x3
push | schieben schiebt geschoben | pousser | adult child: pushable @ street | slow x5
pull | ziehen zieht gezogen | tirer | adult: suitcase wooden_box basket | slow x5
visit | besuchen besucht besucht | visiter | person: visit royalhome | x4
greet | begrüßen begrüßt begrüßt | saluer | person: person @ royalroom out | happy calm x5
meet met met | treffen trifft getroffen | rencontrer | person: person @ out meal royalroom | x5
protect | beschützen beschützt beschützt | protéger protège protègent protégé
    | armed royal: royal realm royalhome child | stative trait x14
photograph | fotografieren fotografiert fotografiert | photographier | adult: person animal visible landmark | calm x4
know knew known | kennen kennt gekannt | connaître connaît connaissent connu | person: person | stative present trait x4
open | öffnen | ouvrir ouvre ouvrent ouvert | person: openable | careful slow fast x5
close | schließen schließt geschlossen | fermer | person: closable | quiet slow x4
turn_on turned turned +on | ein|schalten schaltet eingeschaltet | allumer | person: switchable @ home | x5
turn_off turned turned +off | aus|schalten schaltet ausgeschaltet | éteindre éteint éteignent éteint
    | person: switchable @ home | x5
pick_up picked picked +up | auf|heben hebt aufgehoben | ramasser | person: throwable flat trash toy @ out
    | careful slow x5
throw_away threw thrown +away | weg|werfen wirft weggeworfen | jeter jette jettent jeté | person: trash paper | x4
hang_up hung hung +up | auf|hängen hängt aufgehängt | accrocher | person: hangable @ home | careful x4
invite | ein|laden lädt eingeladen | inviter | person: person guest | x6
call | an|rufen ruft angerufen | appeler appelle appellent appelé | person: person | calm x5
bring_along brought brought +along | mit|bringen bringt mitgebracht | apporter | person: gift bakeable | x4
prepare | vor|bereiten bereitet vorbereitet | préparer | person: dish @ kitchen palace | together x6
look_at looked looked /at | an|sehen sieht angesehen | regarder | person: visible landmark flower | quiet calm x7
listen_to listened listened /to | zu|hören hört zugehört /:dative | écouter | person: musician teacher kin royal
    | quiet calm x5
pick | pflücken | cueillir cueille cueillent cueilli | person: pickable @ garden forest | careful x4
plant | pflanzen | planter | gardener adult: plantable @ garden | x6
water | gießen gießt gegossen | arroser | gardener adult: waterable @ garden | slow careful x5
catch caught caught | fangen fängt gefangen | attraper | child dog: throwable | fast x9
throw threw thrown | werfen wirft geworfen | lancer | child adult: throwable | x5
order | bestellen bestellt bestellt | commander | adult: food drink | x6
cross | überqueren überquert überquert | traverser | person: crossable | slow fast x4
leave left left | verlassen verlässt verlassen | quitter | person: enter | slow fast x4
enter | betreten betritt betreten | entrer entre entrent entré (être) /dans | person: enter | slow x4
drive drove driven | fahren fährt gefahren | conduire conduit conduisent conduit | adult: drivable | slow fast x8
ride rode ridden | reiten reitet geritten | monter | royal adult: horse | x8
rule | regieren regiert regiert | gouverner | ruler: realm | stative trait x55
wear_crown wore worn | tragen trägt getragen | porter | royal: regalia necklace @ royalroom royalseat palace
    | present poss trait x14
"""

PREPOSITIONAL = """
wait_for waited waited /for | warten /auf:accusative | attendre attend attendent attendu
    | person: awaited person @ waiting | calm trait x6
talk_with talked talked /with | sprechen spricht gesprochen /mit:dative | parler /avec
    | person: person @ out seat royalroom meal | quiet calm trait x6
dance_with danced danced /with | tanzen /mit:dative | danser /avec | person: person @ royalroom | x4
play_with played played /with | spielen /mit:dative | jouer /avec | child pet: toy pet @ out home | x5
think_of thought thought /of | denken denkt gedacht /an:accusative | penser /à | person: kin royal
    | stative present calm trait x4
dream_of dreamed dreamed /of | träumen /von:dative | rêver /de | person: royal visible royalthing
    | stative calm trait x6
take_care_of took taken +care /of | sich kümmern kümmert gekümmert /um:accusative | se occuper /de
    | person: animal child garden grand | x4
climb climbed climbed | klettern klettert geklettert (sein) /auf:accusative | grimper /sur | child adult: climbable
    | slow fast x6
go_to went gone going /to | gehen geht gegangen (sein) /zu:dative | aller va vont allé (être) /à | person: goal | x10
run_to ran run running /to | rennen rennt gerannt (sein) /zu:dative | courir court courent couru /vers
    | person: goal | x4
go_into went gone going /into | gehen geht gegangen (sein) /in:accusative | entrer (être) /dans
    | person ground: enter | slow x6
run_into ran run running /into | rennen rennt gerannt (sein) /in:accusative | courir court courent couru /dans
    | person ground: enter | x5
jump_into jumped jumped /into | springen springt gesprungen (sein) /in:accusative | sauter /dans
    | person dog: waters | x4
walk_through walked walked /through | gehen geht gegangen (sein) /durch:accusative | traverser
    | person ground: through | slow x5
live_in lived lived /in | wohnen /in:dative | vivre vit vivent vécu /dans | person: house village city royalhome
    | stative present trait x6
"""

DITRANSITIVE = """
give gave given | geben gibt gegeben | donner | person: gift holdable carried fruit | x6
show showed shown | zeigen | montrer | person: readable picture toy gift | x5
bring brought brought | bringen bringt gebracht | apporter | person: message drink standing fruit readable | x5
send sent sent | schicken | envoyer envoie envoient envoyé | person: message gift picture | x4
tell told told | erzählen erzählt erzählt | raconter | person: tellable | x4
lend lent lent | leihen leiht geliehen | prêter | person: owned readable carried | x3
"""

PLACING = """
put put put putting | legen | mettre met mettent mis | person: flat fabric fruit | careful x9
place | stellen | poser | person: standing carried | careful x6
"""

SPECIAL = """
play_game played played | spielen | jouer | person: game @ park garden school playground beach | together x6
play_instrument played played | spielen | jouer /de | person: instrument @ home nature royalroom | quiet calm x5
rain | regnen regnet geregnet | pleuvoir pleut pleuvent plu | it: | x2
snow | schneien | neiger neige neigent neigé | it: | x1
shine shone shone | scheinen scheint geschienen | briller | sun: | x1
blow blew blown | wehen | souffler | wind: | x1
say said said | sagen | dire dit disent dit | person: that | x4
know_that knew known | wissen weiß gewusst | savoir sait savent su | person: that | x3
think_that thought thought | denken denkt gedacht | penser | person: that | x3
hope | hoffen | espérer espère espèrent espéré | person: that | x3
believe | glauben | croire croit croient cru | person: that | x3
ask | fragen | demander | person: whether | x2
be was been being | sein ist gewesen | être est sont été | person: | x1
be_there was been being | geben gibt gegeben | avoir a ont eu | it: | x1
"""
