//! A server that answers what no card service answers.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

use crate::run::{Run, command, finish};

/// The token that it grants, which no output may contain.
const TOKEN: &str = r#"{"access_token":"canary-access-token","expires_in":7200}"#;

/// What it answers to everything but the token call.
#[derive(Clone)]
pub(crate) enum Answer {
    /// This text, with this status line and media type.
    Text(&'static str, &'static str, &'static str),
    /// The head of an answer that is longer than any, and its body as long as somebody reads it.
    Flood,
    /// The end of the connection.
    HangUp,
    /// Nothing, while the connection stays open.
    Silence,
}

impl Answer {
    pub(crate) fn json(body: &'static str) -> Self {
        Self::Text("200 OK", "application/json", body)
    }
}

/// The server.
pub(crate) struct Hostile {
    base_url: String,
    told: Arc<Mutex<Told>>,
    _runtime: Runtime,
}

/// What it has seen.
#[derive(Default)]
struct Told {
    paths: Vec<String>,
    written: usize,
}

impl Hostile {
    /// Grants a token and answers `answers` to what follows, the last of them again and again.
    pub(crate) fn after_token(answers: &[Answer]) -> Self {
        Self::start(true, answers)
    }

    /// Answers `answer` to everything, the token call too.
    pub(crate) fn always(answer: Answer) -> Self {
        Self::start(false, &[answer])
    }

    fn start(grants: bool, answers: &[Answer]) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Told::default()));
        let (answers, seen) = (answers.to_vec(), Arc::clone(&told));
        runtime.spawn(async move {
            let mut answers = answers.into_iter().peekable();
            while let Ok((mut stream, _)) = listener.accept().await {
                let path = request(&mut stream).await;
                let is_token = path.starts_with("/cgi-bin/") && !path.starts_with("/cgi-bin/media/");
                seen.lock().unwrap().paths.push(path);
                let answer = if is_token && grants {
                    Answer::json(TOKEN)
                } else {
                    let answer = answers.peek().unwrap().clone();
                    if answers.len() > 1 {
                        answers.next();
                    }
                    answer
                };
                give(&mut stream, &answer, &seen).await;
            }
        });
        Self {
            base_url,
            told,
            _runtime: runtime,
        }
    }

    /// Runs the command against it, for programs.
    pub(crate) fn json(&self, args: &[&str]) -> Run {
        self.run(&[args, &["--output", "json"]].concat())
    }

    /// Runs the command against it, for people.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        finish(command(&[&["--base-url", self.base_url.as_str()], args].concat()))
    }

    /// The paths of the requests that came.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.told.lock().unwrap().paths.clone()
    }

    /// How much of a flood could be written.
    pub(crate) fn written(&self) -> usize {
        self.told.lock().unwrap().written
    }
}

/// Reads one request; its path without the query.
async fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return String::new();
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |value| value.trim().parse().unwrap());
    while bytes.len() < head + length {
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            break;
        }
    }
    let target = text.split(' ').nth(1).unwrap_or_default();
    target.split('?').next().unwrap_or_default().to_owned()
}

async fn give(stream: &mut TcpStream, answer: &Answer, told: &Mutex<Told>) {
    let (status, media_type, body) = match answer {
        Answer::Text(status, media_type, body) => (*status, *media_type, *body),
        Answer::Flood => return flood(stream, told).await,
        Answer::HangUp => return,
        // Until whoever asked gives up and closes.
        Answer::Silence => return drop(stream.read_u8().await),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len(),
    );
    drop(stream.write_all((head + body).as_bytes()).await);
}

/// A hundred megabytes, of which nobody said how many they would be.
async fn flood(stream: &mut TcpStream, told: &Mutex<Told>) {
    const PIECE: usize = 64 * 1024;
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
    drop(stream.write_all(head.as_bytes()).await);
    let piece = vec![b' '; PIECE];
    for _ in 0..100 * 1024 * 1024 / PIECE {
        if stream.write_all(&piece).await.is_err() {
            return;
        }
        told.lock().unwrap().written += PIECE;
    }
}
