"""The verbs: one row each, `English | German | French | who: what @ where | flags`, with tags of nouns.

English "base past participle -ing" where irregular, "+up" a particle, "/for" the preposition of its object. German
"infinitive third-person participle" where irregular, "an|ziehen" separable, "sich" reflexive, "(sein)" the perfect's
auxiliary, "/auf:accusative" preposition and case, "/:dative" the case alone. French infinitive, third person singular
and plural, participle where irregular, "se" reflexive, "(être)" the auxiliary, "/à" the preposition, "être X" a state.
Flags: "stative" has no progressive, "present" nothing but the present, "xN" the weight; the rest name what else fits.
"""

INTRANSITIVE = """
sleep slept slept | schlafen schläft geschlafen | dormir dort dorment dormi | person animal: @ home seat lying out | quiet x2
laugh | lachen | rire rit rient ri | person: @ out in | loud happy
cry cried cried crying | weinen | pleurer | child person: @ out home | quiet loud
sing sang sung | singen singt gesungen | chanter | person bird: @ out in royalroom | loud quiet happy x2
dance | tanzen | danser | person: @ out home royalroom | happy together x2
play | spielen | jouer | child pet: @ out home play | quiet happy together x3
work | arbeiten | travailler | adult: @ work study fieldwork shop | quiet together x2
swim swam swum swimming | schwimmen schwimmt geschwommen (sein) | nager nage nagent nagé | person duck: @ lakes | slow fast x2
run ran run running | rennen rennt gerannt (sein) | courir court courent couru | person ground: @ out | fast x2
smile | lächeln lächelt gelächelt | sourire sourit sourient souri | person: @ | happy
rest | sich aus|ruhen | se reposer | person animal: @ home seat out | quiet x2
stroll | spazieren spaziert spaziert (sein) | se promener se_promène se_promènent promené | person: @ out royalroom | slow together x2
get got gotten getting +up | auf|stehen steht aufgestanden (sein) | se lever se_lève se_lèvent levé | person: @ | slow fast x3
wake woke woken +up | auf|wachen wacht aufgewacht (sein) | se réveiller | person animal: @ | slow x3
fall fell fallen +asleep | ein|schlafen schläft eingeschlafen (sein) | s'endormir s'endort s'endorment endormi | person animal: @ seat lying home | x3
arrive | an|kommen kommt angekommen (sein) | arriver (être) | person: @ arrival royalhome | x3
come came come +back | zurück|kommen kommt zurückgekommen (sein) | revenir revient reviennent revenu (être) | person animal: @ | slow x3
shop shopped shopped shopping | ein|kaufen | acheter achète achètent acheté | nobody: @ |
bark | bellen | aboyer aboie aboient aboyé | pet: @ out | loud
sit sat sat sitting | sitzen sitzt gesessen | être assis | person pet: @ seat seat royalseat shade | quiet together stative_place present x5
stand stood stood | stehen steht gestanden | être debout | person ground: @ out near bridge | quiet stative_place present x4
lie lay lain lying | liegen liegt gelegen | être allongé | person pet: @ lying home shade beach | quiet stative_place present x3
"""

