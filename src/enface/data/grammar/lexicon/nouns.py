"""The nouns: one row a noun, `English | German | French | tags`.

English "man/men" where the plural is irregular. German "gender singular plural", "weak" for the n-declension
(or "weak=Herrn"). French "gender singular/plural", the plural left out where it is regular, phrases in the notation of
`words.phrase`. Tags say what can be done with the thing; "at=KEY" is its preposition of place, "xN" its weight,
"en=", "de=", "fr=" the number it always has (s or p), "sex=m" or "sex=f" whom he or she stands for.
"""

PEOPLE = """
king | m König Könige | m roi | person aged youngish royal ruler adult sex=m x16
queen | f Königin Königinnen | f reine | person aged youngish royal ruler adult sex=f x16
prince | m Prinz Prinzen weak | m prince | person youngish royal heir sex=m x13
princess | f Prinzessin Prinzessinnen | f princesse | person youngish royal heir sex=f x13
man/men | m Mann Männer gen=Mannes | m homme | person aged youngish adult sex=m x16
woman/women | f Frau Frauen | f femme | person aged youngish adult sex=f x16
boy | m Junge Jungen weak | m garçon | person child sex=m x13
girl | n Mädchen Mädchen | f fille | person youngish child sex=f x13
child/children | n Kind Kinder gen=Kindes | m enfant | person child x8
father | m Vater Väter | m père | single person adult family kin sex=m x10
mother | f Mutter Mütter | f mère | single person adult family kin sex=f x10
brother | m Bruder Brüder | m frère | person family kin sibling sex=m x9
sister | f Schwester Schwestern | f sœur | person family kin sibling sex=f x9
son | m Sohn Söhne gen=Sohnes | m fils | person child kin offspring sex=m x8
daughter | f Tochter Töchter | f fille | person child kin offspring sex=f x8
uncle | m Onkel Onkel | m oncle | single person aged youngish adult family kin sex=m x9
aunt | f Tante Tanten | f tante | single person aged youngish adult family kin sex=f x9
grandfather | m Großvater Großväter | m grand-père/grands-pères | single person aged adult family kin grand sex=m x7
grandmother | f Großmutter Großmütter | f grand-mère/grands-mères | single person aged adult family kin grand sex=f x7
student | m Student Studenten weak | m étudiant | person youngish adult sex=m x5
teacher | m Lehrer Lehrer | m professeur | person aged youngish adult worker speaker sex=m x5
doctor | m Arzt Ärzte gen=Arztes | m médecin | person aged youngish adult worker sex=m x5
nurse | f Krankenschwester Krankenschwestern | f infirmière | person youngish adult worker sex=f x5
farmer | m Bauer Bauern weak | m fermier | person aged youngish adult worker farmer sex=m x5
cook | m Koch Köche gen=Kochs | m cuisinier | person youngish adult worker chef sex=m x5
baker | m Bäcker Bäcker | m boulanger | person aged youngish adult worker chef sex=m x4
gardener | m Gärtner Gärtner | m jardinier | person aged youngish adult worker gardener sex=m x5
musician | m Musiker Musiker | m musicien | person aged youngish adult worker sex=m x4
tourist | m Tourist Touristen weak | m touriste | person youngish adult sex=m x4
soldier | m Soldat Soldaten weak | m soldat | person youngish adult worker armed sex=m x5
policeman/policemen | m Polizist Polizisten weak | m policier | person youngish adult worker sex=m x4
waiter | m Kellner Kellner | m serveur | person youngish adult worker sex=m x4
waitress | f Kellnerin Kellnerinnen | f serveuse | person youngish adult worker sex=f x4
painter | m Maler Maler | m peintre | person aged youngish adult worker sex=m x4
neighbor | m Nachbar Nachbarn weak | m voisin | person aged youngish adult sex=m x4
guest | m Gast Gäste gen=Gastes | m invité | person aged adult sex=m x5
lady | f Dame Damen | f dame | person aged youngish adult sex=f x5
"""

