//! Compiled packets, kept within a bound: what was asked for longest ago goes first.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use turnout_core::ports::forms::PacketName;

use crate::{Error, Packet};

/// Packets by name.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The most bytes that are kept. The packet asked for last stays, however large.
    limit: usize,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    all: Vec<Entry>,
    /// Counts what was asked for.
    now: u64,
}

#[derive(Debug)]
struct Entry {
    name: PacketName,
    /// Locked while it is compiled, so that whoever comes then waits for it.
    packet: Arc<Mutex<Option<Arc<Packet>>>>,
    size: usize,
    used: u64,
}

impl Kept {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, entries: Mutex::default() }
    }

    /// The packet of a name, compiled now if it is not kept. A failure is not kept.
    pub(crate) fn get(
        &self,
        name: PacketName,
        compile: impl FnOnce() -> Result<Packet, Error>,
    ) -> Result<Arc<Packet>, Error> {
        let place = self.place(name);
        let mut packet = locked(&place);
        if let Some(packet) = &*packet {
            return Ok(Arc::clone(packet));
        }
        let made = Arc::new(compile()?);
        *packet = Some(Arc::clone(&made));
        drop(packet);
        self.settle(name, made.size());
        Ok(made)
    }

    /// The place of a packet, used just now.
    fn place(&self, name: PacketName) -> Arc<Mutex<Option<Arc<Packet>>>> {
        let mut entries = locked(&self.entries);
        entries.now += 1;
        let now = entries.now;
        if let Some(entry) = entries.all.iter_mut().find(|entry| entry.name == name) {
            entry.used = now;
            return Arc::clone(&entry.packet);
        }
        let packet = Arc::default();
        entries.all.push(Entry { name, packet: Arc::clone(&packet), size: 0, used: now });
        packet
    }

    /// Notes how large a packet is, and lets go of others until all are within the bound.
    fn settle(&self, name: PacketName, size: usize) {
        let mut entries = locked(&self.entries);
        if let Some(entry) = entries.all.iter_mut().find(|entry| entry.name == name) {
            entry.size = size;
        }
        while entries.all.iter().map(|entry| entry.size).sum::<usize>() > self.limit {
            let others = entries.all.iter().enumerate().filter(|(_, it)| it.name != name && it.size > 0);
            let Some((oldest, _)) = others.min_by_key(|(_, entry)| entry.used) else { break };
            entries.all.swap_remove(oldest);
        }
    }

    /// How many packets are kept, and their bytes.
    #[cfg(test)]
    fn weight(&self) -> (usize, usize) {
        let entries = locked(&self.entries);
        (entries.all.len(), entries.all.iter().map(|entry| entry.size).sum())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use turnout_core::address::State;

    use super::*;
    use crate::{About, Mode, Section, compile, document};

    fn packet() -> Result<Packet, Error> {
        let pdf = document::envelope(document::Kind::Sheet).pdf;
        let section = Section { document: "envelope", pdf: &pdf, mode: Mode::Flatten };
        compile(&[section], &About { title: "T", language: "en-US" })
    }

    #[test]
    fn what_was_asked_for_longest_ago_goes_first() {
        let size = packet().unwrap().size();
        let kept = Kept::new(size * 2);
        let mut compiled = 0;
        let mut ask = |state| {
            kept.get(PacketName::RegistrationMail(state), || {
                compiled += 1;
                packet()
            })
            .unwrap();
            compiled
        };
        for (state, expected) in [
            (State::Al, 1),
            (State::Ak, 2),
            (State::Al, 2),
            (State::Az, 3), // Alaska goes
            (State::Al, 3),
            (State::Ak, 4),
        ] {
            assert_eq!(ask(state), expected, "{state}");
        }
        assert_eq!(kept.weight(), (2, size * 2));
    }

    #[test]
    fn a_packet_above_the_bound_is_kept_until_the_next_and_a_failure_is_not() {
        let kept = Kept::new(1);
        for state in [State::Al, State::Ak] {
            kept.get(PacketName::RegistrationMail(state), packet).unwrap();
            assert_eq!(kept.weight().0, 1);
        }
        let failed = kept.get(PacketName::Registration, || Err(Error::NoPacket));
        assert!(failed.is_err());
        assert!(kept.get(PacketName::Registration, packet).is_ok(), "the failure was kept");
    }

    #[test]
    fn two_who_ask_at_once_have_it_compiled_once() {
        let (kept, compiled) = (Kept::new(usize::MAX), Mutex::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    kept.get(PacketName::Registration, || {
                        *locked(&compiled) += 1;
                        std::thread::sleep(std::time::Duration::from_millis(20));
                        packet()
                    })
                });
            }
        });
        assert_eq!(*locked(&compiled), 1);
    }
}
