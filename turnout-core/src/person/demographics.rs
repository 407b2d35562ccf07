//! What forms ask about a person, by wire value and label (`domain.md` 6).

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $wire:literal, $label:literal;)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $(#[doc = $label] #[serde(rename = $wire)] $variant,)*
        }

        impl $name {
            /// Every choice.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Reads the wire value, case-sensitively.
            #[must_use]
            pub fn parse(wire: &str) -> Option<Self> {
                match wire {
                    $($wire => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// The value on the wire and in the database.
            #[must_use]
            pub fn wire(self) -> &'static str {
                match self { $(Self::$variant => $wire,)* }
            }

            /// The English label, as printed on forms.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }
        }

        impl $crate::asked::Choice for $name {
            const EVERY: &'static [Self] = Self::ALL;

            fn spellings(self) -> [&'static str; 2] {
                [self.wire(), self.label()]
            }
        }
    )*};
}
pub(crate) use choices;

choices! {
    /// How a person is addressed.
    Title {
        Mr = "Mr", "Mr.";
        Mrs = "Mrs", "Mrs.";
        Miss = "Miss", "Miss";
        Ms = "Ms", "Ms.";
        Mx = "Mx", "Mx.";
    }
    /// Gender, as registration forms ask for it.
    Gender {
        Male = "Male", "Male";
        Female = "Female", "Female";
        NonBinary = "NonBinary", "Non-binary";
        Other = "Other", "Other";
    }
    /// Race or ethnic group, as registration forms ask for it.
    RaceEthnicity {
        Native = "Native", "American Indian / Alaskan Native";
        Aapi = "AAPI", "Asian / Pacific Islander";
        Black = "Black", "Black (not Hispanic)";
        Hispanic = "Hispanic", "Hispanic";
        Multi = "Multi", "Multi Racial";
        White = "White", "White (not Hispanic)";
        Other = "Other", "Other";
    }
    /// Choice of party.
    Party {
        None = "None", "None";
        Democratic = "Democratic", "Democratic";
        Republican = "Republican", "Republican";
        Green = "Green", "Green";
        Libertarian = "Libertarian", "Libertarian";
        Other = "Other", "Other";
    }
}

impl Title {
    /// Reads the wire value or the label: `Mr` or `Mr.` (quirk Q31).
    #[must_use]
    pub fn parse_or_label(text: &str) -> Option<Self> {
        Self::parse(text).or_else(|| Self::ALL.iter().copied().find(|title| title.label() == text))
    }
}
