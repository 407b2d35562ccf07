//! `health`: asks the server beside us whether it is well. An image has no other program that could.

use std::{
    io::{self, Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    process::ExitCode,
    time::Duration,
};

use anyhow::Context as _;
use clap::Args;

use super::settings;
use crate::config::Role;

/// How long the server may take for each step.
const PATIENCE: Duration = Duration::from_secs(5);
/// More of an answer is not read.
const MOST: u64 = 64 * 1024;

/// What is asked.
#[derive(Debug, Args)]
pub(super) struct Health {
    /// Asks whether it runs, and not whether it can serve.
    #[arg(long)]
    alive: bool,
    /// Asks at METRICS_PORT, where workers and schedulers answer too.
    #[arg(long)]
    metrics: bool,
}

impl Health {
    /// Code 0 when the process at `HOST` and `PORT`, or `METRICS_PORT`, answers 200.
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        // a server that runs on settings that are wrong elsewhere is asked all the same
        let (config, _) = settings(Role::Serve)?;
        let beside = || config.observing.listen.context("METRICS_PORT is not set");
        let listens = if self.metrics { beside()? } else { config.http.listen };
        let address = reachable(listens);
        let path = if self.alive { "/-/alive/" } else { "/-/health/" };
        let (is_well, said) = match ask(address, path) {
            Ok(answer) => (is_ok(&answer), body(&answer).to_owned()),
            Err(error) => (false, format!("{address} does not answer: {error}")),
        };
        println!("{}", said.trim_end());
        Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Where a server that listens everywhere is reached from its own machine.
fn reachable(listens: SocketAddr) -> SocketAddr {
    let ip = match listens.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, listens.port())
}

fn ask(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    write!(connection, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    connection.take(MOST).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn is_ok(answer: &str) -> bool {
    answer.split_whitespace().nth(1) == Some("200")
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_at_the_loopback_address() {
        for (listens, asked) in
            [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:81", "[::1]:81"), ("10.1.2.3:82", "10.1.2.3:82")]
        {
            assert_eq!(reachable(listens.parse().unwrap()), asked.parse().unwrap());
        }
    }

    #[test]
    fn only_200_is_well() {
        assert!(is_ok("HTTP/1.1 200 OK\r\n\r\nok"));
        for answer in ["HTTP/1.1 503 Service Unavailable\r\n\r\n200", "", "200"] {
            assert!(!is_ok(answer), "{answer}");
        }
        assert_eq!(body("HTTP/1.1 200 OK\r\na: b\r\n\r\nok"), "ok");
    }
}
