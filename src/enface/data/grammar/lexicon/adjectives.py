"""The adjectives: one row each, `English | German | French | tags of the nouns they fit`.

German "stem" or "predicative/stem" (teuer/teur); French masculine, then what differs from the rule among feminine
(after ","), masculine before a vowel (after "~"); a "+" before the French word puts it in front of the noun. "pred"
allows "is ...", "colour" may follow another adjective, "xN" is the weight.
"""

ADJECTIVES = """
young | jung | +jeune | youngish x6
old | alt | +vieux,vieille~vieil | aged readable building fixable outer instrument bag suitcase x4
small | klein | +petit | animal building carried toy standing boat strawberry lake x3
big | groß | +grand | pet container cake birthday_cake pizza toy apple bed x3
little | klein | +petit | child x4
tall | groß | +grand | youngish ruler x3
beautiful | schön | +beau,belle,beaux~bel
    | heir woman dress skirt necklace garden flower rose royalhome crown horse palace_garden picture x3
new | neu | +nouveau,nouvelle,nouveaux~nouvel | clothes readable fixable carried instrument toy gadget x3
good | gut | +bon,bonne | readable bakeable cookable hot teacher cook doctor x3
long | lang | +long,longue | message ladder dress skirt coat scarf story bridge train poem x3
strong | stark | fort | man farmer soldier policeman horse pred x2
friendly | freundlich | aimable | worker kin pet guest neighbor pred x2
happy | glücklich | heureux,heureuse | person pred x3
sad | traurig | triste | person story pred x2
tired | müde/müd | fatigué | person pet pred x3
hungry | hungrig | affamé | animal child pred x2
sick | krank | malade | person animal pred x2
clever | klug | intelligent | child pet adult pred x2
brave | mutig | courageux,courageuse | heir armed sibling policeman pred x3
proud | stolz | fier,fière | royal grand offspring pred x2
rich | reich | riche | royal man woman lady guest pred x2
poor | arm | pauvre | farmer man woman musician painter pred x2
wise | weise/weis | sage | ruler grand pred x3
famous | berühmt | célèbre | worker visible museum pred
royal | königlich | royal,royale,royaux | carriage royalhome guest crown sword palace_garden x4
curious | neugierig | curieux,curieuse | child animal tourist pred x2
blond | blond | blond | youngish heir child colour x2
elegant | elegant | élégant | lady ruler coat dress scarf car restaurant x3
red | rot | rouge | clothes vehicle flower toy carried apple strawberry colour x5
blue | blau | bleu | clothes vehicle toy carried standing colour x5
green | grün | vert | clothes vehicle toy carried apple colour x4
yellow | gelb | jaune | clothes vehicle toy carried flower colour x4
black | schwarz | noir | clothes vehicle pet cattle carried instrument colour x4
white | weiß | blanc,blanche | clothes vehicle pet cattle house fence standing rose colour x4
brown | braun | brun | clothes pet cattle carried colour x3
grey | grau | gris | clothes pet horse wall tower colour x3
golden | golden | doré | crown sword necklace royalseat carriage key x5
colorful | bunt | coloré | toy scarf dress skirt flower picture umbrella bird x3
fresh | frisch | frais,fraîche | fruit massfood egg salad x3
hot | heiß | chaud | hot pred x4
cold | kalt | froid | cool pred x4
sweet | süß | sucré | fruit sweet drink x2
delicious | lecker | délicieux,délicieuse | bakeable cookable sweet salad massfood pred x2
heavy | schwer | lourd | carried container x4
empty | leer | vide | vessel basket box bag street bottle theater pred x3
clean | sauber | propre | washable standing kitchen table bedroom pred x3
dirty | schmutzig | sale | washable pairs standing window pred x3
broken | kaputt | cassé | fixable toy pred x3
expensive | teuer/teur | cher,chère | gadget jewel car instrument dress vase pred x3
interesting | interessant | intéressant | readable museum city village pred x3
exciting | spannend | passionnant | book story magazine picture_book pred x4
warm | warm | chaud | outer sweater x3
high | hoch/hoh | +haut | roof wall tower mountain fence x4
quiet | ruhig | calme | village street park lake beach living_room library bedroom forest x3
modern | modern | moderne | office museum library hospital kitchen car train_station x3
large | groß | +grand | city museum house square market forest garden kitchen field castle palace royalroom x3
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
