"""Every sentence that the channels say by themselves. The widget's own words are in jalon.js."""

_PRESENTATION = (
    "Bonjour, je suis Jalon. Vous parlez à une machine, pas à une personne.\n"
    "Je cherche avec vous des services près de chez vous.\n"
    "N'écrivez ni votre nom ni vos numéros personnels : je n'en ai pas besoin. "
    "La conversation est effacée après 24 heures de silence, "
    "ou tout de suite si vous écrivez « effacer ».\n"
)
_QUESTION = "Que cherchez-vous ? Écrivez-le avec vos mots, ou choisissez un sujet."
WELCOME = _PRESENTATION + _QUESTION

# Where JALON_REVIEW keeps misunderstood messages, without what is personal (docs/review.md).
KEPT_FOR_REVIEW = (
    "Si je ne comprends pas un message, il est gardé 30 jours, sans nom ni numéro. "
    "L'équipe le lit pour m'améliorer."
)
WELCOME_WITH_REVIEW = f"{_PRESENTATION}{KEPT_FOR_REVIEW}\n{_QUESTION}"

# Titles and the intents they stand for, as in the bot's own menu (bot/domain/conversation.yml).
NEEDS = (
    ("Garde d'enfants", "/garde_enfants"),
    ("Cours de français", "/francais"),
    ("Aide avec l'ordinateur", "/numerique"),
    ("Formation", "/formation"),
    ("Qui peut m'accompagner", "/agence"),
    ("Forums et rencontres", "/evenement"),
    ("Emploi et aides", "/offre_partenaire"),
    ("Informations sur le RSA", "/info_rsa"),
)

# When Rasa is stopped, hangs or says nothing. The number is in the directory (data/annuaire).
BOT_UNAVAILABLE = (
    "Je ne peux pas répondre en ce moment. Ce n'est pas de votre faute.\n"
    "Vous pouvez appeler le Département de la Seine-Saint-Denis au 01 43 93 93 93.\n"
    "Ailleurs, le CCAS de votre mairie peut vous renseigner.\n"
    "En cas de danger, appelez le 112.\n"
    "Vous pouvez aussi réessayer ici dans quelques minutes."
)
NOTHING_TO_READ = "Je n'ai rien pu lire. Écrivez ce que vous cherchez, par exemple « crèche »."

# Refusals: what happened, then what to do.
TOO_LONG = "Votre message est trop long. Écrivez l'essentiel en quelques phrases."
TOO_MANY_MESSAGES = "Vous écrivez très vite. Attendez quelques secondes, puis réessayez."
TOO_MANY_FROM_ADDRESS = "Il y a beaucoup de messages. Attendez quelques secondes, puis réessayez."
SESSION_UNKNOWN = "Cette conversation n'est plus ouverte. Commencez une nouvelle conversation."
CHOICE_UNKNOWN = "Ce choix n'est plus disponible. Écrivez votre demande."
NOT_UNDERSTOOD_BY_SERVER = "La demande n'a pas la forme attendue."
NOT_JSON = "La demande doit être en JSON."
NOT_FOUND = "Cette page n'existe pas."
INTERNAL_ERROR = "Une erreur est survenue. Réessayez dans quelques minutes."
