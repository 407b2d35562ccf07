//! The records of a document, one after the other: it may be larger than the memory.

use std::io::{self, Read};

use serde::Deserialize;

use super::Record;

/// Why a document cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is no list of records.
    #[error("it is no list of records as `dumpdata` writes it: {0}")]
    NoList(&'static str),
    /// A record is none. The cause names line and column within the record, and no value.
    #[error("record {number} is none: {source}")]
    Record {
        /// Which, counted from 1.
        number: u64,
        /// The cause.
        source: serde_json::Error,
    },
    /// It does not come.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The records of a document.
pub fn records<R: Read>(document: R) -> impl Iterator<Item = Result<Record, ReadError>> {
    Records { document, number: 0, ended: false }
}

struct Records<R> {
    document: R,
    number: u64,
    ended: bool,
}

impl<R: Read> Records<R> {
    /// The next byte that is no blank.
    fn sign(&mut self) -> Result<Option<u8>, ReadError> {
        let mut byte = [0];
        loop {
            match self.document.read(&mut byte) {
                Ok(0) => return Ok(None),
                Ok(_) if byte[0].is_ascii_whitespace() => {}
                Ok(_) => return Ok(Some(byte[0])),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether another record follows, up to its first byte.
    fn more(&mut self) -> Result<bool, ReadError> {
        if self.number == 0 && self.sign()? != Some(b'[') {
            return Err(ReadError::NoList("it does not begin with ["));
        }
        let first = match (self.number, self.sign()?) {
            (_, Some(b']')) => return self.end(),
            (0, Some(first)) => first,
            (_, Some(b',')) => match self.sign()? {
                Some(first) => first,
                None => return Err(ReadError::NoList("it ends after a comma")),
            },
            (_, None) => return Err(ReadError::NoList("it ends before its ]")),
            (_, Some(_)) => return Err(ReadError::NoList("a comma is missing between two records")),
        };
        if first == b'{' { Ok(true) } else { Err(ReadError::NoList("something in it is no object")) }
    }

    fn end(&mut self) -> Result<bool, ReadError> {
        match self.sign()? {
            None => Ok(false),
            Some(_) => Err(ReadError::NoList("something follows its ]")),
        }
    }

    fn record(&mut self) -> Result<Record, ReadError> {
        self.number += 1;
        // an object ends with its bracket, so no byte more is taken
        let object = (&b"{"[..]).chain(&mut self.document);
        let record = Record::deserialize(&mut serde_json::Deserializer::from_reader(object));
        record.map_err(|source| match source.is_io() {
            true => ReadError::Io(source.into()),
            false => ReadError::Record { number: self.number, source },
        })
    }
}

impl<R: Read> Iterator for Records<R> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = match self.more() {
            Ok(true) => Some(self.record()),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        };
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(document: &str) -> (usize, Option<String>) {
        let (mut count, mut error) = (0, None);
        for record in records(document.as_bytes()) {
            match record {
                Ok(_) => count += 1,
                Err(refused) => error = Some(refused.to_string()),
            }
        }
        (count, error)
    }

    #[test]
    fn records_come_one_by_one_and_an_end_that_is_none_is_said() {
        let one = r#"{"model": "a.b", "pk": 1, "fields": {"x": [1, "}"]}}"#;
        for (document, count) in [
            ("[]".to_owned(), 0),
            (" [ ] \n".to_owned(), 0),
            (format!("[{one}]"), 1),
            (format!("[{one} ,\n{one}]\n"), 2),
        ] {
            assert_eq!(read(&document), (count, None), "{document}");
        }
        for (document, count, why) in [
            (String::new(), 0, "does not begin"),
            ("{}".to_owned(), 0, "does not begin"),
            ("[1]".to_owned(), 0, "no object"),
            ("[".to_owned(), 0, "ends before"),
            (format!("[{one}"), 1, "ends before"),
            (format!("[{one},"), 1, "after a comma"),
            (format!("[{one} {one}]"), 1, "comma is missing"),
            (format!("[{one}] x"), 1, "follows"),
            (format!("[{one}, {{\"model\": \"a.b\"}}]"), 1, "record 2 is none: missing field `pk`"),
            (format!("[{}", &one[..20]), 0, "record 1 is none"),
        ] {
            let (found, error) = read(&document);
            assert!(
                found == count && error.as_ref().is_some_and(|it| it.contains(why)),
                "{document}: {error:?}"
            );
        }
    }
}
