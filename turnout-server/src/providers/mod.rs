//! Vendors out: each implements one port of core and knows nothing of our URLs or pages.
//!
//! | vendor | port | feature |
//! |---|---|---|
//! | `smtp` (any mail server, SendGrid's too) | `EmailSender` | `smtp` |
//! | [`sendgrid`] (what its mails carry, and the signature of its calls) | – | – |
//! | [`outbox`] (a folder instead of vendors) | `EmailSender`, `SmsSender` | – |
//! | `targetsmart` (its roll of voters; its geocoder is in `turnout-geo`) | `VoterRoll` | `http-client` |
//! | `optimizely` (its data file) | `Rollouts` | `http-client` |
//! | `florida_list` (fl.dems.vote: where Florida's voters ask for a ballot) | `BallotLinksSource` | `http-client` |
//! | [`twilio`] (texts, its list of them, and the signature of its calls) | `SmsSender`, `SmsLog` | `http-client` |
//! | `sqs` (a queue of Amazon's SQS, from which a fax gateway takes faxes) | `FaxSender` | `sqs` |
//! | [`fax_outbox`] (a folder instead of a fax gateway) | `FaxSender` | – |
//! | `polling_places` (our own locator, Google's Civic Information API) | `PollingPlaceLocator` | `http-client` |
//! | `mapbox` (Mapbox) | `StaticMap` | `http-client` |
//! | `i90` (i90) | `LinkShortener` | `http-client` |
//! | `cloudflare` (Cloudflare) | `CachePurger` | `http-client` |
//! | `uptime` (VoteAmerica's monitor of pages) | `PageMonitor` | `http-client` |
//! | `netlify` (Netlify, and whoever else builds sites by a hook) | `SiteBuilds` | `http-client` |
//! | `state_info` (another server with our API: facts about states) | – | `http-client` |
//! | `slack` (Slack) | `TeamChat` | `http-client` |
//! | `pennsylvania` (Pennsylvania's online registration) | `StateRegistrar` | `pennsylvania` |
//! | `us_vote_foundation` (US Vote Foundation: the list of election offices) | `OfficialsSource` | `us-vote-foundation` |
//! | `action_network` (Action Network) | `CrmSync` | `action-network` |
//! | `movers` (a source of leads about people who moved) | `MoverSource` | `movers` |
//! | `lob` (Lob) | `AddressVerifier`, `LetterSender` | `lob` |
//! | [`letter_outbox`] (a folder instead of a mail house) | `LetterSender` | – |
//! | [`simulated`] (a mail carrier that is asked nothing) | `AddressVerifier` | – |
//! | `http_client` (what the requests of vendors travel by) | `HttpClient` | `http-client` |

#[cfg(feature = "action-network")]
pub mod action_network;
#[cfg(feature = "http-client")]
pub mod cloudflare;
pub mod fax_outbox;
#[cfg(feature = "http-client")]
pub mod florida_list;
#[cfg(feature = "http-client")]
pub mod http_client;
#[cfg(feature = "http-client")]
pub mod i90;
pub mod letter_outbox;
#[cfg(feature = "lob")]
pub mod lob;
#[cfg(feature = "http-client")]
pub mod mapbox;
#[cfg(feature = "movers")]
pub mod movers;
#[cfg(feature = "http-client")]
pub mod netlify;
#[cfg(feature = "http-client")]
pub mod optimizely;
pub mod outbox;
#[cfg(feature = "pennsylvania")]
pub mod pennsylvania;
#[cfg(feature = "http-client")]
pub mod polling_places;
#[cfg(feature = "http-client")]
mod public_hosts;
pub mod sendgrid;
pub mod simulated;
#[cfg(feature = "http-client")]
pub mod slack;
#[cfg(feature = "smtp")]
pub mod smtp;
#[cfg(feature = "sqs")]
pub mod sqs;
#[cfg(feature = "http-client")]
pub mod state_info;
#[cfg(feature = "http-client")]
pub mod targetsmart;
pub mod twilio;
#[cfg(feature = "http-client")]
pub mod uptime;
#[cfg(feature = "us-vote-foundation")]
pub mod us_vote_foundation;
