//! What a voter wants who writes a text: no more texts, texts again, help. In English and Spanish, in any reasonable
//! wording: a stop need not be one word (47 CFR 64.1200(a)(10), in force since 2025-04-11).
//!
//! A stop that is none costs a voter a text; one that was not understood is a wrong. So a stop is looked for in whole
//! sentences, a yes only as a text that says nothing else.

use crate::language::Language;

/// What a text asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// No more texts.
    Stop,
    /// Texts again.
    Join,
    /// Help.
    Help,
}

/// A text that is one of these, but for courtesies around it. The words of the contract and of the carriers first.
const WHOLE: [(Wish, &str, &[&str]); 6] = [
    (
        Wish::Stop,
        "en",
        &[
            "STOP",
            "STOPALL",
            "UNSUBSCRIBE",
            "CANCEL",
            "END",
            "QUIT",
            "REVOKE",
            "OPT OUT",
            "OPTOUT",
            "STOPP",
            "REMOVE",
            "NO MORE",
            "ENOUGH",
        ],
    ),
    (
        Wish::Stop,
        "es",
        &[
            "ALTO",
            "PARAR",
            "PARE",
            "PAREN",
            "PARA",
            "DETENER",
            "DETENGAN",
            "DETENGANSE",
            "CANCELAR",
            "CANCELE",
            "BAJA",
            "BASTA",
            "TERMINAR",
            "FIN",
            "SALIR",
            "NO MAS",
            "ELIMINAR",
            "BORRAR",
            "DESUSCRIBIR",
            "DESUSCRIBIRME",
            "DESUSCRIBIRSE",
            "DESINSCRIBIR",
            "REVOCAR",
            "SUFICIENTE",
        ],
    ),
    (Wish::Join, "en", &["JOIN", "START", "UNSTOP", "SUBSCRIBE", "RESUBSCRIBE", "OPT IN", "OPTIN"]),
    (
        Wish::Join,
        "es",
        &["UNIRME", "UNIRSE", "EMPEZAR", "COMENZAR", "INICIAR", "SUSCRIBIR", "SUSCRIBIRME", "ALTA"],
    ),
    (Wish::Help, "en", &["HELP", "INFO"]),
    (Wish::Help, "es", &["AYUDA", "INFORMACION"]),
];

/// What may stand around them.
const COURTESIES: &[&str] = &[
    "PLEASE", "PLS", "PLZ", "KINDLY", "HI", "HELLO", "HEY", "OK", "OKAY", "THANKS", "THANK", "YOU", "THX",
    "NOW", "JUST", "ALREADY", "IT", "THIS", "THAT", "ME", "ALL", "TEXT", "TEXTS", "MESSAGE", "MESSAGES",
    "MSG", "MSGS", "ALERTS", "I", "WANT", "TO", "WOULD", "LIKE", "HOLA", "POR", "FAVOR", "PORFAVOR",
    "GRACIAS", "YA", "TODO", "TODOS", "LOS", "MENSAJE", "MENSAJES", "TEXTOS", "QUIERO", "ESTO",
];