TRANSITIVE = """
read read read | lesen liest gelesen | lire lit lisent lu | person: readable readable @ seat home study out waiting | quiet slow x7
write wrote written | schreiben schreibt geschrieben | écrire écrit écrivent écrit | person: writable @ seat home study | slow x3
eat ate eaten | essen isst gegessen | manger | person: food @ home meal seat | slow x7
drink drank drunk | trinken trinkt getrunken | boire boit boivent bu | person: drink @ home meal seat | slow x7
hold held held | halten hält gehalten | tenir tient tiennent tenu | person: holdable | present x4
carry | tragen trägt getragen | porter | person: carried | slow careful x4
wear wore worn | tragen trägt getragen | porter | person: clothes @ in out | present poss x8
put_on put put putting +on | an|ziehen zieht angezogen | mettre met mettent mis | person: fabric pairs @ home | slow fast poss x6
take_off took taken +off | aus|ziehen zieht ausgezogen | enlever enlève enlèvent enlevé | person: fabric pairs @ home | slow poss x5
buy bought bought | kaufen | acheter achète achètent acheté | person: buyable food clothes gift @ shop | x5
sell sold sold | verkaufen verkauft verkauft | vendre vend vendent vendu | worker lady man woman: buyable fruit massfood flower @ shop | x3
wash | waschen wäscht gewaschen | laver | person: washable vessel @ home garden street | careful slow x4
paint | malen | peindre peint peignent peint | painter child adult: painted @ home garden | slow careful x2
draw drew drawn | zeichnen | dessiner | person: drawable @ home study | slow x2
repair | reparieren repariert repariert | réparer | adult: fixable | careful together x4
build built built | bauen | construire construit construisent construit | adult: buildable @ garden | slow together x2
clean | putzen | nettoyer nettoie nettoient nettoyé | person: cleanable | careful fast x4
cook | kochen | cuisiner | person kitchener: cookable @ cooking | slow x3
bake | backen backt gebacken | préparer | adult kitchener: bakeable @ cooking | x3
love | lieben | aimer | person: family sibling offspring pet royal cuisine | stative present x4
see saw seen | sehen sieht gesehen | voir voit voient vu | person: person pet visible landmark @ near | stative x4
find found found | finden findet gefunden | trouver | person: mislaid flat royalthing @ home out | x3
look_for looked looked looking /for | suchen | chercher | person: mislaid pet royalthing @ home out | x4
hug hugged hugged hugging | umarmen umarmt umarmt | serrer serre serrent serré | nobody: person |
kiss | küssen | embrasser | person: family sibling offspring royal | x3
help | helfen hilft geholfen /:dative | aider | person: person @ work cooking | together x4
thank | danken /:dative | remercier | person: worker family guest royal | x3
follow | folgen folgt gefolgt /:dative | suivre suit suivent suivi | person pet: person | slow present x3
feed fed fed | füttern füttert gefüttert | nourrir nourrit nourrissent nourri | person: animal @ fieldwork work | x3
pet petted petted petting | streicheln streichelt gestreichelt | caresser | person: pet ground | careful x3
push | schieben schiebt geschoben | pousser | adult child: pushable @ street | slow x2
pull | ziehen zieht gezogen | tirer | adult horse: pullable | slow x3
visit | besuchen besucht besucht | visiter | person: visit royalhome | x3
greet | begrüßen begrüßt begrüßt | saluer | person: person guest @ royalroom | happy x4
meet met met | treffen trifft getroffen | rencontrer | person: person @ out meal royalroom | x4
protect | beschützen beschützt beschützt | protéger protège protègent protégé | armed royal: royal realm royalhome child | stative x3
photograph | fotografieren fotografiert fotografiert | photographier | tourist adult: person animal visible landmark | x3
know knew known | kennen | connaître connaît connaissent connu | person: person | stative present x3
open | öffnen | ouvrir ouvre ouvrent ouvert | person: openable | careful slow fast x4
close | schließen schließt geschlossen | fermer | person: openable_door openable | quiet slow x3
turn_on turned turned +on | ein|schalten schaltet eingeschaltet | allumer | person: switchable @ home | x4
turn_off turned turned +off | aus|schalten schaltet ausgeschaltet | éteindre éteint éteignent éteint | person: switchable @ home | x4
pick_up picked picked +up | auf|heben hebt aufgehoben | ramasser | person: throwable flat trash toy @ out | careful slow x4
throw_away threw thrown +away | weg|werfen wirft weggeworfen | jeter jette jettent jeté | person: trash paper | x4
hang_up hung hung +up | auf|hängen hängt aufgehängt | accrocher | person: hangable outer @ home | careful x3
invite | ein|laden lädt eingeladen | inviter | person: person guest | x5
call | an|rufen ruft angerufen | appeler appelle appellent appelé | person: person | x4
bring_along brought brought +along | mit|bringen bringt mitgebracht | apporter | person: gift food_gift | x3
prepare | vor|bereiten bereitet vorbereitet | préparer | person: dish | careful x3
look_at looked looked looking /at | an|sehen sieht angesehen | regarder | person: visible landmark picturable flower | quiet x5
listen_to listened listened /to | zu|hören hört zugehört /:dative | écouter | person: musician speaker family royal | quiet x4
pick | pflücken | cueillir cueille cueillent cueilli | person: pickable @ garden | careful x3
plant | pflanzen | planter | gardener adult: plantable @ garden | careful x2
water | gießen gießt gegossen | arroser | gardener adult: waterable @ garden | slow careful x2
catch caught caught | fangen fängt gefangen | attraper | child pet: throwable | fast x2
throw threw thrown | werfen wirft geworfen | lancer | child adult: throwable | x3
order | bestellen bestellt bestellt | commander | adult tourist: food drink | meal x3
cross | überqueren überquert überquert | traverser | person: crossable | slow fast x3
leave left left leaving | verlassen verlässt verlassen | quitter | person: enter | slow fast x3
enter | betreten betritt betreten /: | entrer entre entrent entré (être) /dans | person: enter | slow x3
drive drove driven | fahren fährt gefahren | conduire conduit conduisent conduit | adult: drivable | slow fast x3
ride rode ridden | reiten reitet geritten | monter | royal adult: rideable | x2
rule | regieren regiert regiert | gouverner | ruler: realm | stative x7
wear_crown wore worn | tragen trägt getragen | porter | royal: regalia jewel @ royalroom royalseat | poss x9
"""