ANIMALS = """
dog | m Hund Hunde gen=Hundes | m chien | animal pet ground x3
cat | f Katze Katzen | m chat | animal pet ground
horse | n Pferd Pferde gen=Pferdes | m cheval/chevaux | animal cattle rideable ground
bird | m Vogel Vögel | m oiseau | animal bird
duck | f Ente Enten | m canard | animal cattle
cow | f Kuh Kühe | f vache | animal cattle ground
rabbit | n Kaninchen Kaninchen | m lapin | animal pet ground
"""

CLOTHES = """
coat | m Mantel Mäntel | m manteau | clothes fabric outer hangable
shirt | n Hemd Hemden gen=Hemdes | f chemise | clothes fabric washable
jacket | f Jacke Jacken | f veste | clothes fabric outer hangable
hat | m Hut Hüte gen=Hutes | m chapeau | clothes outer
dress | n Kleid Kleider gen=Kleides | f robe | clothes fabric feminine washable
skirt | m Rock Röcke | f jupe | single clothes fabric feminine washable
scarf/scarves | m Schal Schals | f écharpe | single clothes fabric outer hangable
cap | f Mütze Mützen | f casquette | single clothes outer x2
sweater | m Pullover Pullover | m pull | single clothes fabric washable
shoe | m Schuh Schuhe | f chaussure | clothes pairs outer cleanable
boot | m Stiefel Stiefel | f botte | clothes pairs outer cleanable
glove | m Handschuh Handschuhe | m gant | clothes pairs outer
trousers/trousers | f Hose Hosen | m pantalon | clothes fabric washable en=p de=s fr=s x2
glasses/glasses | f Brille Brillen | f lunette/lunettes | clothes en=p de=s fr=p x2
sunglasses/sunglasses | f Sonnenbrille Sonnenbrillen | f lunette/lunettes de? soleil | clothes en=p de=s fr=p x2
uniform | f Uniform Uniformen | m uniforme | clothes fabric washable
tie | f Krawatte Krawatten | f cravate | single clothes fabric masculine
apron | f Schürze Schürzen | m tablier | single clothes fabric washable
helmet | m Helm Helme | m casque | single clothes outer
necklace | f Halskette Halsketten | m collier | single clothes feminine jewel
raincoat | m Regenmantel Regenmäntel | m imperméable | single clothes outer
crown | f Krone Kronen | f couronne | regalia x8
"""

FOOD = """
apple | m Apfel Äpfel | f pomme | food fruit
banana | f Banane Bananen | f banane | food fruit
orange | f Orange Orangen | f orange | food fruit
strawberry | f Erdbeere Erdbeeren | f fraise | food fruit pickable plural
potato | f Kartoffel Kartoffeln | f pomme/pommes de? terre | food plural cookable
egg | n Ei Eier | m œuf | food cookable
cake | m Kuchen Kuchen | m gâteau | food sweet bakeable
cookie | m Keks Kekse | m biscuit | food sweet plural bakeable
sandwich | n Sandwich Sandwichs | m sandwich | single food
pizza | f Pizza Pizzas | f pizza | food bakeable
soup | f Suppe Suppen | f soupe | food cookable single hot
salad | m Salat Salate | f salade | food single
bread | n Brot Brote | m pain | food mass massfood bakeable buyable
cheese | m Käse Käse | m fromage | food mass massfood buyable
chocolate | f Schokolade Schokoladen | m chocolat | food mass buyable
ice cream/ice creams | n Eis Eis | f glace | food single buyable
birthday cake/birthday cakes | m Geburtstagskuchen Geburtstagskuchen | m gâteau/gâteaux:1 d'anniversaire:0
    | food sweet bakeable single
coffee | m Kaffee Kaffees | m café | drink mass hot
tea | m Tee Tees | m thé | drink mass hot
milk | f Milch Milch | m lait | drink mass cool
water | n Wasser Wasser | f eau/eaux | drink mass cool
lemonade | f Limonade Limonaden | f limonade | drink mass cool
apple juice/apple juices | m Apfelsaft Apfelsäfte | m jus:1 de? pomme:0 | drink mass cool
orange juice/orange juices | m Orangensaft Orangensäfte | m jus:1 d'orange:0 | drink mass cool
"""