/// These anywhere in a text are a stop, unless right after a word of [`NEGATIONS`].
const SAID: [(&str, &[&str]); 2] = [
    (
        "en",
        &[
            "STOP TEXTING",
            "STOP MESSAGING",
            "STOP SENDING",
            "STOP CONTACTING",
            "STOP WRITING",
            "STOP THESE",
            "STOP BOTHERING",
            "STOP SPAMMING",
            "STOP HARASSING",
            "QUIT TEXTING",
            "QUIT SENDING",
            "QUIT MESSAGING",
            "REMOVE ME",
            "REMOVE MY NUMBER",
            "REMOVE THIS NUMBER",
            "DELETE ME",
            "DELETE MY NUMBER",
            "TAKE ME OFF",
            "TAKE MY NUMBER OFF",
            "TAKE THIS NUMBER OFF",
            "OPT ME OUT",
            "OPT OUT",
            "OPTING OUT",
            "UNSUBSCRIBE",
            "UNSUBSCRIBE ME",
            "NO MORE TEXTS",
            "NO MORE TEXT",
            "NO MORE MESSAGES",
            "DO NOT TEXT",
            "DONT TEXT",
            "DO NOT MESSAGE",
            "DONT MESSAGE",
            "DO NOT CONTACT",
            "DONT CONTACT",
            "DO NOT SEND",
            "DONT SEND",
            "DO NOT WRITE",
            "DONT WRITE",
            "NEVER TEXT",
            "NEVER CONTACT",
            "LEAVE ME ALONE",
            "LOSE MY NUMBER",
            "WRONG NUMBER",
            "NOT INTERESTED",
            "REVOKE CONSENT",
            "REVOKE MY CONSENT",
            "WITHDRAW MY CONSENT",
            "DO NOT WANT THESE",
            "DONT WANT THESE",
            "DO NOT WANT YOUR",
            "DONT WANT YOUR",
            "DO NOT WANT ANY MORE",
            "DONT WANT ANY MORE",
            "DO NOT WANT TO RECEIVE",
            "DONT WANT TO RECEIVE",
            "DO NOT WANT TEXTS",
            "DONT WANT TEXTS",
            "DO NOT WANT MESSAGES",
            "DONT WANT MESSAGES",
        ],
    ),
    (
        "es",
        &[
            "NO MAS MENSAJES",
            "NO MAS TEXTOS",
            "NO ME ENVIE",
            "NO ME ENVIEN",
            "NO ME ENVIES",
            "NO ME MANDE",
            "NO ME MANDEN",
            "NO ME MANDES",
            "NO ME ESCRIBA",
            "NO ME ESCRIBAN",
            "NO ME ESCRIBAS",
            "NO ME CONTACTE",
            "NO ME CONTACTEN",
            "NO ME TEXTEE",
            "NO ME TEXTEEN",
            "NO ENVIEN",
            "NO MANDEN",
            "NO QUIERO MENSAJES",
            "NO QUIERO MAS",
            "NO QUIERO RECIBIR",
            "NO QUIERO SUS MENSAJES",
            "DEJE DE",
            "DEJEN DE",
            "DEJA DE",
            "PARE DE",
            "PAREN DE",
            "QUITEME",
            "QUITENME",
            "QUITAME",
            "ELIMINEME",
            "ELIMINENME",
            "ELIMINAME",
            "BORREME",
            "BORRENME",
            "BORRAME",
            "DEME DE BAJA",
            "DENME DE BAJA",
            "DAME DE BAJA",
            "DARME DE BAJA",
            "DAR DE BAJA",
            "SAQUEME",
            "SAQUENME",
            "CANCELAR SUSCRIPCION",
            "CANCELAR MI SUSCRIPCION",
            "CANCELAR LA SUSCRIPCION",
            "NUMERO EQUIVOCADO",
            "NO ME INTERESA",
            "NO MOLESTE",
            "NO MOLESTEN",
            "DEJENME EN PAZ",
            "REVOCO MI CONSENTIMIENTO",
        ],
    ),
];
const NEGATIONS: &[&str] = &["NOT", "DONT", "NEVER", "CANT", "CANNOT", "WONT", "NUNCA"];

/// A text of so few words that begins with one of these is a stop, whatever follows, unless it is where one stops by.
const SHORT: usize = 5;
const BEGINNINGS: [(&str, &str); 4] =
    [("en", "STOP"), ("en", "STOPALL"), ("en", "UNSUBSCRIBE"), ("es", "ALTO")];
const PLACES: &[&str] = &["BY", "AT", "IN", "FOR", "LIGHT", "SIGN"];

impl Wish {
    /// What a text asks for, and in which language; nothing of one that asks for something else. Case, accents, signs and
    /// courtesies do not matter.
    #[must_use]
    pub fn of(text: &str) -> Option<(Self, Language)> {
        let words = words(text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (wish, language) = whole(&words).or_else(|| said(&words)).or_else(|| begun(&words))?;
        Some((wish, Language::parse(language).unwrap_or_default()))
    }
}

/// The words in upper case, without accents, apostrophes and other signs.
fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .to_uppercase()
        .chars()
        .filter(|sign| !matches!(sign, '\'' | '’' | '‘' | '`' | '´' | '\u{301}' | '\u{303}' | '\u{308}'))
        .map(|sign| match sign {
            'Á' | 'À' => 'A',
            'É' | 'È' => 'E',
            'Í' => 'I',
            'Ó' => 'O',
            'Ú' | 'Ü' => 'U',
            'Ñ' => 'N',
            sign if sign.is_alphanumeric() => sign,
            _ => ' ',
        })
        .collect();
    plain.split_whitespace().map(str::to_owned).collect()
}

