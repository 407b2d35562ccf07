//! Form bodies: pairs of names and texts from `application/x-www-form-urlencoded` and `multipart/form-data`.
//!
//! No route of the API takes a file: one in a multipart body is a value of the wrong type under its name.

use std::fmt;

use turnout_core::input::FormValue;

/// A form body that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MalformedForm(&'static str);

impl fmt::Display for MalformedForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Multipart form parse error - {}", self.0)
    }
}

/// The pairs of a URL-encoded body, in order.
pub(super) fn urlencoded(body: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

/// The texts and the names of files of a multipart body, as [`parts`] has them.
pub(super) fn multipart(content_type: &str, body: &[u8]) -> Result<Vec<(String, FormValue)>, MalformedForm> {
    let value = |part: &Part<'_>| match &part.file {
        None => String::from_utf8_lossy(part.content).into_owned().into(),
        Some(file) => FormValue::File(file.clone()),
    };
    Ok(parts(content_type, body)?.into_iter().map(|part| (part.name.clone(), value(&part))).collect())
}

/// A text or a file of a multipart body.
pub(super) struct Part<'a> {
    /// Its name in the form.
    pub(super) name: String,
    /// Of a file its name where it comes from.
    pub(super) file: Option<String>,
    /// Its bytes.
    pub(super) content: &'a [u8],
}

/// The texts and files of a multipart body (RFC 7578), in order. A file without a name is a choice that nobody made, and
/// is passed over. `content_type` names the boundary.
pub(super) fn parts<'a>(content_type: &str, body: &'a [u8]) -> Result<Vec<Part<'a>>, MalformedForm> {
    let boundary = parameter(content_type, "boundary")
        .filter(|boundary| (1..=70).contains(&boundary.len()))
        .ok_or(MalformedForm("Invalid boundary"))?;
    let delimiter = format!("\r\n--{boundary}");
    let delimiter = delimiter.as_bytes();
    // the first delimiter needs no line break before it
    let mut rest = if body.starts_with(&delimiter[2..]) {
        &body[delimiter.len() - 2..]
    } else {
        let at = find(body, delimiter).ok_or(MalformedForm("Boundary not found"))?;
        &body[at + delimiter.len()..]
    };
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let end = find(rest, delimiter).ok_or(MalformedForm("Last boundary missing"))?;
        let part = &rest[..end];
        rest = &rest[end + delimiter.len()..];
        let start = find(part, b"\r\n").ok_or(MalformedForm("Part without head"))? + 2;
        let part = &part[start..];
        let (head, content) = match find(part, b"\r\n\r\n") {
            Some(at) => (&part[..at], &part[at + 4..]),
            None => return Err(MalformedForm("Part without head")),
        };
        let head = String::from_utf8_lossy(head);
        let disposition = head.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
        });
        let disposition = disposition.ok_or(MalformedForm("Part without name"))?;
        let file = parameter(disposition, "filename").or_else(|| parameter(disposition, "filename*"));
        let name = parameter(disposition, "name").ok_or(MalformedForm("Part without name"))?;
        if file.as_deref() != Some("") {
            parts.push(Part { name, file, content });
        }
    }
    Ok(parts)
}

/// A parameter of a header, as in `form-data; name="a\"b"`.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let (_, mut rest) = header.split_once(';')?;
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => {
                let mut value = String::new();
                let mut letters = quoted.char_indices();
                let end = loop {
                    match letters.next()? {
                        (at, '"') => break at,
                        (_, '\\') => value.push(letters.next()?.1),
                        (_, letter) => value.push(letter),
                    }
                };
                (value, &quoted[end + 1..])
            }
            None => {
                let end = after.find(';').unwrap_or(after.len());
                (after[..end].trim_end().to_owned(), &after[end..])
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = next.trim_start().strip_prefix(';')?;
    }
}

fn find(body: &[u8], wanted: &[u8]) -> Option<usize> {
    body.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "multipart/form-data; charset=utf-8; boundary=\"x-y\"";

    fn text(name: &str, text: &str) -> (String, FormValue) {
        (name.to_owned(), FormValue::Text(text.to_owned()))
    }

    #[test]
    fn texts_and_files_are_read_and_a_file_that_nobody_chose_is_passed_over() {
        let body = "--x-y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\ntwo\r\n\
                    --x-y\r\ncontent-disposition: form-data; name=f; filename=\"f; name=z\"\r\n\
                    Content-Type: text/plain\r\n\r\nbytes\r\n\
                    --x-y\r\nContent-Disposition: form-data; name=g; filename=\"\"\r\n\r\n\r\n\
                    --x-y\r\nContent-Disposition: form-data; name=\"q\\\"\"\r\n\r\n\r\n--x-y--\r\n";
        let file = ("f".to_owned(), FormValue::File("f; name=z".to_owned()));
        let pairs = [text("a", "one\r\ntwo"), file, text("q\"", "")];
        assert!(multipart(KIND, body.as_bytes()) == Ok(pairs.to_vec()));
        assert!(multipart(KIND, format!("preamble\r\n{body}").as_bytes()) == Ok(pairs.to_vec()));
        assert!(multipart(KIND, b"--x-y--") == Ok(Vec::new()));
    }

    #[test]
    fn a_body_that_is_no_multipart_is_refused() {
        for (kind, body) in [
            ("multipart/form-data", "--x-y--"),
            ("multipart/form-data; boundary=", "--x-y--"),
            (KIND, ""),
            (KIND, "--x-y"),
            (KIND, "--other\r\n\r\n--other--"),
            (KIND, "--x-y\r\nContent-Disposition: form-data; name=a\r\n\r\nno end"),
            (KIND, "--x-y\r\nno head\r\n--x-y--"),
            (KIND, "--x-y\r\nContent-Type: text/plain\r\n\r\nno name\r\n--x-y--"),
            (KIND, "--x-y\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--x-y--"),
        ] {
            assert!(multipart(kind, body.as_bytes()).is_err(), "{kind} {body:?}");
        }
    }

    #[test]
    fn pairs_are_decoded_in_order() {
        let pairs = urlencoded(b"a=1+2&b=%C3%A9&a=");
        let expected = [("a", "1 2"), ("b", "\u{e9}"), ("a", "")];
        assert_eq!(pairs, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
    }
}