PREPOSITIONAL = """
wait_for waited waited /for | warten /auf:accusative | attendre attend attendent attendu | person: awaited person @ waiting | x5
talk_with talked talked /with | sprechen spricht gesprochen /mit:dative | parler /avec | person: person @ out seat royalroom meal | quiet x5
dance_with danced danced /with | tanzen /mit:dative | danser /avec | person: person @ royalroom | x3
play_with played played /with | spielen /mit:dative | jouer /avec | child pet: toy pet @ out home | x4
think_of thought thought /of | denken denkt gedacht /an:accusative | penser /à | person: family offspring royal | stative x3
dream_of dreamed dreamed /of | träumen /von:dative | rêver /de | person: royal visible royalthing realm | stative x3
take_care_of took taken taking_care /of | sich kümmern kümmert gekümmert /um:accusative | s'occuper /de | person: animal child garden grand | x3
climb climbed climbed | klettern klettert geklettert (sein) /auf:accusative | grimper /sur | child adult cat: climbable | slow fast x3
go_to went gone going /to | gehen geht gegangen (sein) /zu:dative | aller va vont allé (être) /à | person: goal | slow purpose x8
run_to ran run running /to | rennen rennt gerannt (sein) /zu:dative | courir court courent couru /à | person: goal | x3
go_into went gone going /into | gehen geht gegangen (sein) /in:accusative | entrer (être) /dans | person ground: enter | slow purpose x5
run_into ran run running /into | rennen rennt gerannt (sein) /in:accusative | courir court courent couru /dans | person ground: enter | purpose x4
jump_into jumped jumped /into | springen springt gesprungen (sein) /in:accusative | sauter /dans | person: water | x3
walk_through walked walked /through | gehen geht gegangen (sein) /durch:accusative | marcher /à_travers | person ground: through | slow x4
live_in lived lived living /in | wohnen /in:dative | vivre vit vivent vécu /dans | person: house village city royalhome | stative present x5
smile_at | an|lächeln | sourire | nobody: | 
"""

DITRANSITIVE = """
give gave given | geben gibt gegeben | donner | person: gift holdable carried fruit | x6
show showed shown | zeigen | montrer | person: readable picture toy gift | x4
bring brought brought | bringen bringt gebracht | apporter | person: message drink standing fruit readable | x4
send sent sent | schicken | envoyer envoie envoient envoyé | person: message gift picture | x3
tell told told | erzählen erzählt erzählt | raconter | adult person: tellable | x4
lend lent lent | leihen leiht geliehen | prêter | person: owned readable carried | x2
"""

PLACING = """
put put put putting | legen | mettre met mettent mis | person: flat clothes fruit on surface seat into container | careful x6
place | stellen | poser | person: standing carried on surface | careful x4
"""

GAMES = """
play tennis | Tennis | au?0 tennis:1
play soccer | Fußball | au?0 football:1
play cards | Karten | aux?0 cartes:1
play chess | Schach | aux?0 échecs:1
"""