/// As it stands, or without courtesies.
fn whole(words: &[&str]) -> Option<(Wish, &'static str)> {
    let bare: Vec<&str> = words.iter().copied().filter(|word| !COURTESIES.contains(word)).collect();
    [words.join(" "), bare.join(" ")].iter().find_map(|text| {
        let (wish, language, _) = WHOLE.iter().find(|(.., known)| known.contains(&text.as_str()))?;
        Some((*wish, *language))
    })
}

fn said(words: &[&str]) -> Option<(Wish, &'static str)> {
    let is_said = |phrase: &&str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.windows(phrase.len()).enumerate().any(|(at, window)| {
            let before = at.checked_sub(1).map(|before| words[before]);
            window == phrase && before.is_none_or(|word| !NEGATIONS.contains(&word))
        })
    };
    let (language, _) = SAID.iter().find(|(_, phrases)| phrases.iter().any(is_said))?;
    Some((Wish::Stop, *language))
}

fn begun(words: &[&str]) -> Option<(Wish, &'static str)> {
    let (first, rest) = words.split_first()?;
    let (language, _) = BEGINNINGS.iter().find(|(_, word)| word == first)?;
    let is_place = rest.first().is_some_and(|word| PLACES.contains(word));
    (words.len() <= SHORT && !is_place).then_some((Wish::Stop, *language))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(text: &str) -> Option<Wish> {
        Wish::of(text).map(|(wish, _)| wish)
    }

    #[test]
    fn a_word_is_understood_whatever_its_case_and_the_signs_around_it() {
        for (text, understood) in [
            ("STOP", Some(Wish::Stop)),
            (" stop\n", Some(Wish::Stop)),
            ("\"Stop.\"", Some(Wish::Stop)),
            ("stopall", Some(Wish::Stop)),
            ("Opt-out!", Some(Wish::Stop)),
            ("quit", Some(Wish::Stop)),
            ("join", Some(Wish::Join)),
            ("START", Some(Wish::Join)),
            ("unstop please", Some(Wish::Join)),
            ("Help?", Some(Wish::Help)),
            ("info", Some(Wish::Help)),
            ("¡Ayuda!", Some(Wish::Help)),
            ("", None),
            ("👍", None),
        ] {
            assert_eq!(wish(text), understood, "{text:?}");
        }
    }

    #[test]
    fn a_stop_is_understood_in_any_reasonable_wording() {
        for text in [
            "stop it",
            "Please stop",
            "STOP!!!",
            "please stop texting me",
            "Stop sending me this crap, I mean it",
            "stop, who is this",
            "take me off your list",
            "Remove me from this list please",
            "I'd like to opt out",
            "Opt me out now.",
            "unsubscribe me please, thank you",
            "Don't text me again",
            "don’t contact me",
            "DO NOT TEXT THIS NUMBER",
            "no more texts!",
            "Wrong number",
            "leave me alone",
            "I do not want to receive these anymore",
            "I revoke my consent",
            "Cancel all messages",
            "End",
        ] {
            assert_eq!(wish(text), Some(Wish::Stop), "{text:?}");
            assert_eq!(Wish::of(text).expect(text).1.primary(), "en", "{text:?}");
        }
        for text in [
            "alto",
            "Pare",
            "Cancelar por favor",
            "baja",
            "¡Basta ya!",
            "No más",
            "no mas mensajes",
            "No me envíen más mensajes",
            "no me escriban",
            "Dejen de mandarme textos",
            "Quítenme de su lista",
            "denme de baja",
            "número equivocado",
            "no quiero recibir mensajes",
        ] {
            assert_eq!(wish(text), Some(Wish::Stop), "{text:?}");
            assert_eq!(Wish::of(text).expect(text).1.primary(), "es", "{text:?}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_none() {
        for text in [
            "please do not stop",
            "don't stop texting me",
            "Never unsubscribe me",
            "Where can I vote?",
            "Can I stop by the clerk's office?",
            "stop by tomorrow",
            "When does early voting end?",
            "I need help finding my polling place",
            "yes",
            "no",
            "start the registration for my son",
            "¿Para quién es esto?",
            "I quit my job",
        ] {
            assert_eq!(wish(text), None, "{text:?}");
        }
    }
}
