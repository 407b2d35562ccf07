//! Moments as the databases keep them.

use chrono::{DateTime, NaiveDateTime, Utc};
use sqlx::{
    Decode, Encode, Sqlite, Type,
    encode::IsNull,
    error::BoxDynError,
    sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef},
};

/// UTC, always six digits of fraction: two such texts compare as their moments do.
const FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// A moment, cut to microseconds. In SQLite a text of fixed width, because sqlx would write as many digits as the
/// moment has, and such texts do not compare as moments do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) DateTime<Utc>);

impl Type<Sqlite> for Moment {
    fn type_info() -> SqliteTypeInfo {
        <String as Type<Sqlite>>::type_info()
    }

    fn compatible(kind: &SqliteTypeInfo) -> bool {
        <String as Type<Sqlite>>::compatible(kind)
    }
}

impl Encode<'_, Sqlite> for Moment {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(self.0.format(FORMAT).to_string(), buffer)
    }
}

impl<'r> Decode<'r, Sqlite> for Moment {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        let text = <String as Decode<Sqlite>>::decode(value)?;
        Ok(Self(NaiveDateTime::parse_from_str(&text, FORMAT)?.and_utc()))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn texts_of_moments_compare_as_the_moments_do() {
        let base = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let mut moments: Vec<DateTime<Utc>> =
            [0, 1, 10, 999_999, 1_000_000, 1_000_001, 100_000, 86_400_000_000]
                .into_iter()
                .map(|micros| base + TimeDelta::microseconds(micros))
                .collect();
        moments.sort_unstable();
        let texts: Vec<String> = moments.iter().map(|moment| moment.format(FORMAT).to_string()).collect();
        assert!(texts.is_sorted(), "{texts:?}");
        assert!(texts.iter().all(|text| text.len() == texts[0].len()), "{texts:?}");
        let back = NaiveDateTime::parse_from_str(&texts[1], FORMAT).expect("our own text").and_utc();
        assert_eq!(back, moments[1]);
    }
}
