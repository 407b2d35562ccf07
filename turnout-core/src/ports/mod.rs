//! The complete list of what Turnout asks of the world. If somebody outside this crate implements it, it is here.
//!
//! | port | role |
//! |---|---|
//! | [`Clock`](clock::Clock) | what time it is |
//! | [`IdSource`](ids::IdSource) | fresh ids and random numbers |
//! | [`Timer`](timer::Timer) | waiting |
//! | [`HttpClient`](http::HttpClient) | requests to the services of others |
//! | [`Store`](store::Store) | rows, in views and units of work |
//! | [`FileStore`](files::FileStore) | bytes of files, and links to them |
//! | [`PublicFiles`](public_files::PublicFiles) | files for everybody, under addresses that stay |
//! | [`FileTokens`](file_tokens::FileTokens) | the tokens that open files |
//! | [`Forms`](forms::Forms) | filled PDF forms |
//! | [`Wording`](wording::Wording) | what we say to people |
//! | [`EmailSender`](email::EmailSender) | e-mail |
//! | [`FaxSender`](fax::FaxSender) | faxes |
//! | [`SmsSender`](sms::SmsSender) | text messages |
//! | [`SmsLog`](sms::SmsLog) | the list that the carrier has of them |
//! | [`TeamChat`](chat::TeamChat) | where the team talks |
//! | [`LetterSender`](letters::LetterSender) | letters |
//! | [`PollingPlaceLocator`](maps::PollingPlaceLocator) | where a voter votes |
//! | [`StaticMap`](maps::StaticMap) | maps as pictures |
//! | [`LinkShortener`](links::LinkShortener) | short links |
//! | [`CachePurger`](cdn::CachePurger) | what a CDN keeps, forgotten |
//! | [`PageMonitor`](monitor::PageMonitor) | whether pages of others are there |
//! | [`SiteBuilds`](builds::SiteBuilds) | web sites, built anew |
//! | [`CrmSync`](crm::CrmSync) | contact lists |
//! | [`Geocoder`](geocoder::Geocoder) | from an address to where it is |
//! | [`RegionMatcher`](regions::RegionMatcher) | from an address to its election office |
//! | [`BallotLinksSource`](ballot_links::BallotLinksSource) | where the voters of counties ask for a ballot online |
//! | [`MoverSource`](movers::MoverSource) | who knows of people that moved |
//! | [`OfficialsSource`](officials::OfficialsSource) | the supplier of regions and offices |
//! | [`Origin`](origin::Origin) | the database of the service that came before |
//! | [`AddressVerifier`](addresses::AddressVerifier) | whether mail arrives at an address |
//! | [`TimeZones`](time_zones::TimeZones) | the time zones of places |
//! | [`VoterRoll`](voter_roll::VoterRoll) | who is registered |
//! | [`StateRegistrar`](state_registrar::StateRegistrar) | online registration in one state |
//! | [`Cache`](cache::Cache) | bytes that may be forgotten |
//! | [`Throttle`](throttle::Throttle) | how often something may happen |
//! | [`PasswordHasher`](passwords::PasswordHasher) | hashes of passwords |
//! | [`Rollouts`](rollouts::Rollouts) | which features are on |
//! | [`Measures`](measures::Measures) | what is counted of messages |
//! | [`Wake`](wake::Wake) | tells workers that there is something to do |
//!
//! A port that is not set is [`Disabled`]: it refuses and says which port is missing (decision 25).

pub mod addresses;
pub mod ballot_links;
pub mod builds;
pub mod cache;
pub mod cdn;
pub mod chat;
pub mod clock;
pub mod crm;
pub mod email;
pub mod fax;
pub mod file_tokens;
pub mod files;
pub mod forms;
pub mod geocoder;
pub mod http;
pub mod ids;
pub mod letters;
pub mod links;
pub mod maps;
pub mod measures;
pub mod monitor;
pub mod movers;
pub mod officials;
pub mod origin;
pub mod passwords;
pub mod public_files;
pub mod regions;
pub mod rollouts;
pub mod sms;
pub mod state_registrar;
pub mod store;
pub mod throttle;
pub mod time_zones;
pub mod timer;
pub mod voter_roll;
pub mod wake;
pub mod wording;

/// Stands for every port that nobody set.
#[derive(Debug, Clone, Copy)]
pub struct Disabled;
