//! Twilio: texts out, and the signature of what it calls us with (`http-api.md` 15; docs of Twilio: "Webhooks security",
//! "Message resource", 2026-11).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use url::Url;

#[cfg(feature = "http-client")]
pub use sender::Twilio;

/// Whether Twilio, which knows this token, signed a call of this address with these fields. The address counts with its
/// port, without it, and with that of its scheme: which one Twilio signs is not certain.
#[must_use]
pub fn is_signed(token: &str, url: &str, fields: &[(String, String)], signature: &str) -> bool {
    // sorted by name, and a value that comes again counts once
    let mut sorted: Vec<&(String, String)> = fields.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let spellings = spellings(url);
    let is = |url: &String| {
        let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("HMAC takes a key of any length");
        mac.update(url.as_bytes());
        for (name, value) in &sorted {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
        let right = STANDARD.encode(mac.finalize().into_bytes());
        bool::from(right.as_bytes().ct_eq(signature.as_bytes()))
    };
    // all of them, so that the time does not tell which one it is
    spellings.iter().map(is).fold(false, |one, other| one | other)
}

/// The address as it is, without its port, and with that of its scheme. The rest is left as it was sent.
fn spellings(url: &str) -> Vec<String> {
    let mut spellings = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else { return spellings };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let bare = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let Some(bare) = bare.filter(|bare| host.starts_with(bare.as_str())) else { return spellings };
    if host != bare {
        spellings.push(format!("{scheme}://{bare}{path}"));
    } else {
        let port = if scheme == "https" { 443 } else { 80 };
        spellings.push(format!("{scheme}://{bare}:{port}{path}"));
    }
    spellings
}

#[cfg(feature = "http-client")]
mod sender {
    use std::sync::Arc;

    use async_trait::async_trait;
    use chrono::{DateTime, TimeDelta, Utc};
    use serde::Deserialize;
    use turnout_core::{
        error::{BoxError, ProviderError, ProviderErrorKind},
        person::Phone,
        ports::{
            http::{HttpClient, HttpRequest, HttpResponse},
            sms::{ListedSms, OutgoingSms, ReceivedSms, SentSms, SmsError, SmsLog, SmsSender},
        },
        sms::MessageStatus,
    };
    use url::Url;

    use crate::config::Secret;

    const NAME: &str = "twilio";
    const TIMEOUT: TimeDelta = TimeDelta::seconds(10);
    /// How many texts of its list are asked for at once: as many as it gives.
    const PAGE: &str = "1000";
    /// How many such pages are read at the most. A number does not get so many texts in a day.
    const PAGES: u32 = 20;
    /// The recipient has opted out at Twilio.
    const UNSUBSCRIBED: u32 = 21610;

    /// Sends texts by a messaging service of Twilio's, and reads its list. Cheap to clone.
    #[derive(Clone)]
    pub struct Twilio {
        http: Arc<dyn HttpClient>,
        url: Url,
        account: String,
        token: Secret,
        service: String,
    }

    /// A text as Twilio tells it.
    #[derive(Deserialize)]
    struct Taken {
        sid: String,
        status: Option<String>,
    }

    /// A page of Twilio's list, the newest text first.
    #[derive(Deserialize)]
    struct Page {
        messages: Vec<Listed>,
        next_page_uri: Option<String>,
    }

    /// A text in it.
    #[derive(Deserialize)]
    struct Listed {
        sid: String,
        from: Option<String>,
        body: Option<String>,
        status: Option<String>,
        direction: String,
        /// As in a mail: `Fri, 24 May 2019 17:18:27 +0000`.
        date_created: String,
    }

    /// Why Twilio said no. Its message repeats the number.
    #[derive(Deserialize)]
    struct Refused {
        code: Option<u32>,
    }

    /// The number of Twilio's reason.
    #[derive(Debug, thiserror::Error)]
    #[error("error {0} of Twilio's list")]
    struct Code(u32);

    impl Twilio {
        /// Sends as this account, at `base`, by this messaging service.
        #[must_use]
        pub fn new(
            http: Arc<dyn HttpClient>,
            base: &Url,
            account: String,
            token: Secret,
            service: String,
        ) -> Self {
            let mut url = base.clone();
            url.set_path(&format!("/2010-04-01/Accounts/{account}/Messages.json"));
            Self { http, url, account, token, service }
        }

        fn request(&self, sms: &OutgoingSms) -> HttpRequest {
            let from = match &sms.from {
                Some(number) => ("From", number.e164()),
                None => ("MessagingServiceSid", self.service.as_str()),
            };
            let mut fields = vec![("To", sms.to.e164()), from, ("Body", &sms.text)];
            fields.extend(sms.receipt_url.as_deref().map(|url| ("StatusCallback", url)));
            fields.extend(sms.media.iter().map(|url| ("MediaUrl", url.as_str())));
            let request = HttpRequest::post(self.url.clone()).with_form(fields).with_timeout(TIMEOUT);
            request.with_basic_auth(&self.account, self.token.reveal())
        }

        /// The texts of that direction that the list has for a number since that moment. Nothing is asked of the list but
        /// the number, and for texts that came in the day: by that one Twilio leaves out what it has not sent yet.
        async fn list(
            &self,
            to: &Phone,
            direction: &str,
            since: DateTime<Utc>,
        ) -> Result<Vec<(Listed, DateTime<Utc>)>, ProviderError> {
            // Twilio's moments have whole seconds
            let since = since - TimeDelta::seconds(1);
            let day = since.format("%Y-%m-%d").to_string();
            let mut query = vec![("To", to.e164()), ("PageSize", PAGE)];
            if direction == INBOUND {
                query.push(("DateSent>", &day));
            }
            let mut url = HttpRequest::get(self.url.clone()).with_query(query).url;
            let mut found = Vec::new();
            for _ in 0..PAGES {
                let request = HttpRequest::get(url.clone()).with_timeout(TIMEOUT);
                let request = request.with_basic_auth(&self.account, self.token.reveal());
                let response = self.http.send(request).await.map_err(|error| error.at(NAME))?;
                let page: Page = response.success(NAME)?.read_json().map_err(unreadable)?;
                let mut is_over = page.messages.is_empty();
                for listed in page.messages {
                    let at = DateTime::parse_from_rfc2822(&listed.date_created).map_err(unreadable)?.to_utc();
                    is_over |= at < since;
                    if at >= since && listed.direction == direction {
                        found.push((listed, at));
                    }
                }
                match page.next_page_uri.filter(|_| !is_over) {
                    None => return Ok(found),
                    Some(next) => url = self.page(&next)?,
                }
            }
            Err(unreadable(TooMany))
        }

        /// A page of the list by its path. Nobody else is shown the password.
        fn page(&self, path: &str) -> Result<Url, ProviderError> {
            let url = self.url.join(path).map_err(unreadable)?;
            if url.origin() != self.url.origin() {
                return Err(unreadable(Elsewhere));
            }
            Ok(url)
        }

        /// Only a plain no says that nothing was sent: a server that failed may have failed afterwards.
        fn answer(response: HttpResponse) -> Result<SentSms, SmsError> {
            let status = response.status.as_u16();
            if (400..500).contains(&status) {
                let code = response.read_json::<Refused>().ok().and_then(|refused| refused.code);
                if code == Some(UNSUBSCRIBED) {
                    return Err(SmsError::Stopped);
                }
                let error = response.success(NAME).err();
                let error = error.unwrap_or_else(|| ProviderError::new(NAME, ProviderErrorKind::Rejected));
                return Err(SmsError::NotSent(match code {
                    Some(code) => ProviderError::new(NAME, error.kind).because(Code(code)),
                    None => error,
                }));
            }
            let response = response.success(NAME).map_err(SmsError::InDoubt)?;
            let taken: Taken = response.read_json().map_err(|error| {
                SmsError::InDoubt(ProviderError::new(NAME, ProviderErrorKind::Unintelligible).because(error))
            })?;
            let status = taken.status.as_deref().and_then(MessageStatus::parse);
            Ok(SentSms { carrier_id: taken.sid, status })
        }
    }

    /// Which way a text goes, as Twilio says it: one that came in.
    const INBOUND: &str = "inbound";
    /// One that was handed over by a request; answers to texts that came in are called otherwise.
    const OUTBOUND: &str = "outbound-api";

    #[derive(Debug, thiserror::Error)]
    #[error("its list does not end")]
    struct TooMany;

    #[derive(Debug, thiserror::Error)]
    #[error("its list goes on elsewhere")]
    struct Elsewhere;

    fn unreadable(error: impl Into<BoxError>) -> ProviderError {
        ProviderError::new(NAME, ProviderErrorKind::Unintelligible).because(error)
    }

    #[async_trait]
    impl SmsLog for Twilio {
        async fn sent_to(&self, to: &Phone, since: DateTime<Utc>) -> Result<Vec<ListedSms>, ProviderError> {
            let listed = self.list(to, OUTBOUND, since).await?.into_iter();
            let text = |(listed, at): (Listed, DateTime<Utc>)| ListedSms {
                status: listed.status.as_deref().and_then(MessageStatus::parse),
                carrier_id: listed.sid,
                text: listed.body,
                at,
            };
            Ok(listed.map(text).collect())
        }

        async fn received_by(
            &self,
            number: &Phone,
            since: DateTime<Utc>,
        ) -> Result<Vec<ReceivedSms>, ProviderError> {
            let listed = self.list(number, INBOUND, since).await?.into_iter();
            let text = |(listed, at): (Listed, DateTime<Utc>)| {
                Some(ReceivedSms { carrier_id: listed.sid, from: listed.from?, text: listed.body, at })
            };
            Ok(listed.filter_map(text).collect())
        }
    }

    #[async_trait]
    impl SmsSender for Twilio {
        async fn send(&self, sms: &OutgoingSms) -> Result<SentSms, SmsError> {
            match self.http.send(self.request(sms)).await {
                Ok(response) => Self::answer(response),
                Err(error) if error.kind.may_have_arrived() => Err(SmsError::InDoubt(error.at(NAME))),
                Err(error) => Err(SmsError::NotSent(error.at(NAME))),
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use serde_json::json;
        use turnout_core::{
            ids::MessageId,
            memory::ScriptedHttp,
            ports::http::{HttpErrorKind, StatusCode},
        };
        use uuid::Uuid;

        use super::*;

        fn twilio() -> (Twilio, ScriptedHttp) {
            let http = ScriptedHttp::new();
            let base = "https://api.example.org".parse().expect("an address");
            let (account, service) = ("AC7".to_owned(), "MG7".to_owned());
            let sender =
                Twilio::new(Arc::new(http.clone()), &base, account, Secret::new("hush".into()), service);
            (sender, http)
        }

        fn sms() -> OutgoingSms {
            OutgoingSms {
                id: MessageId(Uuid::from_u128(7)),
                from: None,
                to: Phone::from_stored("+16175557890".into()),
                text: "Vote: 1 & 2".into(),
                media: Vec::new(),
                receipt_url: Some("https://example.org/v1/x/".into()),
            }
        }

        fn answered(status: u16, body: &serde_json::Value) -> HttpResponse {
            HttpResponse::json(StatusCode::from_u16(status).expect("a status"), body)
        }

        #[tokio::test]
        async fn a_text_is_a_form_with_the_accounts_password_and_the_answer_names_it() {
            let (sender, http) = twilio();
            http.answer("api.example.org", answered(201, &json!({"sid": "SM1", "status": "accepted"})));
            let sent = sender.send(&sms()).await.expect("it was taken");
            assert_eq!(sent, SentSms { carrier_id: "SM1".into(), status: Some(MessageStatus::Accepted) });
            let [request] = http.requests().try_into().expect("one request");
            assert_eq!(request.url.path(), "/2010-04-01/Accounts/AC7/Messages.json");
            assert_eq!(
                request.body,
                "To=%2B16175557890&MessagingServiceSid=MG7&Body=Vote%3A+1+%26+2\
                 &StatusCallback=https%3A%2F%2Fexample.org%2Fv1%2Fx%2F"
            );
            assert_eq!(request.headers["authorization"], "Basic QUM3Omh1c2g=");
        }

        #[tokio::test]
        async fn a_text_from_a_number_of_ours_names_it() {
            let (sender, http) = twilio();
            let answer = answered(201, &json!({"sid": "SM1", "status": "queued"}));
            http.answer("api.example.org", answer);
            let from = Some(Phone::from_stored("+16175550100".into()));
            sender.send(&OutgoingSms { from, receipt_url: None, ..sms() }).await.expect("it was taken");
            let [request] = http.requests().try_into().expect("one request");
            assert_eq!(request.body, "To=%2B16175557890&From=%2B16175550100&Body=Vote%3A+1+%26+2");
        }

        #[tokio::test]
        async fn what_may_have_gone_out_is_told_from_what_has_not() {
            use ProviderErrorKind::{Rejected, Throttled, Unintelligible, Unreachable};
            for (answer, is_in_doubt, kind) in [
                (answered(429, &json!({"code": 20429})), false, Throttled),
                (
                    answered(400, &json!({"code": 21211, "message": "'+16175557890' is no number"})),
                    false,
                    Rejected,
                ),
                (answered(401, &json!({})), false, Rejected),
                (answered(500, &json!({})), true, Unreachable),
                (answered(503, &json!({})), true, Unreachable),
                (answered(201, &json!({"status": "queued"})), true, Unintelligible),
                (answered(200, &json!([])), true, Unintelligible),
                (answered(302, &json!({})), true, Unintelligible),
            ] {
                let (sender, http) = twilio();
                let shown = format!("{answer:?}");
                http.answer("api.example.org", answer);
                let error = sender.send(&sms()).await.expect_err("it was not taken");
                assert!(!format!("{error} {error:?}").contains("617"), "{error:?}");
                match (error, is_in_doubt) {
                    (SmsError::InDoubt(error), true) | (SmsError::NotSent(error), false) => {
                        assert_eq!(error.kind, kind, "{shown}");
                    }
                    (other, _) => panic!("{shown}: {other:?}"),
                }
            }
            for (kind, is_in_doubt) in [
                (HttpErrorKind::TimedOut, true),
                (HttpErrorKind::Broken, true),
                (HttpErrorKind::Unconnected, false),
            ] {
                let (sender, http) = twilio();
                http.fail("api.example.org", kind);
                let error = sender.send(&sms()).await.expect_err("there is no answer");
                assert_eq!(matches!(error, SmsError::InDoubt(_)), is_in_doubt, "{kind}");
            }
        }

        #[tokio::test]
        async fn who_has_opted_out_at_the_carrier_is_known_by_its_code() {
            let (sender, http) = twilio();
            http.answer("api.example.org", answered(400, &json!({"code": 21610, "status": 400})));
            assert!(matches!(sender.send(&sms()).await, Err(SmsError::Stopped)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// The example of Twilio's documentation, "Validating signatures from Twilio".
    #[test]
    fn the_example_of_the_vendor_is_signed() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let fields = fields(&[
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ]);
        let signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        assert!(is_signed("12345", url, &fields, signature));
        let reversed: Vec<_> = fields.iter().rev().cloned().collect();
        assert!(is_signed("12345", url, &reversed, signature), "sorted by name");
        assert!(is_signed("12345", "https://mycompany.com:8443/myapp.php?foo=1&bar=2", &fields, signature));
        for (token, url, signature) in [
            ("12346", url, signature),
            ("12345", "https://mycompany.com/myapp.php?foo=1&bar=3", signature),
            ("12345", "http://mycompany.com/myapp.php?foo=1&bar=2", signature),
            ("12345", url, ""),
            ("12345", url, "RSOYDt4T1cUTdK1PDd93/VVr8B8"),
        ] {
            assert!(!is_signed(token, url, &fields, signature), "{token} {url} {signature}");
        }
        assert!(!is_signed("12345", url, &fields[1..], signature));
    }

    #[test]
    fn an_address_is_spelled_with_and_without_its_port() {
        assert_eq!(spellings("https://a.org/x?y"), ["https://a.org/x?y", "https://a.org:443/x?y"]);
        assert_eq!(spellings("http://a.org:8000/"), ["http://a.org:8000/", "http://a.org/"]);
        assert_eq!(spellings("http://[::1]:80/"), ["http://[::1]:80/", "http://[::1]/"]);
        assert_eq!(spellings("nothing"), ["nothing"]);
    }
}
