//! Whose request it is: the peer, or what a proxy that we trust says about it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::{HeaderMap, HeaderName};

use super::settings::HttpSettings;

/// The other end of the connection. Whoever runs the connections puts it into the request's extensions; requests
/// without it share one allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address. Headers count only when the peer is a trusted proxy: then the right-most entry of
/// `X-Forwarded-For` that is none, or the header that was agreed on.
pub(super) fn client(settings: &HttpSettings, peer: Option<Peer>, headers: &HeaderMap) -> Option<IpAddr> {
    let peer = peer?.0.ip().to_canonical();
    if !is_trusted(settings, peer) {
        return Some(peer);
    }
    if let Some(name) = &settings.trusted_client_header {
        let said = headers.get_all(name).iter().next_back().and_then(|value| value.to_str().ok());
        return Some(said.and_then(address).unwrap_or(peer));
    }
    let mut nearest = peer;
    let entries: Vec<&str> = headers
        .get_all(FORWARDED)
        .iter()
        .flat_map(|line| line.to_str().unwrap_or_default().split(','))
        .collect();
    for entry in entries.into_iter().rev() {
        // what cannot be read was not written by a proxy of ours, nor was what stands before it
        let Some(entry) = address(entry) else { break };
        nearest = entry;
        if !is_trusted(settings, entry) {
            break;
        }
    }
    Some(nearest)
}

/// Whether the peer's word about the client is taken.
pub(super) fn is_trusted(settings: &HttpSettings, address: IpAddr) -> bool {
    let address = address.to_canonical();
    settings.trusted_proxies.iter().any(|network| network.contains(&address))
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.parse().or_else(|_| text.parse().map(|with_port: SocketAddr| with_port.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

/// The key under which a client is counted. An IPv6 customer has a whole /64, so that is what counts.
pub(super) fn key(client: Option<IpAddr>) -> String {
    match client {
        None => "address:unknown".into(),
        Some(IpAddr::V4(address)) => format!("address:{address}"),
        Some(IpAddr::V6(address)) => {
            let network = Ipv6Addr::from_bits(address.to_bits() >> 64 << 64);
            format!("address:{network}/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn asked(peer: &str, lines: &[(&'static str, &'static str)], header: Option<&'static str>) -> String {
        let settings = HttpSettings {
            trusted_proxies: vec!["10.0.0.0/8".parse().expect("a network")],
            trusted_client_header: header.map(HeaderName::from_static),
            ..HttpSettings::default()
        };
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_static(value));
        }
        let peer = Peer(SocketAddr::new(peer.parse().expect(peer), 1234));
        key(client(&settings, Some(peer), &headers))
    }

    #[test]
    fn a_header_counts_only_when_a_trusted_proxy_sends_it() {
        const XFF: &str = "x-forwarded-for";
        for (peer, lines, expected) in [
            ("192.0.2.1", &[(XFF, "198.51.100.7")][..], "address:192.0.2.1"),
            ("10.0.0.1", &[(XFF, "198.51.100.7")], "address:198.51.100.7"),
            ("::ffff:10.0.0.1", &[(XFF, "198.51.100.7")], "address:198.51.100.7"),
            // the client wrote the first entry itself
            ("10.0.0.1", &[(XFF, "203.0.113.9, 198.51.100.7, 10.0.0.2")], "address:198.51.100.7"),
            ("10.0.0.1", &[(XFF, "203.0.113.9"), (XFF, "198.51.100.7")], "address:198.51.100.7"),
            ("10.0.0.1", &[(XFF, "203.0.113.9, nonsense, 10.0.0.2")], "address:10.0.0.2"),
            ("10.0.0.1", &[(XFF, "nonsense")], "address:10.0.0.1"),
            ("10.0.0.1", &[(XFF, "10.0.0.3, 10.0.0.2")], "address:10.0.0.3"),
            ("10.0.0.1", &[(XFF, "198.51.100.7:4711")], "address:198.51.100.7"),
            ("10.0.0.1", &[(XFF, "[2001:db8:1:2:3::4]:80")], "address:2001:db8:1:2::/64"),
            ("10.0.0.1", &[], "address:10.0.0.1"),
        ] {
            assert_eq!(asked(peer, lines, None), expected, "{peer} {lines:?}");
        }
    }

    #[test]
    fn an_agreed_header_is_the_only_one_that_counts() {
        let agreed = Some("cf-connecting-ip");
        let lines = [("cf-connecting-ip", "198.51.100.7"), ("x-forwarded-for", "203.0.113.9")];
        assert_eq!(asked("10.0.0.1", &lines, agreed), "address:198.51.100.7");
        assert_eq!(asked("192.0.2.1", &lines, agreed), "address:192.0.2.1");
        assert_eq!(asked("10.0.0.1", &lines[1..], agreed), "address:10.0.0.1");
    }

    #[test]
    fn ipv6_clients_of_one_network_count_together() {
        assert_eq!(asked("2001:db8::1", &[], None), asked("2001:db8::ffff:1:2:3", &[], None));
        assert_ne!(asked("2001:db8::1", &[], None), asked("2001:db8:0:1::1", &[], None));
        assert_eq!(key(None), "address:unknown");
    }
}
