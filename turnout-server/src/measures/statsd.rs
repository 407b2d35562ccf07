//! The same counts and times by statsd, for an agent that listens for UDP (`flows.md` 26).
//!
//! What is counted is gathered in the process and sent every few seconds, so that a request costs no packet. A name that
//! begins with `turnout_` begins with `turnout.` there; times are in milliseconds. Nobody says whether packets arrive.

use std::{
    collections::HashMap,
    net::{SocketAddr, ToSocketAddrs as _, UdpSocket},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use metrics::{Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// How often what was gathered is sent.
const EVERY: Duration = Duration::from_secs(10);
/// The most bytes of a packet: what fits into one frame of Ethernet.
const PACKET: usize = 1432;
/// The most times of one name that are kept until they are sent; beyond them each stands for several.
const TIMES: usize = 500;

/// Gathers counts and times.
#[derive(Clone, Default)]
pub struct Statsd(Arc<Mutex<Gathered>>);

#[derive(Default)]
struct Gathered {
    counters: HashMap<Key, Arc<AtomicU64>>,
    gauges: HashMap<Key, Arc<AtomicU64>>,
    times: HashMap<Key, Arc<Times>>,
}

/// Times of one name, in seconds: how many there were, and the first of them.
#[derive(Default)]
struct Times(Mutex<(usize, Vec<f64>)>);

impl HistogramFn for Times {
    fn record(&self, seconds: f64) {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        times.0 += 1;
        if times.1.len() < TIMES {
            times.1.push(seconds);
        }
    }
}

impl Statsd {
    fn gathered<T>(&self, what: impl FnOnce(&mut Gathered) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was gathered since the last time, as lines of statsd with these tags; counts begin again.
    fn take(&self, tags: &[(&'static str, String)]) -> Vec<String> {
        self.gathered(|all| {
            let mut lines = Vec::new();
            for (key, counter) in &all.counters {
                let count = counter.swap(0, Ordering::Relaxed);
                if count > 0 {
                    lines.push(line(key, &count.to_string(), "c", tags));
                }
            }
            for (key, gauge) in &all.gauges {
                let value = f64::from_bits(gauge.load(Ordering::Relaxed));
                lines.push(line(key, &value.to_string(), "g", tags));
            }
            for (key, times) in &all.times {
                let (count, kept) =
                    std::mem::take(&mut *times.0.lock().unwrap_or_else(PoisonError::into_inner));
                let share = kept.len() as f64 / count.max(1) as f64;
                let kind = if kept.len() < count { format!("ms|@{share:.4}") } else { "ms".to_owned() };
                lines.extend(kept.iter().map(|seconds| {
                    let milliseconds = (seconds * 1_000_000.0).round() / 1000.0;
                    line(key, &milliseconds.to_string(), &kind, tags)
                }));
            }
            lines
        })
    }

    /// Sends what is gathered to the agent, until `stop` and then once more. An agent that is not found is looked for again.
    /// Needs a tokio runtime.
    pub async fn run(&self, agent: &(String, u16), tags: &[(&'static str, String)], stop: CancellationToken) {
        let mut found = None;
        let mut is_missing = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => {}
                () = sleep(EVERY) => {}
            }
            super::process::look();
            if found.is_none() {
                found = find(agent).await;
                if found.is_none() && !is_missing {
                    tracing::warn!("the agent of DD_AGENT_HOST is not found; it is looked for again");
                }
                is_missing = found.is_none();
            }
            if let Some((socket, address)) = &found {
                // a packet that cannot be sent is lost, as all of them may be
                let sent =
                    packets(&self.take(tags)).iter().try_for_each(|it| socket.send_to(it, address).map(drop));
                if sent.is_err() {
                    found = None;
                }
            }
            if stop.is_cancelled() {
                return;
            }
        }
    }
}

/// A socket of the agent's kind. A name is looked up on a thread that may wait.
async fn find(agent: &(String, u16)) -> Option<(UdpSocket, SocketAddr)> {
    let (host, port) = agent.clone();
    let found = tokio::task::spawn_blocking(move || (host.as_str(), port).to_socket_addrs().ok()?.next());
    let address = found.await.ok()??;
    let own = if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(own).ok()?;
    // a full buffer is a packet lost, not a wait
    socket.set_nonblocking(true).ok()?;
    Some((socket, address))
}

/// `name:value|kind|#tag:value,…`
fn line(key: &Key, value: &str, kind: &str, tags: &[(&'static str, String)]) -> String {
    let name = match key.name().strip_prefix("turnout_") {
        Some(rest) => format!("turnout.{rest}"),
        None => key.name().to_owned(),
    };
    let own = key.labels().map(|label| (label.key(), label.value()));
    let constant = tags.iter().map(|(name, value)| (*name, value.as_str()));
    let all: Vec<String> =
        constant.chain(own).map(|(name, value)| format!("{name}:{}", plain(value))).collect();
    let tags = if all.is_empty() { String::new() } else { format!("|#{}", all.join(",")) };
    format!("{name}:{value}|{kind}{tags}")
}

/// Without what would end a tag or a line.
fn plain(value: &str) -> String {
    value.replace([',', '|', '#', '\n', '\r'], "_")
}

/// The lines, as many of them in a packet as fit.
fn packets(lines: &[String]) -> Vec<Vec<u8>> {
    let mut packets: Vec<Vec<u8>> = Vec::new();
    for line in lines {
        match packets.last_mut() {
            Some(last) if last.len() + 1 + line.len() <= PACKET => {
                last.push(b'\n');
                last.extend_from_slice(line.as_bytes());
            }
            _ => packets.push(line.clone().into_bytes()),
        }
    }
    packets
}

impl Recorder for Statsd {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.gathered(|all| Counter::from_arc(kept(&mut all.counters, key)))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.gathered(|all| Gauge::from_arc(kept(&mut all.gauges, key)))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.gathered(|all| Histogram::from_arc(kept(&mut all.times, key)))
    }
}

fn kept<T: Default>(all: &mut HashMap<Key, Arc<T>>, key: &Key) -> Arc<T> {
    if let Some(found) = all.get(key) {
        return Arc::clone(found);
    }
    Arc::clone(all.entry(key.clone()).or_default())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn tags() -> Vec<(&'static str, String)> {
        vec![("env", "prod".to_owned()), ("image_tag", "v1,2|#".to_owned())]
    }

    #[tokio::test]
    async fn counts_and_times_arrive_at_the_agent_with_their_tags() {
        let agent = UdpSocket::bind("127.0.0.1:0").unwrap();
        agent.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let statsd = Statsd::default();
        let (stop, tags) = (CancellationToken::new(), tags());
        metrics::with_local_recorder(&statsd, || {
            metrics::counter!("turnout.multi_tenant.unknown_subscriber_request").increment(2);
            metrics::counter!("turnout_jobs_total", "kind" => "file.purge").increment(1);
            metrics::counter!("turnout_nothing_total").increment(0);
            metrics::gauge!("turnout_redis_up").set(1.0);
            metrics::histogram!("turnout_job_seconds", "kind" => "file.purge").record(0.0125);
        });
        stop.cancel();
        let address = ("127.0.0.1".to_owned(), agent.local_addr().unwrap().port());
        statsd.run(&address, &tags, stop).await;
        let mut packet = [0; 2000];
        let length = agent.recv(&mut packet).unwrap();
        let mut lines: Vec<&str> = std::str::from_utf8(&packet[..length]).unwrap().lines().collect();
        lines.sort_unstable();
        assert_eq!(
            lines,
            [
                "turnout.job_seconds:12.5|ms|#env:prod,image_tag:v1_2__,kind:file.purge",
                "turnout.jobs_total:1|c|#env:prod,image_tag:v1_2__,kind:file.purge",
                "turnout.multi_tenant.unknown_subscriber_request:2|c|#env:prod,image_tag:v1_2__",
                "turnout.redis_up:1|g|#env:prod,image_tag:v1_2__",
            ]
        );
        let again = statsd.take(&tags);
        assert_eq!(again, ["turnout.redis_up:1|g|#env:prod,image_tag:v1_2__"], "counts begin again");
    }

    #[test]
    fn packets_fit_a_frame_and_many_times_are_a_sample() {
        let statsd = Statsd::default();
        metrics::with_local_recorder(&statsd, || {
            for _ in 0..1000 {
                metrics::histogram!("turnout_http_request_seconds").record(1.0);
            }
        });
        let lines = statsd.take(&[]);
        assert_eq!((lines.len(), lines[0].as_str()), (500, "turnout.http_request_seconds:1000|ms|@0.5000"));
        let packets = packets(&lines);
        assert!(packets.len() > 1 && packets.iter().all(|packet| packet.len() <= PACKET));
        assert_eq!(packets.iter().map(|it| it.split(|byte| *byte == b'\n').count()).sum::<usize>(), 500);
    }
}
