"""What is printed on leaflets and can never change: which key chooses which language. Written out here a second time,
so that a test of the keys does not ask the code which keys they are."""

KEYS = {"1": "it", "2": "en", "3": "fr", "4": "es", "5": "ru", "6": "uk", "7": "ar", "8": "bn", "9": "hi"}
KEY_OF = {code: key for key, code in KEYS.items()}
OWN_NAMES = {
    "it": "Italiano",
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ru": "Русский",
    "uk": "Українська",
    "ar": "العربية",
    "bn": "বাংলা",
    "hi": "हिन्दी",
}