THINGS = """
newspaper | f Zeitung Zeitungen | m journal | readable flat paper
book | n Buch Bücher gen=Buches | m livre | readable writable flat gift
letter | m Brief Briefe | f lettre | readable writable flat paper openable message
magazine | f Zeitschrift Zeitschriften | m magazine | readable flat paper
map | f Landkarte Landkarten | f carte | single readable flat
story/stories | f Geschichte Geschichten | f histoire | readable writable tellable
poem | n Gedicht Gedichte | m poème | readable writable
picture book/picture books | n Bilderbuch Bilderbücher | m livre:1 d'images:0 | readable flat gift
picture | n Bild Bilder gen=Bildes | m tableau | drawable visible hangable gift
umbrella | m Regenschirm Regenschirme | m parapluie | single holdable openable closable mislaid
bag | f Tasche Taschen | m sac | holdable carried container
suitcase | m Koffer Koffer | f valise | single carried pullable closable
basket | m Korb Körbe gen=Korbes | m panier | carried container holdable
box | f Kiste Kisten | f boîte | carried container openable closable
flower | f Blume Blumen | f fleur | holdable pickable plantable gift waterable plural drawable buyable
rose | f Rose Rosen | f rose | holdable pickable plantable gift waterable plural
camera | f Kamera Kameras | m appareil/appareils photo | single holdable gadget
phone | n Telefon Telefone | m téléphone | single gadget mislaid
ball | m Ball Bälle | f balle | toy throwable holdable
doll | f Puppe Puppen | f poupée | toy holdable
kite | m Drachen Drachen | m cerf-volant/cerfs-volants | single toy holdable
balloon | m Luftballon Luftballons | m ballon | holdable toylike plural
teddy bear/teddy bears | m Teddybär Teddybären weak | m ours:1 en? peluche:0 | toy holdable cuddly
guitar | f Gitarre Gitarren | f guitare | single instrument carried
violin | f Geige Geigen | m violon | single instrument carried
lamp | f Lampe Lampen | f lampe | switchable fixable buyable
television | m Fernseher Fernseher | m téléviseur | single switchable fixable
radio | n Radio Radios | f radio | single switchable fixable buyable
key | m Schlüssel Schlüssel | f clé | flat mislaid holdable
gift | n Geschenk Geschenke | m cadeau | openable gift carried
ladder | f Leiter Leitern | f échelle | single carried
cup | f Tasse Tassen | f tasse | standing vessel
glass | n Glas Gläser | m verre | standing single vessel
bottle | f Flasche Flaschen | f bouteille | standing holdable vessel trash
plate | m Teller Teller | f assiette | single standing
vase | f Vase Vasen | m vase | single standing buyable
coffee cup/coffee cups | f Kaffeetasse Kaffeetassen | f tasse:1 à? café:0 | standing
water bottle/water bottles | f Wasserflasche Wasserflaschen | f bouteille:1 d'eau:0 | standing holdable
school bag/school bags | f Schultasche Schultaschen | m cartable | carried container mislaid
soccer ball/soccer balls | m Fußball Fußbälle | m ballon:1 de? football:0 | throwable holdable toy
washing machine/washing machines | f Waschmaschine Waschmaschinen | f machine:1 à? laver:0 | single switchable fixable
bicycle | n Fahrrad Fahrräder | m vélo | vehicle fixable pushable washable mislaid owned
car | n Auto Autos | f voiture | vehicle fixable washable drivable pushable owned buyable landmark
truck | m Lastwagen Lastwagen | m camion | vehicle drivable fixable landmark
fire truck/fire trucks | n Feuerwehrauto Feuerwehrautos | m camion:1 de? pompiers:0 | single drivable washable visible
tractor | m Traktor Traktoren | m tracteur | single vehicle drivable fixable washable
boat | n Boot Boote gen=Bootes | m bateau | single vehicle fixable buildable visible
bus | m Bus Busse | m bus | single vehicle drivable awaited
train | m Zug Züge | m train | single awaited visible
wooden box/wooden boxes | f Holzkiste Holzkisten | f caisse:1 en? bois:0 | carried container openable closable
carriage | f Kutsche Kutschen | m carrosse | single royalthing pullable
sword | n Schwert Schwerter gen=Schwertes | f épée | royalthing regal
treasure | m Schatz Schätze | m trésor | royalthing mislaid single
apple juice bottle/apple juice bottles | f Apfelsaftflasche Apfelsaftflaschen | f bouteille:2 de? jus:1 de? pomme:0
    | single standing holdable x2
meal | n Essen Essen | m repas | dish single
breakfast | n Frühstück Frühstücke | m petit-déjeuner/petits-déjeuners | dish single
party | n Fest Feste | f fête | dish single goal
hot air balloon/hot air balloons | m Heißluftballon Heißluftballons | f montgolfière | single visible flying x2
"""

