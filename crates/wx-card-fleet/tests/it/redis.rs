//! A connection to Redis for the few commands of a test.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use wx_redis_fixture::Redis;

pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) async fn open(redis: &Redis) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", redis.port())).await.unwrap();
        Self(BufReader::new(stream))
    }

    /// The answer to a command: a text or a number as text, nothing for nil.
    pub(crate) async fn ask(&mut self, words: &[&str]) -> Option<String> {
        let mut command = format!("*{}\r\n", words.len());
        for word in words {
            command.push_str(&format!("${}\r\n{word}\r\n", word.len()));
        }
        self.0.write_all(command.as_bytes()).await.unwrap();
        let mut line = String::new();
        assert_ne!(self.0.read_line(&mut line).await.unwrap(), 0, "Redis has gone");
        let (kind, rest) = line.trim_end().split_at(1);
        match kind {
            "+" | ":" => Some(rest.to_owned()),
            "$" if rest == "-1" => None,
            "$" => {
                let mut text = vec![0; rest.parse::<usize>().unwrap() + 2];
                self.0.read_exact(&mut text).await.unwrap();
                text.truncate(text.len() - 2);
                Some(String::from_utf8(text).unwrap())
            }
            _ => panic!("{words:?}: {line}"),
        }
    }
}
