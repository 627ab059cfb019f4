//! What a server is told at its start.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::{Redis, tls};

/// The socket in the server's folder.
pub(crate) const SOCKET: &str = "redis.sock";

/// The settings of a server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) tls: bool,
    keeps_data: bool,
}

/// The settings of a server that is about to start.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct RedisBuilder(Settings);

impl RedisBuilder {
    /// Asks everybody for this password, of no user in particular.
    pub fn password(mut self, password: &str) -> Self {
        self.0.password = Some(password.to_owned());
        self
    }

    /// Lets in nobody but this user, who may do everything.
    pub fn user(mut self, name: &str, password: &str) -> Self {
        self.0.user = Some(name.to_owned());
        self.password(password)
    }

    /// Speaks TLS and nothing else, with a certificate for `localhost` by an authority made for this server alone.
    pub fn tls(mut self) -> Self {
        self.0.tls = true;
        self
    }

    /// Writes each change down before it answers, so that nothing is lost when it is killed and restarted.
    pub fn keeps_data(mut self) -> Self {
        self.0.keeps_data = true;
        self
    }

    /// Starts it, and returns when it takes connections.
    ///
    /// # Errors
    ///
    /// There is no `redis-server`, or it does not start.
    pub fn start(self) -> io::Result<Redis> {
        Redis::launch(self.0)
    }
}

impl Settings {
    /// Writes them as a file in `folder`.
    pub(crate) fn write(&self, folder: &Path, port: u16) -> io::Result<PathBuf> {
        let path = folder.join("redis.conf");
        fs::write(&path, self.text(folder, port))?;
        Ok(path)
    }

    fn text(&self, folder: &Path, port: u16) -> String {
        let folder = folder.display();
        let mut lines = vec![
            "bind 127.0.0.1".to_owned(),
            format!("dir \"{folder}\""),
            "daemonize no".to_owned(),
            "save \"\"".to_owned(),
        ];
        let socket = format!("{folder}/{SOCKET}");
        // The system does not take longer ones, and the server would not start.
        if socket.len() < 100 {
            lines.push(format!("unixsocket \"{socket}\""));
        }
        if self.tls {
            lines.push(format!("port 0\ntls-port {port}\ntls-auth-clients no"));
            lines.push(format!("tls-cert-file \"{folder}/{}\"", tls::CERTIFICATE));
            lines.push(format!("tls-key-file \"{folder}/{}\"", tls::KEY));
            lines.push(format!("tls-ca-cert-file \"{folder}/{}\"", tls::ROOT));
        } else {
            lines.push(format!("port {port}"));
        }
        if self.keeps_data {
            lines.push("appendonly yes\nappendfsync always".to_owned());
        }
        match (&self.user, &self.password) {
            (Some(user), Some(password)) => {
                lines.push("user default off".to_owned());
                lines.push(format!("user {user} on >{password} ~* &* +@all"));
            }
            (None, Some(password)) => lines.push(format!("requirepass {password}")),
            (_, None) => {}
        }
        lines.push(String::new());
        lines.join("\n")
    }
}
