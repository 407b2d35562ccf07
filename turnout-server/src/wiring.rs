//! From settings to ports. The only place that names a concrete vendor.

use std::sync::Arc;

use anyhow::Context as _;
use async_trait::async_trait;
use turnout_core::{
    App,
    app::AppBuilder,
    error::ProviderError,
    file::DerivedTokens,
    ports::{
        Disabled,
        email::{Email, EmailSender},
        store::Store,
    },
};

#[cfg(feature = "serve")]
use crate::http::{HttpSettings, TagSettings};
use crate::{
    config::{Config, Mail, MailServer},
    providers::outbox::Outbox,
    system::{RandomIds, SystemClock},
};

/// The ports that do not depend on where rows and files are kept: clock, ids, keys, tokens, mail and settings.
///
/// Makes and keeps a key when the settings have none, so it reads and writes a file.
///
/// # Errors
/// When the key cannot be kept or the mail server's address cannot be used; says what to do next.
pub fn begin(config: &Config, store: impl Store) -> anyhow::Result<AppBuilder> {
    let key = config.key.obtain(rand::random()).with_context(|| {
        format!("the key cannot be kept in {}: set SECRET_KEY, or let us write there", config.data.display())
    })?;
    let key = key.reveal().as_bytes();
    let mut tokens = DerivedTokens::new(key, config.files.token_lifetime);
    let mut builder = App::builder(store, SystemClock, RandomIds, key)
        .with_settings(config.settings.clone())
        .with_email(Sender(sender(&config.mail)?));
    if let Some(previous) = &config.previous_key {
        let previous = previous.reveal().as_bytes();
        tokens = tokens.with_previous(previous);
        builder = builder.with_previous_secret(previous);
    }
    Ok(builder.with_file_tokens(tokens))
}

/// Whoever sends mail; a builder takes one type only.
struct Sender(Arc<dyn EmailSender>);

#[async_trait]
impl EmailSender for Sender {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        self.0.send(email).await
    }
}

fn sender(mail: &Mail) -> anyhow::Result<Arc<dyn EmailSender>> {
    Ok(match mail {
        Mail::Outbox(folder) => Arc::new(Outbox::new(folder)),
        Mail::Server(server) => smtp(server)?,
        Mail::Off => Arc::new(Disabled),
    })
}

/// Chooses the crypto provider of TLS as well, as the one who opens connections (decision 9).
#[cfg(feature = "smtp")]
fn smtp(server: &MailServer) -> anyhow::Result<Arc<dyn EmailSender>> {
    // an error says that somebody chose one before, which is as good
    let _ = rustls::crypto::ring::default_provider().install_default();
    let smtp = crate::providers::smtp::Smtp::new(server.name, server.url.reveal(), server.timeout);
    Ok(Arc::new(smtp.context("mend SMTP_URL: smtps://user:password@host:465")?))
}

#[cfg(not(feature = "smtp"))]
fn smtp(_: &MailServer) -> anyhow::Result<Arc<dyn EmailSender>> {
    anyhow::bail!(
        "this build cannot send mail: build it with the feature smtp, or unset SMTP_URL and SENDGRID_API_KEY"
    )
}

/// How HTTP is answered under these settings.
#[cfg(feature = "serve")]
#[must_use]
pub fn http_settings(config: &Config) -> HttpSettings {
    let deployment = &config.deployment;
    HttpSettings {
        allowed_hosts: config.http.allowed_hosts.clone(),
        trusted_proxies: config.http.trusted_proxies.clone(),
        trusted_client_header: config.http.client_header.clone(),
        tags: TagSettings {
            env: deployment.environment.clone(),
            tag: deployment.tag.clone(),
            build: deployment.build.clone(),
            cloud_detail: deployment.detail.clone(),
        },
        ..HttpSettings::default()
    }
}