PLACES = """
park | m Park Parks | m parc | single out nature through goal enter at=in x3
garden | m Garten Gärten | m jardin | single out nature through enter at=in x3
street | f Straße Straßen | f rue | single out crossable at=on/auf/dans x2
market | m Markt Märkte gen=Marktes | m marché | single out through goal at=at/auf/à x2
bus stop/bus stops | f Bushaltestelle Bushaltestellen | m arrêt/arrêts:1 de? bus:0
    | single out goal waiting at=at/an/à x3
train station/train stations | m Bahnhof Bahnhöfe | f gare | single out goal waiting arrival at=at/an/à x2
airport | m Flughafen Flughäfen | m aéroport | single goal arrival waiting at=at/an/à
beach | m Strand Strände gen=Strandes | f plage | single out nature goal at=on/an/sur x2
lake | m See Seen | m lac | single out nature waters lakes goal at=by x2
river | m Fluss Flüsse | f rivière | single out nature waters lakes goal crossable at=by
forest | m Wald Wälder gen=Waldes | f forêt | single out nature through enter at=in
field | n Feld Felder gen=Feldes | m champ | single out nature fieldwork at=in/auf/dans
playground | m Spielplatz Spielplätze | f aire:0 de? jeux:0 | single out play goal at=on/auf/sur
square | m Platz Plätze | f place | single out crossable at=on/auf/sur
bridge | f Brücke Brücken | m pont | single out crossable at=on/auf/sur landmark
farm | m Bauernhof Bauernhöfe | f ferme | single out fieldwork goal at=on/auf/à
zoo | m Zoo Zoos | m zoo | single out goal visit at=at/in/à
soccer field/soccer fields | m Fußballplatz Fußballplätze | m terrain:1 de? football:0
    | single out play goal at=on/auf/sur
school | f Schule Schulen | f école | single in goal study working visit at=at/in/à x2
kitchen | f Küche Küchen | f cuisine | single in enter home cooking cleanable at=in unique x2
living room/living rooms | n Wohnzimmer Wohnzimmer | m salon | single in enter home cleanable at=in unique
bedroom | n Schlafzimmer Schlafzimmer | f chambre | single in enter home cleanable at=in unique
bathroom | n Badezimmer Badezimmer | f salle:0 de? bains:0 | single in enter cleanable at=in unique
library/libraries | f Bibliothek Bibliotheken | f bibliothèque | single in goal study enter at=in
museum | n Museum Museen | m musée | single building in goal visit enter at=in
restaurant | n Restaurant Restaurants | m restaurant | single in meal working enter at=in
café | n Café Cafés | m café | single in meal enter at=in
hospital | n Krankenhaus Krankenhäuser | m hôpital | single in goal visit working at=in
office | n Büro Büros | m bureau | single in study working enter at=in
bakery/bakeries | f Bäckerei Bäckereien | f boulangerie | single in goal working at=in
shop | n Geschäft Geschäfte | m magasin | single in shop working enter at=in
church | f Kirche Kirchen | f église | single building in goal visit landmark at=in
theater | n Theater Theater | m théâtre | single in goal at=in
house | n Haus Häuser | f maison | building in enter landmark buildable painted owned at=in
village | n Dorf Dörfer gen=Dorfes | m village | single out through visit at=in
city/cities | f Stadt Städte | f ville | single out through visit at=in
bench | f Bank Bänke | m banc | single seat waiting at=on/auf/sur x3
sofa | n Sofa Sofas | m canapé | single seat buyable at=on/auf/sur x2
chair | m Stuhl Stühle | f chaise | single seat fixable buyable at=on/auf/sur
bed | n Bett Betten | m lit | single lying buyable at=on/auf/sur x2
table | m Tisch Tische | f table | single surface cleanable seat at=at/an/à x2
window | n Fenster Fenster | f fenêtre | cleanable openable closable at=at/an/à x2
door | f Tür Türen | f porte | openable closable fixable landmark
gate | n Tor Tore | m portail | single openable closable landmark
roof | n Dach Dächer | m toit | single fixable climbable high
tree | m Baum Bäume gen=Baumes | m arbre | landmark shade climbable plantable drawable
apple tree/apple trees | m Apfelbaum Apfelbäume | m pommier | shade climbable plantable landmark
mountain | m Berg Berge gen=Berges | f montagne | single climbable drawable
wall | f Mauer Mauern | m mur | single landmark climbable buildable painted
fence | m Zaun Zäune | f clôture | single landmark buildable painted
tower | m Turm Türme gen=Turmes | f tour | single building landmark buildable visible royalhome
fountain | m Brunnen Brunnen | f fontaine | single landmark visible
statue | f Statue Statuen | f statue | single landmark visible
castle | n Schloss Schlösser | m château | single building royalhome enter landmark drawable visible goal at=in x2
palace | m Palast Paläste | m palais | single building royalhome enter goal landmark visible at=in x4
throne | m Thron Throne gen=Thrones | m trône | single royalseat at=on/auf/sur unique
throne room/throne rooms | m Thronsaal Thronsäle | f salle:1 du?0 trône:0 | single royalroom enter at=in unique
ballroom | m Ballsaal Ballsäle | f salle:0 de? bal:0 | single royalroom enter at=in unique
palace garden/palace gardens | m Palastgarten Palastgärten | m jardin:1 du?0 palais:0
    | single royalroom enter out at=in unique
kingdom | n Königreich Königreiche | m royaume | single realm through at=in unique
country/countries | n Land Länder gen=Landes | m pays | single realm
"""

FEATURES = """
hair/hair | n Haar Haare | m cheveu/cheveux | hair en=s de=p fr=p mass
beard | m Bart Bärte gen=Bartes | f barbe | beard
"""

WEATHER = """
sun | f Sonne Sonnen | m soleil | sky unique
wind | m Wind Winde | m vent | sky unique
"""

GAMES = """
tennis/tennis | n Tennis Tennis | m au?0 tennis:0 | game mass
soccer/soccer | m Fußball Fußball | m au?0 football:0 | game mass
cards/cards | f Karten Karten | f aux?0 cartes:0 | game mass
chess/chess | n Schach Schach | m aux?0 échecs:0 | game mass
"""

NAMES = "Anna:f Maria:f Emma:f Clara:f Paul:m Peter:m Thomas:m Max:m"

TABLES = (PEOPLE, ANIMALS, CLOTHES, FOOD, THINGS, PLACES, FEATURES, WEATHER, GAMES)
