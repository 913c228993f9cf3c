"""French words, in folded form, that tell what a place is to the person who names it."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Inside names of towns.
LINKS = _words("l le la les d de du des en sur sous a au aux et lez s")
# Before a place, and left out of the need with it.
INTRODUCING = _words(
    "a au aux sur vers dans de du des d en l le la les ville commune secteur cote pres proche"
    " autour alentours environs depuis direction entre jusqu jusque"
)
SAINT = _words("saint sainte sain sein sin cin ceint seint")
DETERMINERS = _words(
    "un une mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette ces"
    " deux trois quatre cinq six plusieurs quelques chaque aucun aucune quel quelle quels quelles"
    " tous toutes toute tout certains certaines petit petite grand grande gros grosse bon bonne"
)
SUBJECTS = _words("je j tu il elle on nous vous ils elles mon ma mes y c ca")
CONNECTORS = _words("mais car donc alors puis parce sinon cependant pourtant tandis pendant")
TITLES = _words(
    "mme madame mademoiselle mlle monsieur mr docteur dr maitre prenom nom surnom nomme nommee"
    " cordialement signe"
)
# Before a first name, but also before a town in a message without punctuation.
KIN = _words("fille fils mari femme soeur frere mere pere bebe ami amie copain copine")
TALKING = _words("parler dire demander ecrire telephoner donner parle dit demande ecrit parlez")

# A message made of a place and these says only the place.
POLITE = _words(
    "bonjour bonsoir salut coucou hello slt bjr bsr allo oui ouais ok okay d accord merci svp stp"
    " s il vous te plait a au aux sur vers dans de du le la les l en et moi c est ca je j suis"
    " habite vis chez ville commune ma mon alors euh heu ben bah plutot finalement pour voila"
    " donc non pardon desole ici nous on sommes mairie"
)

THANKING = _words("svp stp merci s il vous te plait please")

FUNCTION_WORDS = (
    POLITE
    | LINKS
    | _words(
        "ou mais avec qui que qu car si il elle on nous vous ils elles y ya sont comme depuis quand"
        " par sans me m te se n ne pas plus ce cette"
    )
)

LIVING = _words(
    "habite jabite jhabite jabit jhabit abitte habites habitons habitent habiter habitant habit"
    " abite abit dors dort dormons vis vit vivons loge loges"
    " logee logeons reside residons residant resident domicilie domiciliee domicilies domicile"
    " heberge hebergee heberges hebergement installe installee installes installer emmenage"
    " emmenager adresse vivant"
)
BEING = _words("suis sommes chui chuis jsuis jsui sui")
NOW = _words("maintenant mtn mnt desormais actuellement finalement plutot")
COMPARING = _words("plutot mieux prefere preference autre autres ailleurs proche pres loin")
WORKING = _words(
    "travaille travailles travaillons travaillait bosse bosses taffe taf jtaf jtaffe jbosse"
    " boulot employeur scolarise scolarisee scolarises etudie rdv rendez opere operee"
    " hospitalise hospitalisee"
    " dit dite envoie envoye envoyee envoient oriente orientee proposent"
)
WORKPLACES = _words("travail taf boulot job bureau employeur entreprise")
OBTAINED = _words("trouve obtenu decroche signe eu commence accepte")
JOBS = _words("cdd cdi contrat poste emploi travail taf boulot job mission interim stage place")
HOMES = _words("adresse ville commune quartier appartement logement maison domicile foyer")
# Someone else's town, or an office's.
OTHERS = _words(
    "mari femme conjoint conjointe compagnon copain copine mere pere maman papa soeur frere fils"
    " fille cousin cousine tante oncle parents ami amie amis famille voisine ex"
    " conseiller conseillere referent referente travailleuse assistante"
)
SEARCHING = _words(
    "cherche cherches cherchons recherche recherchons jcherche chercher voudrais veux veut vouloir"
    " besoin trouver trouve trouverai trouverais aimerais souhaite souhaiterais faut faudrait ya"
    " creche creches cours formation formations atelier ateliers aide garde halte nounou nourrice"
    " forum place places inscrire inscription aller preference prefere interesse interessee"
    " existe propose proposez avez connaissez donnez donne indiquez indique quelqu quelles quels"
)
ASKING = _words("cherche recherche veux voudrais besoin")
NEAR = _words("pres proche proches proximite cote autour alentours environs secteur direction vers")
SWITCHING = _words(
    "maintenant mtn mnt desormais finalement finalemen plutot actuellement aujourd pardon enfin"
    " correction oups rectification erreur voulais non demenage demenager"
)
REFUSING = _words("ni sauf hormis excepte sans evite eviter hors jamais refuse refuser deteste")
LEAVING = _words(
    "quitte quitter quittee quittant quittes parti partie partir fui fuir sorti libere"
)
ORIGIN = _words("viens vient venons venant venu venue arrive arrivee demenage demenagee originaire")
PAST = _words(
    "habitais habitait habitions vivais vivait etais etait logeais vecu ancien ancienne"
    " anciennement auparavant autrefois nee originaire naissance"
)
BEFORE_BORN = BEING | _words("est es sommes etait etais pas")
STILL = _words("encore toujours")
DENYING = _words("pas plus sans non")
# What follows a town when nothing more is said of it: « crèche les lilas mercredi ».
MOMENTS = _words(
    "lundi mardi mercredi jeudi vendredi samedi dimanche matin midi soir demain vite urgent svp stp"
)
GOING, TO_WORK = _words("aller vais"), _words("travailler bosser taffer travail")
# Words after which nobody is there any more.
GONE = LEAVING | _words(
    "habitais habitait habitions vivais vivait logeais vecu ancien ancienne anciennement autrefois"
    " nee originaire naissance demenage demenagee sort sors sortie sortis liberee"
)
OFFICES = _words(
    "mairie ville commune gare prefecture sous-prefecture caf ccas agence ali locale antenne centre"
    " quartier cite secteur bibliotheque mediatheque tribunal region environs alentours hopital"
    " ecole college lycee social solidarites plie pmi poste banlieue coin zone"
)
STREETS = _words(
    "rue avenue av ave boulevard bd bld blvd boul allee allees chemin impasse square quai route"
    " autoroute passage villa rond-point ligne terminus sentier esplanade faubourg fbg"
)

QUARTER_WORDS = _words("arrondissement arrondissements arr arrdt arrond arrt arrondissemnt")
BEFORE_A_QUARTER = _words("dans le du au arrondissement vers")
NOT_A_QUARTER = _words("ans mois jours heures h euros km enfants enfant personnes fois semaines")
NOT_A_POSTCODE = _words(
    "euro euros eur centimes centime km kms metres personnes habitants fois heures h ans mois"
    " francs dinars fcfa"
    " janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
    " minutes mn jours semaines enfants pourcent"
)
