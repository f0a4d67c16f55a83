"""The adjectives: one row each, `English | German | French | tags of the nouns they fit`.

German "stem" or "predicative/stem" (teuer/teur); French masculine, then what differs from the rule among feminine
(after ","), masculine before a vowel (after "~"); a "+" before the French word puts it in front of the noun. "pred"
allows "is ...", "colour" may follow another adjective.
"""

ADJECTIVES = """
young | jung | +jeune | person pred x5
old | alt | +vieux,vieille~vieil | person readable building fixable outer clothes instrument pred x3
small | klein | +petit | animal building carried toy standing fruit boat x3
big | groß | +grand | pet building carried container bakeable x2
little | klein | +petit | child x3
tall | groß | +grand | person high x2
beautiful | schön | +beau,belle,beaux~bel | heir feminine garden flower royalhome regalia x2
pretty | hübsch | +joli | feminine toy house
new | neu | +nouveau,nouvelle,nouveaux~nouvel | clothes readable fixable carried instrument toy x2
good | gut | +bon,bonne | readable bakeable hot teacher cook doctor x2
long | lang | +long,longue | message ladder dress skirt coat scarf story x2
strong | stark | fort | adult farm armed
friendly | freundlich | aimable | worker family pet pred x2
happy | glücklich | heureux,heureuse | person pred x2
sad | traurig | triste | person tellable pred
tired | müde/müd | fatigué | person pet pred x2
hungry | hungrig | affamé | animal child pred
sick | krank | malade | person animal pred
clever | klug | intelligent | child pet adult pred
brave | mutig | courageux,courageuse | heir armed sibling worker pred
proud | stolz | fier,fière | royal grand offspring pred
rich | reich | riche | royal adult pred
poor | arm | pauvre | adult pred
wise | weise/weis | sage | ruler grand pred
famous | berühmt | célèbre | worker visible museum pred
powerful | mächtig | puissant | ruler pred
royal | königlich | royal,royale,royaux | royalhome regal royalroom palace_garden guest x3
curious | neugierig | curieux,curieuse | child animal pred
blond | blond | blond | child adult colour x2
elegant | elegant | élégant | fabric feminine ruler
red | rot | rouge | clothes vehicle flower toy carried painted fruit colour x5
blue | blau | bleu | clothes vehicle toy carried painted standing colour x5
green | grün | vert | clothes vehicle toy carried painted fruit colour x4
yellow | gelb | jaune | clothes vehicle toy carried painted flower colour x4
black | schwarz | noir | clothes vehicle pet farm carried instrument colour x4
white | weiß | blanc,blanche | clothes vehicle pet farm painted standing colour x4
brown | braun | brun | clothes pet farm carried colour x3
grey | grau | gris | clothes pet fabric colour x2
golden | golden | doré | regalia regal jewel royalseat carriage x2
colorful | bunt | coloré | toylike fabric flower kite x2
fresh | frisch | frais,fraîche | fruit massfood cookable x2
hot | heiß | chaud | hot pred x3
cold | kalt | froid | cool pred x3
sweet | süß | sucré | fruit sweet
delicious | lecker | délicieux,délicieuse | bakeable cookable sweet pred x2
heavy | schwer | lourd | carried container x2
empty | leer | vide | standing container vessel street park pred x2
clean | sauber | propre | washable standing home cleanable pred x2
dirty | schmutzig | sale | washable pairs standing cleanable pred x2
broken | kaputt | cassé | fixable toy pred x2
expensive | teuer/teur | cher,chère | gadget jewel vehicle instrument pred
interesting | interessant | intéressant | readable visit tellable x2
exciting | spannend | passionnant | readable tellable x2
warm | warm | chaud | outer fabric
high | hoch/hoh | +haut | high climbable royalhome
quiet | ruhig | calme | village street out home
modern | modern | moderne | office museum library vehicle x2
large | groß | +grand | visit royalroom home landmark x2
thick | dick | épais,épaisse | coat sweater scarf book
full | voll | plein | vessel container pred
"""

FEATURE_ADJECTIVES = """
long | lang | long,longue | hair beard
short | kurz | court | hair beard
blond | blond | blond | hair
brown | braun | brun | hair
grey | grau | gris | hair beard
black | schwarz | noir | hair beard
white | weiß | blanc,blanche | hair beard
"""
