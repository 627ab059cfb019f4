//! The fixture against plain sockets.

#![expect(
    clippy::unwrap_used,
    reason = "only a test function counts as a test, its helpers do not"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use wx_redis_fixture::Redis;

/// The first line of the answer to `command`.
fn ask(stream: &TcpStream, command: &str) -> std::io::Result<String> {
    (&mut &*stream).write_all(format!("{command}\r\n").as_bytes())?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

fn connect(redis: &Redis) -> TcpStream {
    TcpStream::connect(("127.0.0.1", redis.port())).unwrap()
}

#[test]
fn a_server_answers_as_soon_as_it_is_started() {
    let redis = Redis::start().unwrap();
    assert_eq!(redis.url(), format!("redis://127.0.0.1:{}", redis.port()));
    assert_eq!(ask(&connect(&redis), "PING").unwrap(), "+PONG");
}

#[test]
fn a_server_has_a_socket_too() {
    let redis = Redis::start().unwrap();
    let mut stream = UnixStream::connect(redis.socket()).unwrap();
    stream.write_all(b"PING\r\n").unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    assert_eq!(line, "+PONG\r\n");
}

#[test]
fn two_servers_do_not_meet() {
    let (one, other) = (Redis::start().unwrap(), Redis::start().unwrap());
    assert_eq!(ask(&connect(&one), "SET a 1").unwrap(), "+OK");
    assert_eq!(ask(&connect(&other), "EXISTS a").unwrap(), ":0");
}

#[test]
fn a_restarted_server_is_empty_and_has_its_port() {
    let mut redis = Redis::start().unwrap();
    let port = redis.port();
    assert_eq!(ask(&connect(&redis), "SET a 1").unwrap(), "+OK");
    redis.kill();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    redis.restart().unwrap();
    assert_eq!(redis.port(), port);
    assert_eq!(ask(&connect(&redis), "EXISTS a").unwrap(), ":0");
}

#[test]
fn a_server_that_keeps_its_data_has_them_after_it_was_killed() {
    let mut redis = Redis::builder().keeps_data().start().unwrap();
    assert_eq!(ask(&connect(&redis), "SET a 1").unwrap(), "+OK");
    redis.restart().unwrap();
    assert_eq!(ask(&connect(&redis), "EXISTS a").unwrap(), ":1");
}

#[test]
fn a_paused_server_takes_connections_and_says_nothing() {
    let redis = Redis::start().unwrap();
    redis.pause().unwrap();
    let stream = connect(&redis);
    stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    assert!(ask(&stream, "PING").is_err());
    redis.resume().unwrap();
    stream.set_read_timeout(None).unwrap();
    assert_eq!(ask(&stream, "").unwrap(), "+PONG");
}

#[test]
fn a_user_is_let_in_and_nobody_else() {
    let redis = Redis::builder().user("app", "word").start().unwrap();
    assert_eq!(redis.url(), format!("redis://app:word@127.0.0.1:{}", redis.port()));
    let stream = connect(&redis);
    assert!(ask(&stream, "PING").unwrap().starts_with("-NOAUTH"));
    assert_eq!(ask(&stream, "AUTH app word").unwrap(), "+OK");
    let redis = Redis::builder().password("word").start().unwrap();
    let stream = connect(&redis);
    assert_eq!(ask(&stream, "AUTH word").unwrap(), "+OK");
}

#[test]
fn a_server_with_tls_names_its_authority() {
    let redis = Redis::builder().tls().start().unwrap();
    assert_eq!(redis.url(), format!("rediss://localhost:{}", redis.port()));
    assert!(redis.root_pem().unwrap().contains("BEGIN CERTIFICATE"));
    assert_eq!(Redis::start().unwrap().root_pem(), None);
}

#[test]
fn a_dropped_server_is_gone() {
    let redis = Redis::start().unwrap();
    let port = redis.port();
    drop(redis);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}
