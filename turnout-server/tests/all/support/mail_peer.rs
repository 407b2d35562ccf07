//! A mail server that takes every mail and keeps it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::sleep,
};

/// Runs until it is dropped.
pub(crate) struct MailPeer {
    /// Its address, as `SMTP_URL` takes it.
    pub(crate) url: String,
    mails: Arc<Mutex<Vec<String>>>,
    takes: JoinHandle<()>,
}

impl MailPeer {
    #[expect(clippy::disallowed_methods, reason = "the peer of a test, which ends it")]
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let mails = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&mails);
        let takes = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(take(stream, Arc::clone(&kept)));
            }
        });
        Self { url, mails, takes }
    }

    /// So many mails and no more, as soon as they are there; their lines are whole again.
    pub(crate) async fn mails(&self, expected: usize) -> Vec<String> {
        for _ in 0..500 {
            let mails = self.mails.lock().unwrap().clone();
            assert!(mails.len() <= expected, "{} mails instead of {expected}", mails.len());
            if mails.len() == expected {
                return mails;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("no {expected} mails within 10 s");
    }
}

impl Drop for MailPeer {
    fn drop(&mut self) {
        self.takes.abort();
    }
}

async fn take(stream: TcpStream, kept: Arc<Mutex<Vec<String>>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 peer\r\n").await.unwrap();
    let mut mail: Option<String> = None;
    while let Ok(Some(line)) = lines.next_line().await {
        let reply = match (&mut mail, line.as_str()) {
            (Some(text), ".") => {
                kept.lock().unwrap().push(text.replace("=\n", "").replace("=3D", "="));
                mail = None;
                "250 taken"
            }
            (Some(text), line) => {
                text.push_str(line);
                text.push('\n');
                continue;
            }
            (None, "DATA") => {
                mail = Some(String::new());
                "354 go on"
            }
            (None, "QUIT") => "221 bye",
            (None, _) => "250 peer",
        };
        if write.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
            break;
        }
    }
}
