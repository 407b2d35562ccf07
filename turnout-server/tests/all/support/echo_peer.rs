//! A vendor on a socket that answers by a function.

use std::sync::{Arc, Mutex, MutexGuard};

use turnout_core::{
    conformance::http::Heard,
    ports::http::{HttpResponse, StatusCode},
};
use url::Url;

use super::http_peer::{Vendor, VendorPeer};

/// What is answered.
pub(crate) struct Echo {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// What it answers to its nth question; nothing where it hangs up.
pub(crate) type Answers = Box<dyn FnMut(u64, &str) -> Option<Echo> + Send>;

/// Runs until it is dropped.
pub(crate) struct EchoPeer {
    peer: VendorPeer<Inside>,
    pub(crate) answer: Arc<Mutex<Option<Answers>>>,
    pub(crate) heard: Arc<Mutex<Vec<(String, String)>>>,
}

#[derive(Default)]
struct Inside {
    number: u64,
    answer: Arc<Mutex<Option<Answers>>>,
    heard: Arc<Mutex<Vec<(String, String)>>>,
}

impl Vendor for Inside {
    fn respond(&mut self, heard: &Heard) -> Option<HttpResponse> {
        self.number += 1;
        let body = String::from_utf8_lossy(&heard.body).into_owned();
        let said = format!("{} {} {body}", heard.method, heard.path);
        self.heard.lock().unwrap().push((heard.path.clone(), body));
        let mut answer = self.answer.lock().unwrap();
        let Some(answer) = answer.as_mut() else { return Some(HttpResponse::new(StatusCode::OK)) };
        let Echo { status, body } = answer(self.number, &said)?;
        Some(HttpResponse::new(StatusCode::from_u16(status).unwrap()).with_body(body))
    }
}

impl EchoPeer {
    /// One that answers 200 until it is told otherwise.
    pub(crate) async fn start() -> Self {
        let peer = VendorPeer::<Inside>::start().await;
        let (answer, heard) = {
            let inside: MutexGuard<'_, Inside> = peer.inside();
            (Arc::clone(&inside.answer), Arc::clone(&inside.heard))
        };
        Self { peer, answer, heard }
    }

    /// Where it is.
    pub(crate) fn origin(&self) -> Url {
        self.peer.origin.clone()
    }
}
