//! Moments and days as the databases keep them.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};

/// A moment, cut to microseconds by whichever database keeps it. In PostgreSQL a `timestamptz`. In SQLite a text of fixed
/// width, because sqlx would write as many digits as the moment has, and such texts do not compare as moments do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) DateTime<Utc>);

/// Not after any moment that is kept.
pub(crate) const BEGINNING_OF_TIME: DateTime<Utc> =
    DateTime::from_timestamp(-62_135_596_800, 0).expect("0001-01-01");
/// After every moment that is kept.
pub(crate) const END_OF_TIME: DateTime<Utc> =
    DateTime::from_timestamp(253_402_300_799, 0).expect("9999-12-31 23:59:59");

impl Moment {
    /// What is left of it in a database.
    fn kept(self) -> DateTime<Utc> {
        self.0.trunc_subsecs(6)
    }

    /// As a text that every database reads as the moment.
    pub(crate) fn text(self) -> String {
        self.kept().format(FORMAT).to_string()
    }
}

/// A day of the calendar. In PostgreSQL a `date`, in SQLite a text as `2026-11-03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day(pub(crate) NaiveDate);

/// UTC, always six digits of fraction: two such texts compare as their moments do.
const FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

#[cfg(feature = "sqlite")]
mod sqlite {
    use chrono::{NaiveDate, NaiveDateTime};
    use sqlx::{
        Decode, Encode, Sqlite, Type,
        encode::IsNull,
        error::BoxDynError,
        sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef},
    };

    use super::{Day, FORMAT, Moment};

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
            Encode::<Sqlite>::encode(self.text(), buffer)
        }
    }

    impl<'r> Decode<'r, Sqlite> for Moment {
        fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
            let text = <String as Decode<Sqlite>>::decode(value)?;
            Ok(Self(NaiveDateTime::parse_from_str(&text, FORMAT)?.and_utc()))
        }
    }

    impl Type<Sqlite> for Day {
        fn type_info() -> SqliteTypeInfo {
            <NaiveDate as Type<Sqlite>>::type_info()
        }

        fn compatible(kind: &SqliteTypeInfo) -> bool {
            <NaiveDate as Type<Sqlite>>::compatible(kind)
        }
    }

    impl Encode<'_, Sqlite> for Day {
        fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
            Encode::<Sqlite>::encode(self.0, buffer)
        }
    }

    impl<'r> Decode<'r, Sqlite> for Day {
        fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
            <NaiveDate as Decode<Sqlite>>::decode(value).map(Self)
        }
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
    use sqlx::{
        Decode, Encode, Postgres, Type,
        encode::IsNull,
        error::BoxDynError,
        postgres::{PgArgumentBuffer, PgTypeInfo, PgValueFormat, PgValueRef},
    };

    use super::{Day, Moment};

    /// What PostgreSQL counts microseconds and days from: the first moment of the year 2000.
    const EPOCH: DateTime<Utc> = DateTime::from_timestamp(946_684_800, 0).expect("it is a moment");

    impl Type<Postgres> for Moment {
        fn type_info() -> PgTypeInfo {
            <DateTime<Utc> as Type<Postgres>>::type_info()
        }
    }

    impl Encode<'_, Postgres> for Moment {
        fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
            Encode::<Postgres>::encode(self.kept(), buffer)
        }
    }

    /// Not by sqlx, which panics at a moment that chrono cannot hold, such as `infinity`.
    impl<'r> Decode<'r, Postgres> for Moment {
        fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
            if value.format() != PgValueFormat::Binary {
                return Err("a moment that is not in binary form".into());
            }
            let micros = TimeDelta::microseconds(<i64 as Decode<Postgres>>::decode(value)?);
            let moment = EPOCH.checked_add_signed(micros).ok_or("a moment that is too far away")?;
            Ok(Self(moment))
        }
    }

    impl Type<Postgres> for Day {
        fn type_info() -> PgTypeInfo {
            <NaiveDate as Type<Postgres>>::type_info()
        }
    }

    impl Encode<'_, Postgres> for Day {
        fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
            Encode::<Postgres>::encode(self.0, buffer)
        }
    }

    /// Not by sqlx, for the same reason.
    impl<'r> Decode<'r, Postgres> for Day {
        fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
            if value.format() != PgValueFormat::Binary {
                return Err("a day that is not in binary form".into());
            }
            let days = TimeDelta::days(<i32 as Decode<Postgres>>::decode(value)?.into());
            let day = EPOCH.date_naive().checked_add_signed(days).ok_or("a day that is too far away")?;
            Ok(Self(day))
        }
    }
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use chrono::{NaiveDateTime, TimeDelta};

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
